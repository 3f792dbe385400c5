// Runs the steps of one layer, all of them even when one fails, and adds up what they say.

import { bold, say } from '../console.mjs';
import { watched } from '../run.mjs';

/** Counts of a step: the runner's own, or the step as one check. */
function countsOf(step, { code, output }) {
  const counts = step.counts?.(output) ?? {
    passed: code === 0 ? 1 : 0,
    failed: code === 0 ? 0 : 1,
  };
  // A runner can fail without a failed test: something did not compile, or it was killed.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * Answers `{ name, passed, failed, milliseconds, failures }`, where `failures` are the steps
 * that failed with their output.
 */
export async function runLayer({ name, steps, limit }) {
  const began = performance.now();
  const result = { name, passed: 0, failed: 0, failures: [] };
  for (const step of steps) {
    const command = [step.program.split('/').pop(), ...step.args].join(' ');
    say(`\n${bold(`▸ ${name}`)}  ${command}`);
    const ended = await watched(step.program, step.args, { cwd: step.cwd, env: step.env, limit });
    const { passed, failed } = countsOf(step, ended);
    result.passed += passed;
    result.failed += failed;
    if (failed > 0) result.failures.push({ command, output: ended.output });
  }
  return { ...result, milliseconds: performance.now() - began };
}
