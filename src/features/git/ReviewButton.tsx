// In a pane's header: how much was changed on its branch, and the way to the review of it.
// Without figures it is there with the mouse only, as the other buttons are.
import { FileDiff } from 'lucide-react';
import { useStore } from 'zustand';
import { Tooltip } from '@/ui';
import type { Changes } from './changes';

interface ReviewButtonProps {
  sessionId: number;
  name: string;
  changes: Changes;
  keys: string;
  onReview(): void;
}

export function ReviewButton({ sessionId, name, changes, keys, onReview }: ReviewButtonProps) {
  const figures = useStore(changes.store, (state) => state[sessionId]);
  const isKnown = figures !== undefined && figures.files > 0;
  const words = isKnown
    ? `Review ${figures.files} ${figures.files === 1 ? 'file' : 'files'}`
    : 'Review the changes';
  return (
    <Tooltip text={words} keys={keys}>
      <button
        type="button"
        aria-label={`${words} of ${name}`}
        data-testid="review-button"
        onClick={onReview}
        className={`flex h-5 shrink-0 items-center gap-1 rounded-small px-1 text-tiny text-dim tabular-nums transition-colors hover:bg-hover hover:text-ink ${isKnown ? '@max-3xs:hidden' : 'sr-only group-hover/pane:not-sr-only focus-visible:not-sr-only'}`}
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
