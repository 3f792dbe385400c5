import { describe, expect, it } from 'vitest';
import { arrange, neighbour, shapeOf } from './layout';

describe('the shape of the grid', () => {
  it.each([
    [0, 1, 1],
    [1, 1, 1],
    [2, 2, 1],
    [3, 2, 2],
    [4, 2, 2],
    [5, 3, 2],
    [6, 3, 2],
    [7, 3, 3],
    [8, 3, 3],
    [9, 3, 3],
    [10, 4, 3],
    [11, 4, 3],
    [12, 4, 3],
  ])('%i panes stand in %i × %i', (count, columns, rows) => {
    expect(shapeOf(count)).toEqual({ columns, rows });
  });

  it.each(Array.from({ length: 12 }, (_, index) => [index + 1]))(
    '%i panes leave no hole and cover no other',
    (count) => {
      const { tracks, rows, cells } = arrange(count);
      const covered = new Set<string>();
      for (const { row, track, span } of cells) {
        for (let at = track; at < track + span; at += 1) covered.add(`${row}:${at}`);
      }
      expect(cells).toHaveLength(count);
      expect(covered.size).toBe(tracks * rows);
      const spans = cells.reduce((sum, { span }) => sum + span, 0);
      expect(spans).toBe(tracks * rows);
    },
  );
});

describe('the pane in a direction', () => {
  it.each([
    [4, 0, 'right', 1],
    [4, 0, 'down', 2],
    [4, 0, 'left', null],
    [4, 0, 'up', null],
    [4, 1, 'right', null],
    [3, 2, 'up', 0],
    [3, 1, 'down', 2],
    [5, 2, 'down', 4],
    [5, 4, 'up', 2],
    [12, 5, 'down', 9],
    [12, 7, 'right', null],
  ] as const)('of %i panes, from %i to the %s: %s', (count, from, direction, to) => {
    expect(neighbour(count, from, direction)).toBe(to);
  });

  it('is nothing for a pane that is not there', () => {
    expect(neighbour(2, 7, 'left')).toBeNull();
  });
});
