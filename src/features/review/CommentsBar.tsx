// The foot of a review: how many comments there are, who gets them, and what became of those
// that were sent.
import { Copy, MessageSquare, SendHorizontal } from 'lucide-react';
import { useStore } from 'zustand';
import { DeliverySign } from '@/features/command-bar';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Button, Keys } from '@/ui';
import type { SessionReview } from './session-review';

interface CommentsBarProps {
  review: SessionReview;
  receiver: SessionInfo | null;
  onCopy(text: string): void;
}

export function CommentsBar({ review, receiver, onCopy }: CommentsBarProps) {
  const { comments, busy, files } = useStore(review.store);
  const round = useStore(review.deliveries.store, (state) => state.round);
  const open = comments.filter(({ sent }) => !sent).length;
  const sent = comments.length - open;
  const [delivery] = round?.deliveries ?? [];
  return (
    <footer className="flex h-11 shrink-0 items-center gap-3 border-t border-line px-3 text-small text-dim">
      {comments.length === 0 ? (
        <span
          aria-hidden
          className="flex min-w-0 items-center gap-x-3 overflow-hidden text-tiny whitespace-nowrap"
        >
          {files !== null && files.length > 0 && (
            <>
              <Hint keys="j" also="k" does="files" />
              <Hint keys="n" also="p" does="changes" />
              <Hint keys="c" does="comment" />
              <Hint keys="u" does="split or unified" />
            </>
          )}
        </span>
      ) : (
        <span className="flex min-w-0 items-center gap-1.5" data-testid="comments">
          <MessageSquare size={12} aria-hidden className={open > 0 ? 'text-accent' : ''} />
          <span className="truncate">
            {open > 0 && <span className="text-ink">{count(open)}</span>}
            {open > 0 && sent > 0 && ', '}
            {sent > 0 && `${sent} sent`}
          </span>
        </span>
      )}
      <span className="ml-auto flex shrink-0 items-center gap-2.5">
        {comments.length > 0 && round && delivery && (
          <DeliverySign delivery={delivery} submit={round.submit} />
        )}
        {sent > 0 && open === 0 && (
          <Button onClick={() => review.clearSent()}>Clear what was sent</Button>
        )}
        {open > 0 && (
          <Button onClick={() => onCopy(review.text())}>
            <Copy size={12} aria-hidden />
            Copy
          </Button>
        )}
        {open > 0 && receiver && (
          <Button
            primary
            disabled={busy !== null}
            className="disabled:opacity-40"
            onClick={() => void review.send(receiver.sessionId)}
          >
            <SendHorizontal size={12} aria-hidden />
            Send to {receiver.name}
          </Button>
        )}
        {open > 0 && !receiver && <span>No agent works here; copy them instead.</span>}
      </span>
    </footer>
  );
}

function Hint({ keys, also, does }: { keys: string; also?: string; does: string }) {
  return (
    <span className="flex shrink-0 items-center gap-1">
      <Keys keys={keys} />
      {also && <Keys keys={also} />}
      {does}
    </span>
  );
}

function count(comments: number): string {
  return `${comments} ${comments === 1 ? 'comment' : 'comments'}`;
}
