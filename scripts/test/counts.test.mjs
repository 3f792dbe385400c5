import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cargoCounts, nodeCounts, vitestCounts } from './counts.mjs';

test('cargo: every test binary is added up, in colour or not', () => {
  const output = [
    'running 3 tests',
    'test result: \u001b[32mok\u001b[0m. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out',
    'test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out',
  ].join('\n');
  assert.deepEqual(cargoCounts(output), { passed: 7, failed: 2 });
});

test('vitest: the line of tests counts, not the one of files', () => {
  const output = ' Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 20 passed (21)\n';
  assert.deepEqual(vitestCounts(output), { passed: 20, failed: 1 });
  assert.deepEqual(vitestCounts('      Tests  5 passed (5)\n'), { passed: 5, failed: 0 });
});

test('node: what was cancelled has failed', () => {
  assert.deepEqual(nodeCounts('ℹ tests 5\nℹ pass 3\nℹ fail 1\nℹ cancelled 1\n'), {
    passed: 3,
    failed: 2,
  });
});

test('a runner that says nothing has no counts', () => {
  for (const counts of [cargoCounts, vitestCounts, nodeCounts]) {
    assert.equal(counts('error: could not compile'), null);
  }
});
