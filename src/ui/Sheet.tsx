// A sheet over the window: it takes the keyboard until it is closed.
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useGone } from './gone';

// What scrolls within round corners that clip is painted three times as slowly by WebKit; what is
// this large has nothing at its corners that would need it.
const FULL = 'inset-x-[max(12px,2vw)] top-11 bottom-8';

interface SheetProps {
  open: boolean;
  title: string;
  /** For what has long lines. */
  wide?: boolean;
  /** For what takes the whole window. */
  full?: boolean;
  onClose(): void;
  /** The sheet is gone; put the keyboard where it belongs. */
  onClosed(): void;
  children: ReactNode;
}

export function Sheet(props: SheetProps) {
  const { open, title, wide = false, full = false, onClose, onClosed, children } = props;
  const gone = useGone((before) => {
    onClosed();
    // A sheet below has the keyboard back where it was.
    const isNobodys = document.activeElement === document.body;
    if (isNobodys && before instanceof HTMLElement && before.closest('[data-sheet]')) {
      before.focus();
    }
  });
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          onEscapeKeyDown={(event) => {
            // It ends what an input method composes, or what is being written, and nothing else.
            if (event.isComposing || event.keyCode === 229 || isIn(event, '[data-keeps-escape]')) {
              event.preventDefault();
            }
          }}
          onInteractOutside={(event) => {
            // A message is answered without leaving the sheet.
            if (isIn(event, '[data-sonner-toaster]')) event.preventDefault();
          }}
          ref={gone}
          data-sheet
          onFocus={({ target, currentTarget }) => {
            // It has the keyboard when what had it within is gone; what is at home here takes it.
            if (target !== currentTarget) return;
            currentTarget.querySelector<HTMLElement>('[data-home]')?.focus();
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className={`fixed z-30 rounded-large bg-raised shadow-sheet outline-none ${full ? FULL : `overflow-hidden top-[14vh] left-1/2 max-h-[72vh] -translate-x-1/2 ${wide ? 'w-[min(760px,92vw)]' : 'w-[min(560px,90vw)]'}`}`}
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function isIn({ target }: Event, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
