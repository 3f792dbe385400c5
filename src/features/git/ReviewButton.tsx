// In a pane's header: how much was changed on its branch, and the way to the review of it.
// Without figures it is there with the mouse only, as the other buttons are.
import { FileDiff } from 'lucide-react';
import { useStore } from 'zustand';
import { useKeysOf } from '@/features/keyboard';
import { Tooltip } from '@/ui';
import type { Changes } from './changes';

/** Without the mouse it takes no room, and still can be reached by the keyboard. */
const HIDDEN =
  '-ml-1.5 w-0 overflow-hidden px-0 opacity-0 group-hover/pane:ml-0 group-hover/pane:w-auto group-hover/pane:px-1 group-hover/pane:opacity-100 focus-visible:ml-0 focus-visible:w-auto focus-visible:px-1 focus-visible:opacity-100';

interface ReviewButtonProps {
  sessionId: number;
  name: string;
  changes: Changes;
  onReview(): void;
}

export function ReviewButton({ sessionId, name, changes, onReview }: ReviewButtonProps) {
  const keysOf = useKeysOf();
  const figures = useStore(changes.store, (state) => state[sessionId]);
  const isKnown = figures !== undefined && figures.files > 0;
  const words = isKnown
    ? `Review ${figures.files} ${figures.files === 1 ? 'file' : 'files'}`
    : 'Review the changes';
  return (
    <Tooltip text={words} keys={keysOf('review.open')}>
      <button
        type="button"
        aria-label={`${words} of ${name}`}
        data-testid="review-button"
        onClick={onReview}
        className={`flex h-5 shrink-0 items-center gap-1 rounded-small text-tiny text-dim tabular-nums transition-colors hover:bg-hover hover:text-ink ${isKnown ? 'px-1 @max-3xs:hidden' : HIDDEN}`}
      >
        {isKnown ? (
          <>
            <FileDiff size={12} aria-hidden className="hidden @max-sm:block" />
            {(figures.additions > 0 || figures.deletions === 0) && (
              <span className="text-ok @max-sm:hidden">+{figures.additions}</span>
            )}
            {figures.deletions > 0 && (
              <span className="text-danger @max-sm:hidden">−{figures.deletions}</span>
            )}
          </>
        ) : (
          <FileDiff size={12} aria-hidden />
        )}
      </button>
    </Tooltip>
  );
}
