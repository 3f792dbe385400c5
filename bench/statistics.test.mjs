import assert from 'node:assert/strict';
import { test } from 'node:test';
import { best, describe, judge, overlap, percentile, short } from './statistics.mjs';

test('the middle of an even count lies between two numbers', () => {
  assert.deepEqual(describe([3, 1, 2]), { median: 2, min: 1, max: 3 });
  assert.deepEqual(describe([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4 });
  assert.deepEqual(describe([7]), { median: 7, min: 7, max: 7 });
});

test('a percentile is one of the values', () => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at);
  assert.equal(percentile(values, 0.99), 99);
  assert.equal(percentile(values, 1), 100);
  assert.equal(percentile([5], 0.99), 5);
});

test('ranges that touch overlap', () => {
  assert.ok(overlap({ min: 1, max: 2 }, { min: 2, max: 3 }));
  assert.ok(!overlap({ min: 1, max: 2 }, { min: 2.1, max: 3 }));
});

test('numbers are short', () => {
  assert.deepEqual([0, 0.004, 0.126, 1.234, 10, 12.34, 123.4, 12345].map(short), [
    '0',
    '0.004',
    '0.13',
    '1.23',
    '10',
    '12.3',
    '123',
    '12,345',
  ]);
});

const speed = { unit: 'MB/s', better: 'more', values: { Synk: [60], tmux: [30], screen: [] } };
const time = { unit: 'ms', better: 'less', values: { Synk: [1.15], tmux: [1] } };

test('goals are reached from the good side', () => {
  assert.ok(judge(speed, { of: 'Synk', than: 'tmux', ratio: 2 }).reached);
  assert.ok(!judge(speed, { of: 'Synk', than: 'tmux', ratio: 2.1 }).reached);
  assert.ok(judge(speed, { of: 'Synk', limit: 60 }).reached);
  assert.ok(!judge(time, { of: 'Synk', than: 'tmux', plus: 0.1 }).reached);
  assert.ok(judge(time, { of: 'Synk', than: 'tmux', plus: 0.2 }).reached);
  assert.ok(!judge(time, { of: 'Synk', limit: 1 }).reached);
});

test('a goal says what was wanted and what there was', () => {
  assert.equal(
    judge(time, { of: 'Synk', than: 'tmux', ratio: 0.5 }).says,
    'Synk ≤ 0.50 × tmux: 1.15 ms, 1.15 × tmux',
  );
  assert.equal(judge(speed, { of: 'Synk', limit: 20 }).says, 'Synk ≥ 20 MB/s: 60 MB/s');
});

test('a guard looks at the best', () => {
  const busy = { unit: 'MB/s', better: 'more', values: { Synk: [10, 60], tmux: [5, 20] } };
  assert.ok(judge(busy, { of: 'Synk', than: 'tmux', ratio: 3 }, best).reached);
  assert.ok(!judge(busy, { of: 'Synk', than: 'tmux', ratio: 3.1 }, best).reached);
});

test('what was not measured is neither reached nor missed', () => {
  const judged = judge(speed, { of: 'Synk', than: 'screen', ratio: 1 });
  assert.equal(judged.reached, null);
  assert.match(judged.says, /screen was not measured/);
});
