// `npm run bench [-- NAME…] [--rounds N] [--quick]`: Synk beside others, in one run, in turns, on
// the same work. Prints what it measured and on what, and names nobody ahead where the ranges
// overlap; writes the numbers and a picture of them into bench/results.
//
// Everything that needs an npm package is in ./suite.mjs, which is loaded once they are installed:
// this runs in a checkout in which nothing is.
//
// A benchmark is a module with a `title`, the `rounds` of a full run, whether it is `optional`
// (only run when named) or `alone` (nobody else does that work), and `run(bench)`, which is given
// `{ rounds, quick, contenders, log }` and resolves with measures, each a group of bars:
//
//   what, unit, better   its words, and whether `more` or `less` is good
//   values               by contender, Synk first, a number for each round
//   reach                what it is to reach: `{ of, limit }` or `{ of, than, ratio, plus }`
//   guard                the same with a wide margin, which the best round of a quick run is to keep
//   notes                sentences

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { complain, main, say } from '../scripts/console.mjs';
import { root } from '../scripts/paths.mjs';
import { Problem } from '../scripts/run.mjs';
import { installContenders } from '../scripts/setup/contenders.mjs';
import { build, prepare } from '../scripts/setup/everything.mjs';
import { contenders } from './contenders/all.mjs';
import { picture } from './picture.mjs';
import { best, judge } from './statistics.mjs';
import { table } from './table.mjs';

const QUICK_ROUNDS = 3;
const results = join(root, 'bench', 'results');

const machine = () => ({
  cpu: `${cpus().length} × ${cpus()[0]?.model}`,
  memoryGib: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${release()}`,
  node: process.version,
  load: loadavg().map((load) => load.toFixed(1)),
  date: new Date().toISOString(),
});

/** Runs one and writes it down; answers which guards did not hold. */
async function run(name, benchmark, { rounds: asked, quick, found }) {
  const { title, rounds: usual, run, alone } = benchmark;
  const rounds = asked ?? (quick ? QUICK_ROUNDS : usual);
  const before = machine();
  const began = performance.now();
  say(`\n${name}: ${title}, ${rounds} ${rounds === 1 ? 'round' : 'rounds in turns'}`);
  const log = (line) => {
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}`);
  };
  const measures = await run({ rounds, quick, contenders: found.present, log });
  log('');
  for (const measure of measures) say(`\n${table(measure).join('\n')}`);
  const seconds = Math.round((performance.now() - began) / 1000);
  say(
    `\n${before.date}, ${seconds} s, ${before.cpu}, ${before.system}, load ${before.load} before`,
  );
  const beside = alone ? { versions: { Synk: found.versions.Synk }, absent: {} } : found;
  const { versions, absent, commands } = beside;
  const flags = `${asked ? ` --rounds ${asked}` : ''}${quick ? ' --quick' : ''}`;
  const command = `npm run bench -- ${name}${flags}`;
  const written = { name, title, command, rounds, quick, machine: before, seconds };
  const result = { ...written, versions, absent, commands, measures };
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(results, `${name}.svg`), picture(result));
  if (!quick) return [];
  return measures.flatMap((measure) =>
    (measure.guard ?? [])
      .map((goal) => judge(measure, goal, best))
      .filter(({ reached }) => reached === false)
      .map(({ says }) => `the guard of ${name} did not hold, ${measure.what}: ${says}`),
  );
}

await main(async () => {
  const options = { rounds: { type: 'string' }, quick: { type: 'boolean', default: false } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
    throw new Problem(`--rounds ${values.rounds}: say how many, from 1 on.`);
  }
  // A quick run is a part of `npm test`, which has built everything.
  if (!values.quick) await prepare('test');
  const { BENCHMARKS, chosen } = await import('./suite.mjs');
  const names = chosen(positionals, values.quick);
  if (!values.quick) {
    await build('test');
    if (!names.every((name) => BENCHMARKS[name].alone)) await installContenders();
  }
  const found = contenders(values.quick);
  for (const [who, version] of Object.entries(found.versions)) {
    say(`${who}: ${version}  ${found.commands[who]}`);
  }
  for (const [who, why] of Object.entries(found.absent)) say(`without ${who}: ${why}`);
  const broken = [];
  for (const name of names) {
    try {
      broken.push(...(await run(name, BENCHMARKS[name], { rounds, quick: values.quick, found })));
    } catch (error) {
      // The others are measured all the same.
      complain(error.stack);
      broken.push(`${name} could not be measured: ${error.message}`);
    }
  }
  say('');
  for (const sentence of broken) say(`✗ ${sentence}`);
  return broken.length === 0 ? 0 : 1;
});
