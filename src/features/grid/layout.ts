// Where each pane of a grid stands. Pure: a count in, cells out.

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

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
