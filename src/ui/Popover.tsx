// A small page beside the button that opened it.
import { Popover as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useGone } from './gone';

export const Root = Radix.Root;
export const Trigger = Radix.Trigger;

interface ContentProps {
  /** What it is about. */
  label: string;
  /** It is gone; put the keyboard where it belongs. */
  onClosed(): void;
  children: ReactNode;
}

export function Content({ label, onClosed, children }: ContentProps) {
  return (
    <Radix.Portal>
      <Radix.Content
        align="end"
        sideOffset={4}
        collisionPadding={8}
        aria-label={label}
        ref={useGone(onClosed)}
        onCloseAutoFocus={(event) => event.preventDefault()}
        className="z-40 rounded-medium bg-raised p-3 text-small text-ink shadow-sheet outline-none"
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  );
}
