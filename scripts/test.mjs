// `npm test [-- layer…]`: sets up what is missing, runs the layers in order, goes on through
// failures, and ends with one table. Names choose layers: `npm test -- rust web`.

import { main } from './console.mjs';
import { Problem } from './run.mjs';
import { build, prepare } from './setup/everything.mjs';
import { layers } from './test/layers.mjs';
import { nothingLeft, processesOf } from './test/leftovers.mjs';
import { runLayer } from './test/run_layer.mjs';
import { summarize } from './test/summary.mjs';

/** The layers that `names` choose; none chooses all. */
function chosen(all, names) {
  const unknown = names.filter((name) => !all.some((layer) => layer.name === name));
  if (unknown.length > 0) {
    throw new Problem(
      `There is no layer “${unknown.join('”, “')}”; the layers are ${all.map((one) => one.name).join(', ')}.`,
    );
  }
  return names.length === 0 ? all : all.filter((layer) => names.includes(layer.name));
}

/** Runs work that throws a Problem when it fails, in the shape of a layer with one check. */
async function check(name, work) {
  const began = performance.now();
  const failures = [];
  try {
    await work();
  } catch (error) {
    failures.push({
      output: error instanceof Problem ? error.message : error.stack,
    });
  }
  const failed = failures.length;
  return { name, passed: 1 - failed, failed, failures, milliseconds: performance.now() - began };
}

await main(async () => {
  const run = chosen(layers(), process.argv.slice(2));
  const results = [await check('set-up', () => prepare('test'))];
  if (results[0].failed > 0) return summarize(results);
  results.push(await check('build', () => build('test')));

  const before = processesOf();
  for (const layer of run) {
    results.push(layer.unavailable ? layer : await runLayer(layer));
  }
  results.push(await check('left behind', () => nothingLeft(before)));
  return summarize(results);
});
