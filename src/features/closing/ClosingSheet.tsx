// The question when the window is closed while something runs, and what becomes of the answer.
import { LoaderCircle } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { AgentGlyph, StatusDot, stateWord } from '@/features/sessions';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Button, Checkbox, Keys, Sheet, sentence } from '@/ui';
import type { Closing, ClosingState } from './closing';

interface ClosingSheetProps {
  closing: Closing;
  /** The sheet is gone; put the keyboard where it belongs. */
  onClosed(): void;
}

/** The most that are named. */
const MOST_NAMED = 6;

export function ClosingSheet({ closing, onClosed }: ClosingSheetProps) {
  const phase = useStore(closing.store, (state) => state.phase);
  return (
    <Sheet
      open={phase !== 'open'}
      title="Close the window"
      onClose={() => closing.stay()}
      onClosed={onClosed}
    >
      {phase === 'asking' || phase === 'open' ? (
        <Question closing={closing} />
      ) : (
        <Progress closing={closing} />
      )}
    </Sheet>
  );
}

function Question({ closing }: { closing: Closing }) {
  const problem = useStore(closing.store, (state) => state.problem);
  const [always, setAlways] = useState(false);
  // What runs now; the question is not about what comes while it is open.
  const [running] = useState(() => {
    const atWork = closing.running();
    return atWork.length > 0 ? atWork : closing.alive();
  });
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const choices = [
    {
      answer: 'keep' as const,
      label: 'Keep running in the background',
      about: 'Opened again, the window shows it as it is by then.',
    },
    {
      answer: 'save_and_stop' as const,
      label: 'Save for later and stop',
      about: 'The layout is saved under the day and the time, and every pane is ended.',
    },
    { answer: 'stop' as const, label: 'Stop everything', about: 'Every pane is ended.' },
  ];
  return (
    <div className="flex max-h-[72vh] flex-col">
      <div className="flex flex-col gap-3 overflow-y-auto px-4 pt-4 pb-3">
        <h2 className="text-large font-medium text-ink">
          {running.length === 1 ? 'One pane is' : `${running.length} panes are`} still running
        </h2>
        {problem !== null && (
          <p role="alert" className="text-small break-words text-danger select-text">
            {sentence(problem)}
          </p>
        )}
        <Running sessions={running} />
        <div className="flex flex-col gap-1.5">
          {choices.map(({ answer, label, about }, index) => (
            <button
              key={answer}
              ref={index === 0 ? first : undefined}
              type="button"
              onKeyDown={(event) => {
                // A key that was held down when the question came answers nothing.
                if (event.key === 'Enter' && event.repeat) event.preventDefault();
              }}
              className="flex items-center gap-3 rounded-medium border border-line bg-surface px-3 py-2 text-left transition-colors hover:bg-hover focus-visible:border-accent"
              onClick={() => void closing.answer(answer, always)}
            >
              <span className="min-w-0 flex-1">
                <span
                  className={`block font-medium ${answer === 'stop' ? 'text-danger' : 'text-ink'}`}
                >
                  {label}
                </span>
                <span className="block text-small text-dim">{about}</span>
              </span>
              {index === 0 && <Keys keys="Enter" />}
            </button>
          ))}
        </div>
      </div>
      <footer className="flex items-center justify-between gap-3 border-t border-line px-4 py-2.5 text-small">
        <Checkbox checked={always} onChange={setAlways}>
          Do not ask again
        </Checkbox>
        <Button onClick={() => closing.stay()}>
          Stay
          <Keys keys="Esc" />
        </Button>
      </footer>
    </div>
  );
}

function Running({ sessions }: { sessions: SessionInfo[] }) {
  const more = sessions.length - MOST_NAMED;
  return (
    <ul aria-label="What runs" className="flex flex-wrap gap-x-4 gap-y-1 text-small text-dim">
      {sessions.slice(0, MOST_NAMED).map((session) => (
        <li key={session.sessionId} className="flex max-w-60 items-center gap-1.5">
          <StatusDot session={session} since={undefined} />
          <AgentGlyph agentType={session.agentType} size={11} />
          <span className="truncate text-ink">{session.name}</span>
          <span className="shrink-0 text-tiny">{stateWord(session)}</span>
        </li>
      ))}
      {more > 0 && <li>and {more} more</li>}
    </ul>
  );
}

function Progress({ closing }: { closing: Closing }) {
  const state = useStore(closing.store);
  return (
    <p role="status" className="flex items-center gap-2.5 px-4 py-5 text-ink">
      <LoaderCircle size={15} className="animate-spin text-accent" aria-hidden />
      {describe(state)}
    </p>
  );
}

function describe({ phase, ended, ending }: ClosingState): string {
  return phase === 'stopping' ? `Stopping: ${ended} of ${ending} have ended…` : 'One moment…';
}
