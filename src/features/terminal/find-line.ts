// Finds a line of a session's log again in what a terminal shows. The log has lines as they
// were printed; the terminal has rows, wrapped at its width, and may have redrawn parts of
// them, so the line that is most like the one sought is taken, and none if too little is.
import type { IBuffer } from '@xterm/xterm';
import type { SearchHit } from '@/protocol/generated/protocol';

/** What is sought: a match and what stands around it. The outer ends may have been cut. */
export type LineContext = Pick<SearchHit, 'before' | 'found' | 'after'>;

/** Cells side by side in one row of the buffer. */
export interface CellRun {
  row: number;
  column: number;
  width: number;
}

interface LogicalLine {
  first: number;
  last: number;
  text: string;
}

interface Candidate {
  line: LogicalLine;
  /** Of the match, in the squeezed text. */
  start: number;
  /** Characters of the context that are not there. */
  missing: number;
  /** Characters that are there and not in the context. */
  extra: number;
}

/** A context that is longer than this may have been cut, so that more may stand beyond it. */
const MAY_BE_CUT = 40;

/** The cells of the match, row by row, in the newest line that is most like `context`. */
export function findLine(buffer: IBuffer, context: LineContext): CellRun[] | null {
  const sought = {
    before: squeeze(context.before),
    found: squeeze(context.found),
    after: squeeze(context.after).trimEnd(),
  };
  if (sought.found === '') return null;
  let best: Candidate | null = null;
  for (const line of newestFirst(buffer)) {
    const candidate = bestIn(line, sought);
    if (candidate && (!best || isLess(candidate, best))) best = candidate;
    if (best && best.missing + best.extra === 0) break;
  }
  const length = sought.before.length + sought.found.length + sought.after.length;
  if (!best || 2 * (best.missing + best.extra) > length) return null;
  const from = unsqueezed(best.line.text, best.start);
  const to = unsqueezed(best.line.text, best.start + sought.found.length);
  return cellsOf(buffer, best.line, from, to);
}

function* newestFirst(buffer: IBuffer): Generator<LogicalLine> {
  let last = buffer.length - 1;
  while (last >= 0) {
    let first = last;
    while (first > 0 && buffer.getLine(first)?.isWrapped) first -= 1;
    let text = '';
    for (let row = first; row <= last; row += 1) text += rowText(buffer, row, row === last);
    yield { first, last, text };
    last = first - 1;
  }
}

/** A row's text. One that goes on in the next row is as long as the terminal is wide. */
function rowText(buffer: IBuffer, row: number, isLast: boolean): string {
  const text = buffer.getLine(row)?.translateToString(isLast) ?? '';
  return !isLast && leavesGap(buffer, row) ? text.slice(0, -1) : text;
}

/** Whether a wide character did not fit at a row's end and stands in the next one. */
function leavesGap(buffer: IBuffer, row: number): boolean {
  const line = buffer.getLine(row);
  const end = line?.getCell(line.length - 1);
  return (
    end?.getChars() === '' &&
    buffer
      .getLine(row + 1)
      ?.getCell(0)
      ?.getWidth() === 2
  );
}

function bestIn(line: LogicalLine, { before, found, after }: LineContext): Candidate | null {
  const text = squeeze(line.text).trimEnd();
  let best: Candidate | null = null;
  for (let start = text.indexOf(found); start >= 0; start = text.indexOf(found, start + 1)) {
    const left = text.slice(0, start);
    const right = text.slice(start + found.length);
    const sameLeft = commonEnd(left, before);
    const sameRight = commonStart(right, after);
    const candidate = {
      line,
      start,
      missing: before.length - sameLeft + after.length - sameRight,
      extra: extraBeyond(left, before, sameLeft) + extraBeyond(right, after, sameRight),
    };
    if (!best || isLess(candidate, best)) best = candidate;
  }
  return best;
}

function isLess(one: Candidate, other: Candidate): boolean {
  return one.missing + one.extra < other.missing + other.extra;
}

function extraBeyond(there: string, sought: string, same: number): number {
  return sought.length >= MAY_BE_CUT ? 0 : there.length - same;
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function commonEnd(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one.at(-1 - length) === other.at(-1 - length)) length += 1;
  return length;
}

/** Tabs and gaps are drawn as spaces, however many: each run of them counts as one. */
function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** The place in a text of a place in its squeezed form. */
function unsqueezed(text: string, place: number): number {
  let index = 0;
  for (let squeezed = 0; squeezed < place && index < text.length; squeezed += 1) {
    index += 1;
    if (/\s/.test(text[index - 1] ?? '')) while (/\s/.test(text[index] ?? '')) index += 1;
  }
  return index;
}

/** The cells that hold the characters of a line from one place to another. */
function cellsOf(buffer: IBuffer, line: LogicalLine, from: number, to: number): CellRun[] {
  const runs: CellRun[] = [];
  let place = 0;
  for (let row = line.first; row <= line.last && place < to; row += 1) {
    const cells = buffer.getLine(row);
    if (!cells) continue;
    const end = row < line.last && leavesGap(buffer, row) ? cells.length - 1 : cells.length;
    let run: CellRun | null = null;
    for (let column = 0; column < end && place < to; column += 1) {
      const cell = cells.getCell(column);
      const width = cell?.getWidth() ?? 1;
      // The second half of a wide character.
      if (width === 0) continue;
      if (place >= from) {
        run ??= { row, column, width: 0 };
        run.width += width;
      }
      place += cell?.getChars().length || 1;
    }
    if (run) runs.push(run);
  }
  return runs;
}
