// `npm run bench [-- NAME]`: Synk beside others, in one run, in turns, on the same work. Prints
// what it measured and on what, and names no winner where the ranges overlap.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/paths.mjs';
import { run as spawn } from './spawn.mjs';
import { run as startup } from './startup.mjs';

const ROUNDS = 30;
/** Each answers milliseconds by contender; the first is the one that the others are held to. */
const BENCHMARKS = { spawn, startup };

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

function describe(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: at(sorted, 0.5), p95: at(sorted, 0.95), min: sorted[0], max: sorted.at(-1) };
}

const versionOf = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' }).trim();

const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
  const benchmark = BENCHMARKS[name];
  if (!benchmark)
    throw new Error(`there is no benchmark “${name}”; there is: ${Object.keys(BENCHMARKS)}`);
  const machine = {
    cpu: `${cpus().length} × ${cpus()[0]?.model}`,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.version,
    tmux: versionOf('tmux', '-V'),
    bash: versionOf('bash', '-c', 'echo $BASH_VERSION'),
    load: loadavg().map((load) => load.toFixed(1)),
    date: new Date().toISOString(),
  };
  const times = await benchmark(ROUNDS);
  const results = Object.fromEntries(
    Object.entries(times).map(([who, all]) => [who, describe(all)]),
  );
  const [[first, held]] = Object.entries(results);
  const rows = Object.entries(results).map(([who, one]) => {
    const overlaps = one.min <= held.max && held.min <= one.max;
    const ratio = who === first || overlaps ? '–' : `${(one.median / held.median).toFixed(1)} ×`;
    return { '': who, ...one, ratio };
  });
  console.log(`${name}: milliseconds, ${ROUNDS} rounds in turns`);
  console.table(Object.fromEntries(rows.map(({ '': who, ...row }) => [who, round(row)])));
  console.log(machine);
  const folder = join(root, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${name}.json`),
    `${JSON.stringify({ machine, times, results }, null, 2)}\n`,
  );
}

function round(row) {
  const short = (value) => (typeof value === 'number' ? Number(value.toFixed(2)) : value);
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, short(value)]));
}
