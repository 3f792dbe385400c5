// The rows of a difference, one beside or below the other, with what is the same in a line that
// was changed.
import type { DiffHunk, DiffLine } from '@/protocol/generated/protocol';

export type Layout = 'split' | 'unified';
export type Side = 'old' | 'new';

/** One line on one side. */
export interface Cell {
  line: DiffLine;
  /** Its number on its side. */
  number: number;
  side: Side;
  /** Where it stands in its hunk. */
  index: number;
  /** What differs from the line that it took the place of: from and up to a character. */
  changed: [from: number, to: number] | null;
}

export interface HunkRow {
  kind: 'hunk';
  key: string;
  hunk: DiffHunk;
}

export interface LineRow {
  kind: 'line';
  key: string;
  hunk: DiffHunk;
  /** What stands left; alone in a row that is unified. */
  left: Cell | null;
  /** What stands right, in a row that is split; for context the same line. */
  right: Cell | null;
  /** The old line's number of a line that is on both sides. */
  oldNumber: number | null;
}

export type Row = HunkRow | LineRow;

export function rowsOf(hunks: DiffHunk[], layout: Layout): Row[] {
  return hunks.flatMap((hunk): Row[] => [
    { kind: 'hunk', key: `h${hunk.oldStart}:${hunk.newStart}`, hunk },
    ...(layout === 'split' ? splitRows(hunk) : unifiedRows(hunk)),
  ]);
}

/** The line of a row that a comment on it is about. */
export function subjectOf({ left, right }: LineRow): Cell | null {
  return right ?? left;
}

function unifiedRows(hunk: DiffHunk): LineRow[] {
  const rows: LineRow[] = [];
  for (const run of runsOf(hunk)) {
    if (run.kind === 'context') rows.push(rowOf(hunk, run.now, null, run.old.number));
    else {
      for (const cell of [...run.old, ...run.now]) rows.push(rowOf(hunk, cell, null, null));
    }
  }
  return rows;
}

function splitRows(hunk: DiffHunk): LineRow[] {
  const rows: LineRow[] = [];
  for (const run of runsOf(hunk)) {
    if (run.kind === 'context') rows.push(rowOf(hunk, run.old, run.now, run.old.number));
    else {
      for (let index = 0; index < Math.max(run.old.length, run.now.length); index += 1) {
        rows.push(rowOf(hunk, run.old[index] ?? null, run.now[index] ?? null, null));
      }
    }
  }
  return rows;
}

function rowOf(
  hunk: DiffHunk,
  left: Cell | null,
  right: Cell | null,
  oldNumber: number | null,
): LineRow {
  // The same in both layouts, so that the cursor stays where it is.
  const subject = right ?? left;
  const key = `${subject?.side} ${subject?.number}`;
  return { kind: 'line', key, hunk, left, right, oldNumber };
}

type Run =
  | { kind: 'context'; old: Cell; now: Cell }
  /** Lines that are gone, and those that stand in their place. */
  | { kind: 'change'; old: Cell[]; now: Cell[] };

function runsOf(hunk: DiffHunk): Run[] {
  const runs: Run[] = [];
  let oldNumber = hunk.oldStart || 1;
  let newNumber = hunk.newStart || 1;
  let open: { kind: 'change'; old: Cell[]; now: Cell[] } | null = null;
  hunk.lines.forEach((line, index) => {
    const cell = (side: Side): Cell => {
      const number = side === 'old' ? oldNumber++ : newNumber++;
      return { line, number, side, index, changed: null };
    };
    if (line.change === 'context') {
      open = null;
      runs.push({ kind: 'context', old: cell('old'), now: cell('new') });
      return;
    }
    // What is gone after what is new begins another change.
    if (!open || (line.change === 'deleted' && open.now.length > 0)) {
      open = { kind: 'change', old: [], now: [] };
      runs.push(open);
    }
    if (line.change === 'deleted') open.old.push(cell('old'));
    else open.now.push(cell('new'));
  });
  for (const run of runs) if (run.kind === 'change') markChanged(run.old, run.now);
  return runs;
}

/** Says what differs in lines that stand in each other's place, where most is the same. */
function markChanged(old: Cell[], now: Cell[]): void {
  if (old.length !== now.length) return;
  old.forEach((before, index) => {
    const after = now[index];
    if (!after) return;
    const one = before.line.text;
    const other = after.line.text;
    const shorter = Math.min(one.length, other.length);
    let head = 0;
    while (head < shorter && one[head] === other[head]) head += 1;
    let tail = 0;
    while (tail < shorter - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
    const alike = one.slice(0, head).trim().length + one.slice(one.length - tail).trim().length;
    if (alike * 3 < Math.max(one.trim().length, other.trim().length)) return;
    before.changed = [head, one.length - tail];
    after.changed = [head, other.length - tail];
  });
}
