// A drop-down menu.
import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { useGone } from './gone';

export const Root = Radix.Root;
export const Trigger = Radix.Trigger;

interface ContentProps extends ComponentProps<typeof Radix.Content> {
  /** It is gone; put the keyboard where it belongs. Without it that is the menu's button. */
  onClosed?(): void;
}

export function Content({ children, onClosed, ...rest }: ContentProps) {
  return (
    <Radix.Portal>
      <Radix.Content
        ref={useGone(() => onClosed?.())}
        onCloseAutoFocus={(event) => onClosed && event.preventDefault()}
        sideOffset={4}
        collisionPadding={8}
        className="z-40 min-w-56 max-w-96 rounded-medium bg-raised p-1 text-small shadow-sheet"
        {...rest}
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  );
}

export function Item(props: ComponentProps<typeof Radix.Item>) {
  return (
    <Radix.Item
      className="flex min-h-7 items-center gap-2 rounded-small px-2 py-1 text-ink outline-none data-disabled:text-dim data-highlighted:bg-hover"
      {...props}
    />
  );
}

export function Label({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 py-1 text-tiny text-dim">{children}</Radix.Label>;
}

export function Separator() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
