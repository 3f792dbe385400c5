// A short explanation beside what the pointer or the keyboard is on.
import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Keys } from './Keys';

interface TooltipProps {
  text: ReactNode;
  keys?: string | undefined;
  children: ReactNode;
}

/** Needs a {@link TooltipProvider} above it. */
export function Tooltip({ text, keys, children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-80 items-center gap-2 rounded-small bg-raised px-2 py-1 text-small text-ink shadow-sheet"
        >
          <span>{text}</span>
          {keys && <Keys keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={500} skipDelayDuration={200} disableHoverableContent>
      {children}
    </Radix.Provider>
  );
}
