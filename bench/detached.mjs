// How fast a program can put out what it has while nobody looks at it, and while somebody does
// who has stopped reading; and whether what holds the session grows by it.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../e2e/harness/waiting.mjs';
import { createPlace, proportionalBytes, SIZE } from './contenders/place.mjs';
import { MIB, writeOutput } from './payloads.mjs';
import { openTerminal } from './terminal.mjs';
import { inTurns, withHost } from './turns.mjs';

export const title = 'Output while nobody looks, and while who looks has stopped reading';
export const rounds = 5;
export const optional = false;

/**
 * Enough to fill every scrollback and to have Synk's log begin two new segments, which is all that
 * happens once: what grows after it grows for ever.
 */
const FIRST = 20 * MIB;
const PROGRAM = ['put-out', 'cat', 'sleep', 'date'];

/** The memory of all that is not the program, in bytes. */
const held = (place) =>
  place
    .processes()
    .filter(({ name }) => !PROGRAM.includes(name))
    .reduce((sum, { pid }) => sum + proportionalBytes(pid), 0);

/**
 * Has a program put out all it has; `viewer` is what looks at it. Answers its speed, as the
 * program itself saw it, and by how much that which holds it grew.
 */
async function once(contender, place, bytes, limit, viewer) {
  const at = (name) => join(place.folder, name);
  const until = (name) => `until [ -e ${at(name)} ]; do sleep 0.02; done`;
  for (const name of ['go', 'times', 'filled']) rmSync(at(name), { force: true });
  const clock = 'date +%s%N';
  const script = `printf ready; cat ${at('first')}; echo > ${at('filled')}; ${until('go')}
${clock} > ${at('times')}; cat ${at('plain')}; ${clock} >> ${at('times')}; exec sleep 1000`;
  const program = place.program('put-out', script);
  return withHost(contender, place, async (host) => {
    const session = await host.start('one', program, SIZE);
    const terminal = viewer === 'none' ? null : openTerminal(session.attach, place.environment);
    try {
      if (terminal) await terminal.quiet(300);
      await waitFor('the first output', () => existsSync(at('filled')));
      if (viewer === 'stopped') await terminal.pause();
      const before = held(place);
      writeFileSync(at('go'), '');
      const times = () => readFileSync(at('times'), 'utf8').trim().split('\n').map(BigInt);
      await waitFor('the end of the output', () => times().length === 2, limit);
      const [began, ended] = times();
      const grown = (held(place) - before) / MIB;
      return { speed: bytes / 1e6 / (Number(ended - began) / 1e9), grown };
    } finally {
      await terminal?.close();
      await session.end();
    }
  });
}

export async function run(bench) {
  const place = createPlace();
  const bytes = writeOutput(join(place.folder, 'plain'), 'plain', (bench.quick ? 16 : 100) * MIB);
  writeOutput(join(place.folder, 'first'), 'plain', FIRST);
  const limit = 60_000;
  const measures = [];
  try {
    for (const [viewer, words] of [
      ['none', 'nobody looks'],
      ['stopped', 'who looks has stopped reading'],
    ]) {
      const { values, notes } = await inTurns(bench, bench.contenders, async (contender) => {
        // A bare terminal stands still when nobody reads it: it is the limit with a reader.
        const how = contender.holds ? viewer : 'reading';
        const { speed, grown } = await once(contender, place, bytes, limit, how);
        return contender.holds ? { speed, grown } : { speed };
      });
      measures.push({
        what: `${words}: ${Math.round(bytes / MIB)} MiB of plain output`,
        unit: 'MB/s',
        better: 'more',
        values: values.speed,
        reach: [{ of: 'Synk', than: 'bare PTY', ratio: 0.9 }],
        guard: [{ of: 'Synk', than: 'bare PTY', ratio: 0.7 }],
        notes: ['bare PTY is read at full speed in both cases', ...notes],
      });
      measures.push({
        what: `${words}: growth of what holds the session`,
        unit: 'MiB',
        better: 'less',
        values: values.grown,
        reach: [{ of: 'Synk', limit: 2 }],
        guard: [{ of: 'Synk', limit: 8 }],
      });
    }
  } finally {
    place.remove();
  }
  return measures;
}
