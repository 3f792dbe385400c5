// What sessions cost in memory: all processes but the sessions' own programs, with what they
// share with others divided among them (PSS). Synk's shells that wait are part of it.

import { waitFor } from '../e2e/harness/waiting.mjs';
import { createPlace, proportionalBytes, SCROLLBACK, SIZE } from './contenders/place.mjs';
import { MIB, textLines } from './payloads.mjs';
import { inTurns, withHost } from './turns.mjs';

export const title = 'Memory for each session';
export const rounds = 5;
export const optional = false;

const PROGRAM = 'sleep';
const COUNTS = [1, 12, 50, 200];
/** Those whose sessions are cheap enough to have so many of. */
const MANY = ['Synk', 'tmux'];
const FEW = 12;

/** How many programs have shown what they had to show, and the memory of everything else. */
function look(place) {
  const all = place.processes();
  const programs = all.filter(({ name }) => name === PROGRAM);
  const others = all.filter((one) => !programs.includes(one));
  return {
    programs: programs.length,
    mib: others.reduce((sum, { pid }) => sum + proportionalBytes(pid), 0) / MIB,
  };
}

/** Grows to each of the counts, and answers MiB in all by count. */
async function grow(contender, counts, script) {
  const place = createPlace();
  const program = place.program('idle', script(place));
  try {
    return await withHost(contender, place, async (host) => {
      const found = {};
      let running = 0;
      for (const count of [0, ...counts]) {
        for (; running < count; running += 1) await host.start(`one-${running}`, program, SIZE);
        await waitFor('every program', () => look(place).programs === count, 60_000);
        found[count] = look(place).mib;
      }
      return found;
    });
  } finally {
    place.remove();
  }
}

const kinds = {
  idle: () => `exec ${PROGRAM} 100000`,
  [`with ${SCROLLBACK.toLocaleString('en-GB')} lines`]: (place) =>
    `cat ${place.file('lines', textLines(SCROLLBACK + SIZE.rows))}; exec ${PROGRAM} 100000`,
};

export async function run(bench) {
  const measures = [];
  const who = bench.contenders.filter(({ holds }) => holds);
  for (const [kind, script] of Object.entries(kinds)) {
    const { values, notes } = await inTurns(bench, who, async (contender) => {
      const most = bench.quick ? FEW : MANY.includes(contender.name) ? Infinity : FEW;
      const counts = COUNTS.filter((count) => count <= most);
      const all = await grow(contender, counts, script);
      const each = counts.map((count) => [count, (all[count] - all[0]) / count]);
      const last = counts.at(-1);
      const linear = (all[last] - all[0]) / last / ((all[FEW] - all[0]) / FEW);
      return { 0: all[0], ...Object.fromEntries(each), ...(last > FEW ? { linear } : {}) };
    });
    const { 0: nothing, linear, ...byCount } = values;
    if (measures.length === 0) {
      measures.push({
        what: 'no session yet',
        unit: 'MiB',
        better: 'less',
        values: nothing,
        notes,
      });
    }
    const idle = kind === 'idle';
    for (const [count, each] of Object.entries(byCount)) {
      const what = count === '1' ? `one session, ${kind}` : `each of ${count} sessions, ${kind}`;
      const reach = idle && count !== '1' ? [{ of: 'Synk', limit: 5 }] : [];
      const guard = count === '1' ? [] : [{ of: 'Synk', limit: idle ? 2.5 : 24 }];
      measures.push({ what, unit: 'MiB', better: 'less', values: each, reach, guard });
    }
    if (linear) {
      measures.push({
        what: `each of the most beside each of ${FEW}, ${kind}`,
        unit: 'times',
        better: 'less',
        values: linear,
        reach: [{ of: 'Synk', limit: 1.1 }],
      });
    }
  }
  return measures;
}
