// From a key to its echo, when nothing else happens: a program that gives back each byte.

import { createPlace, SIZE, UNTIL_SIZED } from './contenders/place.mjs';
import { percentile } from './statistics.mjs';
import { openTerminal } from './terminal.mjs';
import { inTurns } from './turns.mjs';

export const title = 'From a key to its echo, idle';
export const rounds = 5;
export const optional = false;

/** The pause between keys, in milliseconds: longer than anyone joins output for. */
const PAUSE = 20;
export const PROGRAM = `stty raw -echo; ${UNTIL_SIZED}; printf 'ready'; exec cat`;

export async function run(bench) {
  const count = bench.quick ? 60 : 200;
  const places = [];
  const open = {};
  try {
    for (const contender of bench.contenders) {
      const place = createPlace();
      const host = await contender.open(place);
      places.push({ place, host });
      const session = await host.start('echo', place.program('echo', PROGRAM), SIZE);
      const terminal = openTerminal(session.attach, place.environment);
      open[contender.name] = terminal;
      await terminal.wait('ready');
      await terminal.quiet(300);
    }
    const { values, notes } = await inTurns(bench, bench.contenders, async ({ name }) => {
      const times = await open[name].echo(count, PAUSE);
      return { median: percentile(times, 0.5), late: percentile(times, 0.99) };
    });
    const shared = { unit: 'ms', better: 'less', notes };
    const near = [{ of: 'Synk', than: 'tmux', plus: 0.1 }];
    const guard = [{ of: 'Synk', than: 'tmux', ratio: 2, plus: 0.1 }];
    return [
      {
        what: `the middle one of ${count} keys`,
        values: values.median,
        reach: near,
        guard,
        ...shared,
      },
      { what: `the 99th of 100 keys`, values: values.late, ...shared },
    ];
  } finally {
    for (const terminal of Object.values(open)) await terminal.close();
    for (const { place, host } of places) {
      await host.close();
      place.remove();
    }
  }
}
