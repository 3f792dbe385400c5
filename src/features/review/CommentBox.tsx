// Comments below a line, and the field in which one is written.
import { MessageSquare, Pencil, Trash2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton, Keys } from '@/ui';
import type { Comment, Place } from './comments';
import type { SessionReview } from './session-review';

interface CommentListProps {
  review: SessionReview;
  comments: Comment[];
  /** Their lines are not on show. */
  isElsewhere?: boolean;
}

const BOX =
  'mx-3 my-1.5 max-w-160 rounded-medium border border-line bg-raised font-sans text-small text-ink';

export function CommentList({ review, comments, isElsewhere = false }: CommentListProps) {
  return (
    <ul aria-label={isElsewhere ? 'Comments on lines that are gone' : 'Comments on this line'}>
      {comments.map((comment) => (
        <Box key={comment.id} review={review} comment={comment} isElsewhere={isElsewhere} />
      ))}
    </ul>
  );
}

interface BoxProps {
  review: SessionReview;
  comment: Comment;
  isElsewhere: boolean;
}

function Box({ review, comment, isElsewhere }: BoxProps) {
  const { id, text, line, quoted, changed, sent } = comment;
  const isEditing = useStore(review.store, (state) => state.editing === id);
  return (
    <li className={BOX} data-testid="comment" data-changed={changed} data-sent={sent}>
      {(changed || isElsewhere) && (
        <p className="border-b border-line px-3 py-1 text-tiny text-warn">
          Line {line} has changed since. It was:{' '}
          <code className="font-mono break-all text-dim">{quoted.trim() || 'empty'}</code>
        </p>
      )}
      {isEditing ? (
        <Editor review={review} />
      ) : (
        <div className="flex items-start gap-2 py-1 pr-1 pl-3">
          <MessageSquare
            size={12}
            aria-hidden
            className={`mt-1.5 shrink-0 ${sent ? 'text-dim' : 'text-accent'}`}
          />
          <p
            className={`min-w-0 flex-1 py-0.5 break-words whitespace-pre-wrap select-text ${sent ? 'text-dim' : ''}`}
          >
            {text}
          </p>
          {sent && <span className="shrink-0 py-0.5 text-tiny text-dim">sent</span>}
          {!sent && (
            <IconButton label="Change this comment" onClick={() => review.edit(id)}>
              <Pencil size={12} />
            </IconButton>
          )}
          <IconButton label="Remove this comment" onClick={() => review.remove(id)}>
            <Trash2 size={12} />
          </IconButton>
        </div>
      )}
    </li>
  );
}

/** Where a new comment is written. */
export function CommentEditor({ review, place }: { review: SessionReview; place: Place }) {
  return (
    <div className={BOX} data-testid="comment-editor">
      <Editor review={review} label={`Comment on line ${place.line}`} />
    </div>
  );
}

interface EditorProps {
  review: SessionReview;
  label?: string;
}

/** It may go and come with its line, so that what is written in it is the review's. */
function Editor({ review, label = 'Comment' }: EditorProps) {
  const text = useStore(review.store, (state) => state.draft);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const element = field.current;
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'nearest' });
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  // The keyboard goes back to the lines, not to nowhere.
  const leave = (act: () => void) => {
    field.current?.closest<HTMLElement>('[data-diff]')?.focus({ preventScroll: true });
    act();
  };
  const keep = () => leave(() => review.keepDraft());
  const drop = () => leave(() => review.dropDraft());
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') drop();
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      keep();
    }
  };
  return (
    <div data-keeps-escape className="flex flex-col gap-1.5 p-2">
      <textarea
        ref={field}
        aria-label={label}
        value={text}
        rows={Math.min(8, Math.max(2, text.split('\n').length))}
        placeholder="What should be otherwise?"
        className="w-full resize-none rounded-small border border-line bg-surface px-2 py-1 text-small text-ink placeholder:text-dim"
        onChange={(event) => review.type(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className="flex items-center gap-2">
        <Button
          primary
          disabled={text.trim() === ''}
          className="disabled:opacity-40"
          onClick={keep}
        >
          Comment
        </Button>
        <Button onClick={drop}>Cancel</Button>
        <span aria-hidden className="ml-auto flex items-center gap-1.5 text-tiny text-dim">
          <Keys keys="Enter" /> keeps, <Keys keys="Esc" /> cancels
        </span>
      </span>
    </div>
  );
}
