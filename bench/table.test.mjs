import assert from 'node:assert/strict';
import { test } from 'node:test';
import { table } from './table.mjs';

const measure = {
  what: 'plain output',
  unit: 'MB/s',
  better: 'more',
  values: { Synk: [60, 62, 61], tmux: [30, 31, 32], screen: [59, 61, 70] },
  reach: [
    { of: 'Synk', than: 'tmux', ratio: 1.5 },
    { of: 'Synk', limit: 100 },
  ],
  notes: ['a note'],
};

test('a table names nobody ahead where ranges overlap', () => {
  assert.deepEqual(table(measure, { zellij: 'it is not installed' }), [
    'plain output [MB/s, more is better]',
    '          median  min  max  to Synk',
    '  Synk        61   60   62',
    '  tmux        31   30   32   0.51 ×',
    '  screen      61   59   70  overlap',
    '  zellij: it is not installed',
    '  ✓ Synk ≥ 1.50 × tmux: 61 MB/s, 1.97 × tmux',
    '  ✗ Synk ≥ 100 MB/s: 61 MB/s',
    '  · a note',
  ]);
});
