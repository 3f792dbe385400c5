// Where each pane of a grid stands, and how large rows and columns are. Pure: counts and shares
// in, cells and shares out.

export interface GridShape {
  columns: number;
  rows: number;
}

/** A pane's place, in tracks from 0. A track is a part of a column, see {@link arrange}. */
export interface Cell {
  row: number;
  track: number;
  span: number;
}

export interface Arrangement extends GridShape {
  /** Tracks of the CSS grid. */
  tracks: number;
  /** One for each pane, in order. */
  cells: Cell[];
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Columns × rows for a number of panes. */
export function shapeOf(count: number): GridShape {
  if (count <= 1) return { columns: 1, rows: 1 };
  if (count === 2) return { columns: 2, rows: 1 };
  if (count <= 4) return { columns: 2, rows: 2 };
  if (count <= 6) return { columns: 3, rows: 2 };
  if (count <= 9) return { columns: 3, rows: 3 };
  return { columns: 4, rows: 3 };
}

/**
 * Fills the rows from the top. The panes of a last row that is not full share its width, so
 * that the grid has no hole: columns are divided into tracks that both kinds of row fit.
 */
export function arrange(count: number): Arrangement {
  const { columns, rows } = shapeOf(count);
  const full = Math.floor(count / columns) * columns;
  const rest = count - full;
  const tracks = rest === 0 ? columns : (columns * rest) / greatestCommonDivisor(columns, rest);
  const cells = Array.from({ length: count }, (_, index) => {
    const inRow = index < full ? columns : rest;
    const column = index < full ? index % columns : index - full;
    const span = tracks / inRow;
    return { row: Math.floor(index / columns), track: column * span, span };
  });
  return { columns, rows, tracks, cells };
}

/** The index of the pane that lies in a direction; null at the edge. */
export function neighbour(count: number, index: number, direction: Direction): number | null {
  const { cells } = arrange(count);
  const from = cells[index];
  if (!from) return null;
  const sideways = direction === 'left' || direction === 'right';
  const forward = direction === 'right' || direction === 'down' ? 1 : -1;
  if (sideways) {
    const next = index + forward;
    return cells[next]?.row === from.row ? next : null;
  }
  const middle = from.track + from.span / 2;
  let best: number | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  cells.forEach((cell, candidate) => {
    if (cell.row !== from.row + forward) return;
    const distance = Math.abs(cell.track + cell.span / 2 - middle);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  });
  return best;
}

/** The share of a row or column that is as large as the others. */
export const EQUAL_SHARE = 1000;
/** What the daemon takes. */
const LEAST_SHARE = 100;
const MOST_SHARE = 10_000;

/** One share for each of a number of rows or columns, whatever is kept of them. */
export function sharesOf(kept: number[], count: number): number[] {
  return Array.from({ length: count }, (_, index) => kept[index] ?? EQUAL_SHARE);
}

/** The widths of a grid's tracks: each has its part of its column. */
export function tracksOf({ columns, tracks }: Arrangement, columnShares: number[]): number[] {
  const inColumn = tracks / columns;
  return sharesOf(columnShares, columns).flatMap((share) =>
    Array.from({ length: inColumn }, () => share / inColumn),
  );
}

/**
 * The shares after the line behind one of them went `by` further, in parts of the whole; only
 * its two neighbours change. Neither becomes smaller than `least`, also in parts of the whole,
 * unless it was. What is kept of rows or columns that are not there stays.
 */
export function resized(
  kept: number[],
  count: number,
  index: number,
  by: number,
  least: number,
): number[] {
  const shares = sharesOf(kept, count);
  const [one, other] = [shares[index], shares[index + 1]];
  if (one === undefined || other === undefined) return kept;
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const both = one + other;
  const floor = Math.max(LEAST_SHARE, both - MOST_SHARE, Math.ceil(least * whole));
  // Where there is no room for two, they stay as they are.
  if (2 * floor > both) return kept;
  const next = Math.round(Math.min(Math.max(one + by * whole, floor), both - floor));
  return [...shares.with(index, next).with(index + 1, both - next), ...kept.slice(count)];
}

/** The shares when the two beside a line are as large as each other again. */
export function evened(kept: number[], count: number, index: number): number[] {
  const shares = sharesOf(kept, count);
  const [one, other] = [shares[index], shares[index + 1]];
  if (one === undefined || other === undefined) return kept;
  const half = Math.round((one + other) / 2);
  return [...shares.with(index, half).with(index + 1, one + other - half), ...kept.slice(count)];
}

/** Where the line behind one of them is, in parts of the whole. */
export function lineAt(kept: number[], count: number, index: number): number {
  const shares = sharesOf(kept, count);
  const sum = (some: number[]) => some.reduce((all, share) => all + share, 0);
  return sum(shares.slice(0, index + 1)) / sum(shares);
}

/** How many rows, from the top, a line between two columns goes through. */
export function rowsCrossed({ columns, rows, tracks, cells }: Arrangement, index: number): number {
  const track = ((index + 1) * tracks) / columns;
  const meets = cells.filter(({ row, track: at }) => row === rows - 1 && at === track).length > 0;
  return meets ? rows : rows - 1;
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
