// Sessions that put out all they can while somebody types into another one: how late that one's
// echo is, and whether the machine is shared fairly among the others.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../e2e/harness/waiting.mjs';
import { createPlace, residentBytes, SIZE, written } from './contenders/place.mjs';
import { PROGRAM } from './echo.mjs';
import { MIB } from './payloads.mjs';
import { percentile } from './statistics.mjs';
import { openTerminal } from './terminal.mjs';
import { inTurns } from './turns.mjs';

export const title = 'Typing while other sessions put out all they can';
export const rounds = 5;
export const optional = false;

const PAUSE = 50;
/** How long a flood lasts, in milliseconds… */
const FLOOD = 20_000;
/** …and how many keys are typed at once in it: whose echo is late has fewer, and no longer flood. */
const KEYS = 5;
/** Who needs more memory for it, in bytes, is stopped before the machine is. */
const MOST = 4 * 1024 * MIB;

async function once(contender, count, time) {
  const place = createPlace();
  const go = join(place.folder, 'go');
  const flood = place.program('flood', `until [ -e ${go} ]; do sleep 0.05; done; exec yes`);
  const host = await contender.open(place);
  let terminal;
  try {
    for (let one = 0; one < count; one += 1) await host.start(`flood-${one}`, flood, SIZE);
    const session = await host.start('typed', place.program('echo', PROGRAM), SIZE);
    terminal = openTerminal(session.attach, place.environment);
    await terminal.wait('ready');
    writeFileSync(go, '');
    const floods = () => place.processes().filter(({ name }) => name === 'yes');
    await waitFor('every flood', () => floods().length === count);
    const all = place.processes();
    const times = [];
    const end = performance.now() + time;
    while (performance.now() < end) {
      times.push(...(await terminal.echo(KEYS, PAUSE)));
      const resident = all.map(({ pid }) => residentBytes(pid));
      if (Math.max(...resident) > MOST) throw new Error(`it took ${MOST / MIB} MiB of memory`);
    }
    const shares = floods().map(({ pid }) => written(pid));
    return {
      late: percentile(times, 0.99),
      fair: Math.min(...shares) / Math.max(...shares),
    };
  } finally {
    await terminal?.close();
    await host.close();
    place.remove();
  }
}

export async function run(bench) {
  const counts = bench.quick ? [12] : [12, 50];
  const time = bench.quick ? 3000 : FLOOD;
  const measures = [];
  for (const count of counts) {
    const who = bench.contenders.filter(({ holds }) => holds);
    const { values, notes } = await inTurns(bench, who, (one) => once(one, count, time));
    measures.push({
      what: `${count} floods: echo, the 99th of 100 keys`,
      unit: 'ms',
      better: 'less',
      values: values.late,
      reach: [{ of: 'Synk', limit: 20 }],
      guard: [{ of: 'Synk', than: 'tmux', ratio: 0.5 }],
      notes,
    });
    measures.push({
      what: `${count} floods: the smallest share beside the greatest`,
      unit: 'of 1',
      better: 'more',
      values: values.fair,
      reach: [{ of: 'Synk', limit: 0.5 }],
    });
  }
  return measures;
}
