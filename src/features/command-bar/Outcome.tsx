// What is to be said of the prompt that was sent last beyond the chips: what it was, why it went
// no further where it did not, and what can be done about that.
import { RotateCw } from 'lucide-react';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Button, Keys } from '@/ui';
import { hasWorked, isFinal, type Round, retriable, unconfirmed } from './deliveries';
import { deliveryWord } from './looks';

interface OutcomeProps {
  round: Round;
  panes: SessionInfo[];
  /** Enter answers what is asked, since nothing else is written. */
  asks: boolean;
  onConfirm(): void;
  onRetry(): void;
}

export function Outcome({ round, panes, asks, onConfirm, onRetry }: OutcomeProps) {
  const { text, submit, deliveries } = round;
  const again = retriable(round);
  const open = unconfirmed(round);
  const nameOf = (sessionId: number) =>
    panes.find((pane) => pane.sessionId === sessionId)?.name ?? `session ${sessionId}`;
  const stuck = deliveries.filter(
    (each) =>
      each.reason !== null &&
      each.state !== 'unconfirmed' &&
      (each.state === 'queued' || (isFinal(each) && !hasWorked(each, submit))),
  );
  return (
    <section
      aria-label="What became of it"
      className="flex flex-col gap-2 border-t border-line px-4 py-2.5 text-small"
    >
      <p className="flex min-w-0 items-baseline gap-1.5 text-dim">
        <span className="shrink-0">{submit ? 'Prompt:' : 'To insert:'}</span>
        <span className="truncate font-mono text-tiny text-ink">{firstLine(text)}</span>
      </p>
      {open.length > 0 && (
        <div
          role="alert"
          className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-medium bg-warn-soft px-3 py-2 text-ink"
        >
          <span className="min-w-40 flex-1">
            Run {text.split('\n').length} lines in {open.length}{' '}
            {open.length === 1 ? 'shell' : 'shells'}?
          </span>
          <Button onClick={onConfirm}>
            Run
            {asks && <Keys keys="Enter" />}
          </Button>
        </div>
      )}
      {stuck.length > 0 && (
        <ul aria-label="Not delivered" className="flex flex-col gap-0.5">
          {stuck.map(({ sessionId, state, reason }) => (
            <li key={sessionId} className="break-words text-dim select-text">
              <span className="font-medium text-ink">{nameOf(sessionId)}</span>{' '}
              {deliveryWord(state)}: {reason}
            </li>
          ))}
        </ul>
      )}
      {again.length > 0 && (
        <Button className="self-start" onClick={onRetry}>
          <RotateCw size={12} aria-hidden />
          Try {again.length === 1 ? nameOf(again[0]?.sessionId ?? 0) : `these ${again.length}`}{' '}
          again
          <Keys keys="Alt+R" />
        </Button>
      )}
    </section>
  );
}

function firstLine(text: string): string {
  const [first = ''] = text.trimStart().split('\n', 1);
  return first.length < text.trim().length ? `${first.slice(0, 200)} …` : first;
}
