// Asks, in the pane itself, whether a session is to end that others are attached to. It lies
// over the terminal, whose size must not change for a question.
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Button, Keys } from '@/ui';

interface EndQuestionProps {
  session: SessionInfo;
  /** Whether this window is one of those that are attached. */
  isShown: boolean;
  onEnd(): void;
  onKeep(): void;
}

export function EndQuestion({ session, isShown, onEnd, onKeep }: EndQuestionProps) {
  const text = useId();
  const end = useRef<HTMLButtonElement>(null);
  useEffect(() => end.current?.focus(), []);
  const others = session.attachedClients - Number(isShown);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      onKeep();
    }
    // A key that was held down when the question came answers nothing.
    if (event.key === 'Enter' && event.repeat) event.preventDefault();
  };

  return (
    <div
      role="alertdialog"
      aria-labelledby={text}
      onKeyDown={onKeyDown}
      className="absolute inset-x-0 bottom-0 z-10 flex flex-wrap items-center justify-end gap-x-3 gap-y-2 border-t border-line bg-raised px-3 py-2 text-small text-ink"
    >
      <p id={text} className="min-w-40 flex-1">
        {describeOthers(others)} attached to <span className="font-medium">{session.name}</span>.
        End it for all?
      </p>
      <span className="flex gap-2">
        <Button ref={end} danger onClick={onEnd}>
          End
          <Keys keys="Enter" />
        </Button>
        <Button onClick={onKeep}>
          Cancel
          <Keys keys="Esc" />
        </Button>
      </span>
    </div>
  );
}

function describeOthers(others: number): string {
  if (others < 1) return 'Other clients are';
  return others === 1 ? 'Another client is' : `${others} other clients are`;
}
