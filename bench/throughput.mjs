// How fast a program can put out what it has while somebody looks at it: from the key that
// starts it to its end, as it says itself. A multiplexer that draws from a grid need not deliver
// every byte, so what was delivered and whether the last screen is right stand beside it.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createPlace, SIZE, UNTIL_SIZED } from './contenders/place.mjs';
import { KINDS, MIB, writeOutput } from './payloads.mjs';
import { short } from './statistics.mjs';
import { differing, openTerminal } from './terminal.mjs';
import { inTurns, withHost } from './turns.mjs';

export const title = 'Output of a session that somebody looks at';
export const rounds = 5;
export const optional = false;

/** Nothing comes for so many milliseconds: it has all come. */
const QUIET = 300;

/** Measures one contender with one payload. */
async function once(contender, place, kind, bytes) {
  const done = join(place.folder, 'done');
  const script = `stty -echo; ${UNTIL_SIZED}; printf 'ready'; read -r _; cat ${place.folder}/${kind}; echo > ${done}; read -r _`;
  const program = place.program('put-out', script);
  return withHost(contender, place, async (host) => {
    const session = await host.start(kind, program, SIZE);
    const terminal = openTerminal(session.attach, place.environment);
    try {
      await terminal.wait('ready');
      await terminal.quiet(QUIET);
      await terminal.hold();
      const before = await terminal.bytes();
      await terminal.type('\r');
      const ms = await terminal.report(done);
      await terminal.quiet(QUIET);
      const delivered = (await terminal.bytes()) - before;
      const screen = await terminal.screen();
      return { speed: bytes / 1e6 / (ms / 1000), delivered, screen };
    } finally {
      await terminal.close();
      await session.end();
    }
  });
}

/**
 * So many times as fast as tmux it is in the best of a quick run's rounds, or has become slower
 * by nearly half: it was 1.9, 3.0, 6.9 and 2.8 times when this was written.
 */
const GUARDED = { plain: 1.05, coloured: 2.2, unicode: 3.8, fullScreen: 1.6 };

/** What is asked of it for one kind of output. */
const goals = (kind) => ({
  reach: [
    { of: 'Synk', than: 'bare PTY', ratio: 0.9 },
    { of: 'Synk', than: 'tmux', ratio: 1.5 },
  ],
  guard: [{ of: 'Synk', than: 'tmux', ratio: GUARDED[kind] }],
});

export async function run(bench) {
  const place = createPlace();
  execFileSync('mkfifo', [join(place.folder, 'done')]);
  const size = (bench.quick ? 16 : 100) * MIB;
  const wrong = {};
  const measures = [];
  try {
    for (const [kind, words] of Object.entries(KINDS)) {
      const bytes = writeOutput(join(place.folder, kind), kind, size);
      const screens = {};
      const { values, notes } = await inTurns(bench, bench.contenders, async (contender) => {
        const { speed, delivered, screen } = await once(contender, place, kind, bytes);
        screens[contender.name] ??= [];
        screens[contender.name].push(screen);
        return { speed, delivered: delivered / MIB };
      });
      for (const [who, all] of Object.entries(screens)) {
        wrong[who] ??= [];
        all.forEach((screen, round) => {
          // Not everybody has every kind in every round.
          wrong[who][round] = (wrong[who][round] ?? 0) + differing(screen, screens['bare PTY'][0]);
        });
      }
      const delivered = Object.entries(values.delivered).map(
        ([who, all]) => `${who} ${short(all.at(-1))}`,
      );
      const note = `MiB delivered: ${delivered.join(', ')}`;
      measures.push({
        what: `${words} output, ${short(bytes / MIB)} MiB`,
        unit: 'MB/s',
        better: 'more',
        values: values.speed,
        ...goals(kind),
        notes: [note, ...notes],
      });
    }
  } finally {
    place.remove();
  }
  const exact = [{ of: 'Synk', limit: 0 }];
  const cells = { unit: 'cells', better: 'less', values: wrong, reach: exact, guard: exact };
  return [...measures, { what: 'cells that are not as on a bare PTY, in the end', ...cells }];
}
