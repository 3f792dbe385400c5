import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cargoCounts } from './counts.mjs';
import { runLayer } from './run_layer.mjs';
import { table, totals } from './summary.mjs';

const script = (source) => ({ program: process.execPath, args: ['-e', source] });
const limit = 20_000;

test('a failing step does not keep the next one from running', async () => {
  const steps = [script('process.exit(3)'), script('')];
  const result = await runLayer({ name: 'sample', steps, limit });
  assert.equal(result.failed, 1);
  assert.equal(result.passed, 1);
  assert.equal(result.failures.length, 1);
});

test('a runner that fails without a failed test still fails', async () => {
  const source = "console.log('test result: ok. 2 passed; 0 failed;'); process.exit(101)";
  const result = await runLayer({
    name: 'sample',
    steps: [{ ...script(source), counts: cargoCounts }],
    limit,
  });
  assert.deepEqual([result.passed, result.failed], [2, 1]);
});

test('a step that hangs is stopped and has failed', async () => {
  const result = await runLayer({
    name: 'sample',
    steps: [script('setInterval(() => {}, 1000)')],
    limit: 300,
  });
  assert.equal(result.failed, 1);
  assert.match(result.failures[0].output, /without an end/);
});

test('a program that is not there is a failure with its name', async () => {
  const result = await runLayer({
    name: 'sample',
    steps: [{ program: 'no-such-program', args: [] }],
    limit,
  });
  assert.match(result.failures[0].output, /no-such-program could not be started/);
});

test('the table adds up and says why a layer did not run', () => {
  const results = [
    { name: 'rust', passed: 12, failed: 1, milliseconds: 65_000 },
    { name: 'e2e', unavailable: 'only on Linux' },
  ];
  assert.deepEqual(totals(results), { passed: 12, failed: 1 });
  assert.deepEqual(table(results), [
    'layer  passed  failed  time',
    'rust       12       1  1 min 05 s',
    'e2e         –       –  only on Linux',
  ]);
});
