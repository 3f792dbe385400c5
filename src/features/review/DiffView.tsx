// The lines of one file. Only what is near the view is in the page: rows stand in blocks, and a
// block that is far away is as high as it was, or as its rows would be.
import {
  type Ref,
  useCallback,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useStore } from 'zustand';
import type { DiffHunk } from '@/protocol/generated/protocol';
import { CommentList } from './CommentBox';
import { type Comment, isShown } from './comments';
import { DiffRow } from './DiffRow';
import { type Cell, type Layout, type LineRow, type Row, rowsOf, subjectOf } from './rows';
import type { SessionReview } from './session-review';

/** What the panel's keys do here. */
export interface DiffHandle {
  stepHunk(by: 1 | -1): void;
  stepLine(by: 1 | -1): void;
  /** Begins a comment on the line that the cursor is on. */
  comment(): void;
}

interface DiffViewProps {
  review: SessionReview;
  path: string;
  hunks: DiffHunk[];
  layout: Layout;
  ref: Ref<DiffHandle>;
}

const ROW_HEIGHT = 20;
const BLOCK = 60;
/** So much beyond the view is in the page as well, in pixels. */
const BEYOND = 600;

export function DiffView({ review, path, hunks, layout, ref }: DiffViewProps) {
  const rows = useMemo(() => rowsOf(hunks, layout), [hunks, layout]);
  const blocks = useMemo(
    () => Array.from({ length: Math.ceil(rows.length / BLOCK) }, (_, i) => i),
    [rows],
  );
  const comments = useStore(review.store, (state) => state.comments);
  const here = useMemo(() => comments.filter((each) => each.path === path), [comments, path]);
  const elsewhere = here.filter((comment) => !isShown(comment, hunks));
  const [cursor, setCursor] = useState<string | null>(null);
  const [range, setRange] = useState<[first: number, last: number]>([0, 1]);
  const region = useRef<HTMLElement>(null);
  const heights = useRef(new Map<string, number>());

  const heightOf = useCallback(
    (block: number) =>
      heights.current.get(`${layout} ${block}`) ??
      Math.min(BLOCK, rows.length - block * BLOCK) * ROW_HEIGHT,
    [layout, rows.length],
  );
  const look = useCallback(() => {
    const element = region.current;
    if (!element) return;
    const from = element.scrollTop - BEYOND;
    const to = element.scrollTop + element.clientHeight + BEYOND;
    let top = 0;
    let first = -1;
    let last = 0;
    for (const block of blocks) {
      const bottom = top + heightOf(block);
      if (bottom >= from && first === -1) first = block;
      if (top <= to) last = block;
      top = bottom;
    }
    const next: [number, number] = [Math.max(0, first), Math.max(last, 1)];
    setRange((now) => (now[0] === next[0] && now[1] === next[1] ? now : next));
  }, [blocks, heightOf]);
  useLayoutEffect(() => {
    look();
    const observer = new ResizeObserver(look);
    if (region.current) observer.observe(region.current);
    return () => observer.disconnect();
  }, [look]);
  useKeptPlace(region, rows);

  const measure = useCallback(
    (block: number, element: HTMLElement) => {
      if (element.offsetHeight > 0) heights.current.set(`${layout} ${block}`, element.offsetHeight);
    },
    [layout],
  );

  const goTo = (index: number) => {
    const row = rows[index];
    if (!row) return;
    setCursor(row.key);
    const block = Math.floor(index / BLOCK);
    let top = (index % BLOCK) * ROW_HEIGHT;
    for (let each = 0; each < block; each += 1) top += heightOf(each);
    const element = region.current;
    if (!element) return;
    const isInView = top > element.scrollTop && top < element.scrollTop + element.clientHeight - 60;
    if (!isInView) element.scrollTop = Math.max(0, top - element.clientHeight / 3);
    look();
  };
  const at = rows.findIndex((row) => row.key === cursor);
  const step = (by: 1 | -1, wanted: (row: Row, before: Row | undefined) => boolean) => {
    for (let index = at === -1 && by === -1 ? -1 : at + by; rows[index]; index += by) {
      const row = rows[index];
      if (row && wanted(row, rows[index - 1])) {
        goTo(index);
        return;
      }
    }
  };
  const write = useCallback(
    (cell: Cell) => {
      const { side, number: line } = cell;
      review.write({ path, side, line, quoted: cell.line.text });
    },
    [review, path],
  );
  useImperativeHandle(ref, () => ({
    // A hunk may hold several changes, far apart: each is gone to.
    stepHunk: (by) =>
      step(by, (row, before) => isChange(row) && !(before !== undefined && isChange(before))),
    stepLine: (by) => step(by, ({ kind }) => kind === 'line'),
    comment: () => {
      const row = rows[at] ?? rows.find(isChange);
      const cell = row?.kind === 'line' ? subjectOf(row) : null;
      if (row) setCursor(row.key);
      if (cell) write(cell);
    },
  }));

  const [first, last] = [Math.min(range[0], Math.max(0, blocks.length - 1)), range[1]];
  const sum = (list: number[]) => list.reduce((all, block) => all + heightOf(block), 0);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <section
        ref={region}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and its lines are gone through by keys.
        tabIndex={0}
        aria-label={`Lines of ${path}`}
        data-diff
        data-testid="diff"
        onScroll={look}
        className="peer min-h-0 flex-1 overflow-x-hidden overflow-y-auto bg-canvas pb-6 font-mono text-small [tab-size:4] select-text focus-visible:outline-none"
      >
        {elsewhere.length > 0 && <CommentList review={review} comments={elsewhere} isElsewhere />}
        <div style={{ height: sum(blocks.slice(0, first)) }} />
        {blocks.slice(first, last + 1).map((block) => (
          <Block key={block} index={block} onMeasure={measure}>
            {rows.slice(block * BLOCK, (block + 1) * BLOCK).map((row) => (
              <DiffRow
                key={row.key}
                row={row}
                path={path}
                layout={layout}
                isCurrent={row.key === cursor}
                comments={row.kind === 'line' ? here.filter((each) => isOn(row, each)) : NONE}
                review={review}
                onChoose={setCursor}
                onWrite={write}
              />
            ))}
          </Block>
        ))}
        <div style={{ height: sum(blocks.slice(last + 1)) }} />
      </section>
      {/* Over the lines, which have grounds of their own. */}
      <span
        aria-hidden
        className="pointer-events-none absolute inset-0 z-20 hidden border border-accent peer-focus-visible:block"
      />
    </div>
  );
}

