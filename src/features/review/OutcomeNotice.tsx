// What came of a commit or a merge: that it was done, what stands in its way, or what is to be
// decided first.
import { Check, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton, sentence } from '@/ui';
import { type Outcome, openFiles, type SessionReview } from './session-review';

interface OutcomeNoticeProps {
  review: SessionReview;
  onWriteMessage(): void;
}

export function OutcomeNotice({ review, onWriteMessage }: OutcomeNoticeProps) {
  const outcome = useStore(review.store, (state) => state.outcome);
  const isOpen = useStore(review.store, (state) => openFiles(state.status) > 0);
  if (outcome === null) return null;
  const isGood = outcome.kind === 'committed' || outcome.kind === 'merged';
  return (
    <div
      role={isGood ? 'status' : 'alert'}
      data-testid="outcome"
      data-outcome={outcome.kind}
      className={`flex shrink-0 items-start gap-2.5 border-b border-line px-4 py-2 text-small text-ink ${isGood ? 'bg-surface' : 'bg-warn-soft'}`}
    >
      {isGood ? (
        <Check size={13} aria-hidden className="mt-1.5 shrink-0 text-ok" />
      ) : (
        <TriangleAlert size={13} aria-hidden className="mt-1.5 shrink-0 text-warn" />
      )}
      <div className="flex min-h-6 min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1.5 break-words select-text">
        <Words outcome={outcome} review={review} isOpen={isOpen} onWriteMessage={onWriteMessage} />
      </div>
      <IconButton label="Close this message" onClick={() => review.forgetOutcome()}>
        <X size={13} />
      </IconButton>
    </div>
  );
}

function Words({
  outcome,
  review,
  isOpen,
  onWriteMessage,
}: OutcomeNoticeProps & { outcome: Outcome; isOpen: boolean }): ReactNode {
  switch (outcome.kind) {
    case 'committed':
      return (
        <span>
          Committed as <code className="font-mono">{outcome.commit.slice(0, 8)}</code>
        </span>
      );
    case 'merged':
      return `${outcome.branch} is in ${outcome.base} now`;
    case 'conflicts':
      return (
        <>
          <span className="w-full">
            Both sides changed {outcome.files.length === 1 ? 'this file' : 'these files'}, so
            nothing was merged. Bring {outcome.base} into this branch, settle{' '}
            {outcome.files.length === 1 ? 'it' : 'them'} there, and merge again.
          </span>
          <ul aria-label="Files in conflict" className="flex flex-wrap gap-x-1 gap-y-0.5">
            {outcome.files.map((path) => (
              <li key={path}>
                <button
                  type="button"
                  className="-ml-1 rounded-small px-1 font-mono text-tiny break-all underline decoration-dotted underline-offset-2 transition-colors hover:bg-hover"
                  onClick={() => review.choose(path)}
                >
                  {path}
                </button>
              </li>
            ))}
          </ul>
        </>
      );
    case 'checked_out':
      return (
        <>
          <span className="min-w-40 flex-1">
            {sentence(outcome.message)} Update the files there too?
          </span>
          <span className="flex gap-2">
            <Button primary onClick={() => void review.merge(outcome.strategy, true)}>
              Merge and update
            </Button>
            <Button onClick={() => review.forgetOutcome()}>Cancel</Button>
          </span>
        </>
      );
    case 'dirty':
      return (
        <>
          {/* They may be where the base is checked out; then there is nothing to commit here. */}
          <span className="min-w-40 flex-1">
            {isOpen
              ? 'This branch has changes that are in no commit. Commit or discard them first.'
              : sentence(outcome.message)}
          </span>
          {isOpen && <Button onClick={onWriteMessage}>Write a message</Button>}
        </>
      );
    default:
      return sentence(outcome.message);
  }
}
