// A sheet over the window: it takes the keyboard until it is closed.
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface SheetProps {
  open: boolean;
  title: string;
  /** For what has long lines. */
  wide?: boolean;
  onClose(): void;
  /** The sheet is gone; put the keyboard where it belongs. */
  onClosed(): void;
  children: ReactNode;
}

export function Sheet({ open, title, wide = false, onClose, onClosed, children }: SheetProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          onEscapeKeyDown={(event) => {
            // It ends what an input method composes, and nothing else.
            if (event.isComposing || event.keyCode === 229) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onClosed();
          }}
          className={`fixed top-[14vh] left-1/2 z-30 max-h-[72vh] -translate-x-1/2 overflow-hidden rounded-large bg-raised shadow-sheet outline-none ${wide ? 'w-[min(760px,92vw)]' : 'w-[min(560px,90vw)]'}`}
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