const NONE: never[] = [];

interface BlockProps {
  index: number;
  onMeasure(index: number, element: HTMLElement): void;
  children: React.ReactNode;
}

function Block({ index, onMeasure, children }: BlockProps) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const block = element.current;
    if (!block) return;
    onMeasure(index, block);
    const observer = new ResizeObserver(() => onMeasure(index, block));
    observer.observe(block);
    return () => observer.disconnect();
  }, [index, onMeasure]);
  return <div ref={element}>{children}</div>;
}

/** Lines that come or go above the view do not move what is in it. */
function useKeptPlace(region: React.RefObject<HTMLElement | null>, rows: Row[]): void {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = rows;
    const element = region.current;
    if (!element || old === rows) return;
    const top = Math.floor(element.scrollTop / ROW_HEIGHT);
    const anchor = old.slice(top).find((row) => row.kind === 'line' && row.oldNumber !== null);
    const isAnchor = (row: Row) => row.kind === 'line' && row.oldNumber === oldNumberOf(anchor);
    if (!anchor) return;
    const now = rows.findIndex(isAnchor);
    if (now !== -1) element.scrollTop += (now - old.indexOf(anchor)) * ROW_HEIGHT;
  }, [region, rows]);
}

function oldNumberOf(row: Row | undefined): number | null {
  return row?.kind === 'line' ? row.oldNumber : null;
}

function isChange(row: Row): boolean {
  return row.kind === 'line' && row.oldNumber === null;
}

function isOn({ left, right, oldNumber }: LineRow, comment: Comment): boolean {
  if (comment.side === 'old' && comment.line === oldNumber) return true;
  return [left, right].some(
    (cell) => cell !== null && cell.side === comment.side && cell.number === comment.line,
  );
}
