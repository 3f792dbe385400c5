import { describe, expect, it } from 'vitest';
import {
  arrange,
  EQUAL_SHARE,
  evened,
  lineAt,
  neighbour,
  resized,
  rowsCrossed,
  shapeOf,
  sharesOf,
  tracksOf,
} from './layout';

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

describe('shares of columns and rows', () => {
  it.each([
    ['none kept', [], 3, [1000, 1000, 1000]],
    ['fewer kept', [500], 2, [500, 1000]],
    ['more kept', [500, 700, 900], 2, [500, 700]],
  ])('with %s are one for each', (_, kept, count, shares) => {
    expect(sharesOf(kept, count)).toEqual(shares);
  });

  it.each([
    [3, [2000, 500], [2000, 500]],
    [5, [1800, 1000, 600], [900, 900, 500, 500, 300, 300]],
    [11, [3000, 1500, 900, 600], [1000, 1000, 1000, 500, 500, 500, 300, 300, 300, 200, 200, 200]],
  ])('of %i panes give each track its part of its column', (count, kept, tracks) => {
    expect(tracksOf(arrange(count), kept)).toEqual(tracks);
  });

  it.each([
    ['further', [], 2, 0, 0.25, 0.1, [1500, 500]],
    ['back', [], 2, 0, -0.25, 0.1, [500, 1500]],
    ['between the last two', [2000, 1000, 1000], 3, 1, 0.125, 0.05, [2000, 1500, 500]],
    ['as far as the other has room', [], 2, 0, 0.9, 0.2, [1600, 400]],
    ['as far as the daemon takes it', [], 2, 0, 0.9, 0, [1900, 100]],
    ['not at all without room for both', [], 2, 0, 0.1, 0.6, []],
    ['and keeps what is not there', [1000, 1000, 700], 2, 0, 0.25, 0.1, [1500, 500, 700]],
    ['nowhere at the edge', [900, 1100], 2, 1, 0.2, 0.1, [900, 1100]],
  ])('a line goes %s', (_, kept, count, index, by, least, shares) => {
    expect(resized(kept, count, index, by, least)).toEqual(shares);
  });

  it('never leave what the daemon takes', () => {
    const shares = resized([10_000, 10_000], 2, 0, 1, 0);
    expect(shares).toEqual([10_000, 10_000]);
  });

  it('are even again on both sides of a line, and as they were elsewhere', () => {
    expect(evened([2000, 501, 300], 3, 0)).toEqual([1251, 1250, 300]);
    expect(evened([], 2, 0)).toEqual([EQUAL_SHARE, EQUAL_SHARE]);
    expect(evened([700], 1, 0)).toEqual([700]);
  });

  it.each([
    [[], 2, 0, 0.5],
    [[3000, 1000], 2, 0, 0.75],
    [[2000, 1000, 1000], 3, 1, 0.75],
  ])('%j put the line behind %i at %f', (kept, count, index, at) => {
    expect(lineAt(kept, count, index)).toBe(at);
  });

  it.each([
    [2, 0, 1],
    [3, 0, 1],
    [4, 0, 2],
    [5, 0, 1],
    [10, 0, 2],
    [10, 1, 3],
    [12, 2, 3],
  ])('of %i panes, the line behind column %i goes through %i rows', (count, index, rows) => {
    expect(rowsCrossed(arrange(count), index)).toBe(rows);
  });
});
