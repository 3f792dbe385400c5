// One row of a difference: a hunk's heading, or a line with its numbers, its colours and the
// comments on it.
import { memo } from 'react';
import { useStore } from 'zustand';
import { CommentEditor, CommentList } from './CommentBox';
import type { Comment } from './comments';
import { type Cell, type HunkRow, type Layout, type LineRow, type Row, subjectOf } from './rows';
import { isSamePlace, type SessionReview } from './session-review';
import { cut, piecesOf } from './syntax';

interface DiffRowProps {
  row: Row;
  path: string;
  layout: Layout;
  /** The cursor is on it. */
  isCurrent: boolean;
  comments: Comment[];
  review: SessionReview;
  onChoose(key: string): void;
  onWrite(cell: Cell): void;
}

export const DiffRow = memo(
  function DiffRow(props: DiffRowProps) {
    const { row } = props;
    return row.kind === 'hunk' ? <Heading row={row} /> : <Line {...props} row={row} />;
  },
  (one, other) =>
    one.row === other.row &&
    one.layout === other.layout &&
    one.isCurrent === other.isCurrent &&
    one.onWrite === other.onWrite &&
    one.comments.length === other.comments.length &&
    one.comments.every((comment, index) => comment === other.comments[index]),
);

function Heading({ row: { hunk } }: { row: HunkRow }) {
  const end = hunk.newStart + Math.max(0, hunk.newLines - 1);
  return (
    <div className="flex h-5 items-center gap-3 bg-surface px-3 text-tiny text-dim select-none">
      <span className="shrink-0 tabular-nums">
        {hunk.newLines === 0 ? 'Gone' : `Lines ${hunk.newStart}–${end}`}
      </span>
      <span className="truncate">{hunk.heading}</span>
    </div>
  );
}

function Line({ row, ...props }: DiffRowProps & { row: LineRow }) {
  const { path, layout, isCurrent, comments, review, onChoose, onWrite } = props;
  const { left, right, oldNumber, hunk } = row;
  const subject = subjectOf(row);
  const place = useStore(review.store, (state) => {
    const { writing } = state;
    const cells = [left, right];
    const isHere = cells.some(
      (cell) =>
        cell !== null &&
        writing !== null &&
        isSamePlace(writing, { path, side: cell.side, line: cell.number, quoted: '' }),
    );
    return isHere ? writing : null;
  });
  const numbers =
    layout === 'unified'
      ? [left?.side === 'old' ? left.number : oldNumber, left?.side === 'new' ? left.number : null]
      : [];
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the mouse's way to a line; the keyboard has the arrows. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above. */}
      <div
        data-testid="line"
        data-change={subject?.line.change}
        data-current={isCurrent || undefined}
        onClick={() => onChoose(row.key)}
        className="group/line relative flex data-current:z-10 data-current:outline data-current:-outline-offset-1 data-current:outline-accent"
      >
        {layout === 'unified' && left && (
          <Half cell={left} hunk={hunk} path={path} numbers={numbers} onWrite={onWrite} />
        )}
        {layout === 'split' && (
          <>
            <Half
              cell={left}
              hunk={hunk}
              path={path}
              numbers={[left?.number ?? null]}
              // A line that is on both sides is commented as it is now.
              onWrite={(cell) => onWrite(oldNumber !== null && right ? right : cell)}
            />
            <span aria-hidden className="w-px shrink-0 bg-line" />
            <Half
              cell={right}
              hunk={hunk}
              path={path}
              numbers={[right?.number ?? null]}
              onWrite={onWrite}
            />
          </>
        )}
      </div>
      {comments.length > 0 && <CommentList review={review} comments={comments} />}
      {place && <CommentEditor review={review} place={place} />}
    </>
  );
}

const GROUNDS = { added: 'bg-added', deleted: 'bg-deleted', context: '' };
const STRONG = { added: 'bg-added-strong', deleted: 'bg-deleted-strong', context: '' };
const SIGNS = { added: '+', deleted: '−', context: ' ' };

interface HalfProps {
  cell: Cell | null;
  hunk: LineRow['hunk'];
  path: string;
  numbers: (number | null)[];
  onWrite(cell: Cell): void;
}

function Half({ cell, hunk, path, numbers, onWrite }: HalfProps) {
  if (cell === null) return <span className="min-w-0 flex-1 bg-surface" />;
  const { line, changed, side, index, number } = cell;
  const { change } = line;
  const pieces = cut(piecesOf(hunk, index, side, path), changed);
  return (
    <span className={`flex min-w-0 flex-1 ${GROUNDS[change]}`}>
      <button
        type="button"
        // The lines are gone through by keys, and "c" comments.
        tabIndex={-1}
        aria-label={`Comment on line ${number}${side === 'old' && change === 'deleted' ? ' of before' : ''}`}
        title="Comment on this line (c)"
        onClick={() => onWrite(cell)}
        className="flex shrink-0 text-right text-tiny leading-5 text-dim tabular-nums transition-colors select-none hover:bg-accent-soft hover:text-ink"
      >
        {numbers.map((each, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the old number, then the new one.
          <span key={place} className="w-11 pr-2">
            {each}
          </span>
        ))}
      </button>
      <span
        aria-hidden
        className={`w-4 shrink-0 text-center leading-5 select-none ${change === 'added' ? 'text-ok' : change === 'deleted' ? 'text-danger' : ''}`}
      >
        {SIGNS[change]}
      </span>
      <span className="min-w-0 flex-1 pr-3 leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap text-ink">
        {pieces.map(({ text, colour, marked }, place) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in order.
            key={place}
            className={`${colour ?? ''} ${marked ? `rounded-[2px] ${STRONG[change]}` : ''}`}
          >
            {text}
          </span>
        ))}
        {line.text === '' && '\u200b'}
        {line.unterminated && (
          <span className="text-tiny text-dim select-none"> no end of line here</span>
        )}
      </span>
    </span>
  );
}
