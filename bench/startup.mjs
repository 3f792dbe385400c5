// From starting the program to a window that can be used: page painted, every terminal on show with
// its screen. Warm, with the daemon running, and cold, when the window starts it. The moment is
// taken in the page and written into the window's log by the shell.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { createHome } from '../e2e/harness/home.mjs';
import { openScreen } from '../e2e/harness/screen.mjs';
import { desktopBinary } from '../scripts/paths.mjs';
import { inTurns } from './turns.mjs';

export const title = 'From starting the window to its use';
export const rounds = 30;
export const optional = false;
export const alone = true;

/** With how many panes; the first is what the others are held to. */
const STARTS = [
  { name: 'Synk, 4 panes', panes: 4 },
  { name: 'Synk, 4 panes, cold', panes: 4, cold: true },
  { name: 'Synk, 12 panes', panes: 12 },
  { name: 'Synk, no panes', panes: 0 },
];
/** What it is to take at the most, in milliseconds, as long as the daemon runs. */
const REACH = STARTS.filter(({ cold }) => !cold).map(({ name }) => ({ of: name, limit: 1000 }));
/** Panes cost little: it was 2.4 times while each terminal had all others worked out again. */
const GUARD = [{ of: 'Synk, 12 panes', than: 'Synk, no panes', ratio: 2 }];
const SAID = 'the page can be used';
/** A start that takes longer, in milliseconds, is none. */
const LIMIT = 30_000;

/** When the windows that wrote into this folder could be used, in milliseconds since 1970. */
function moments(logs) {
  return readdirSync(logs)
    .filter((name) => name.startsWith('window'))
    .flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'))
    .filter((line) => line.includes(SAID))
    .map((line) => Date.parse(line.split(' ', 1)[0]));
}

/** Starts the window in a home, and ends it once it can be used. Answers how long that took. */
async function start(home, screen) {
  const logs = join(home.environment.SYNK_HOME, 'state', 'logs');
  const before = moments(logs).length;
  const begin = Date.now();
  const window = spawn(desktopBinary, [], {
    env: { ...home.environment, ...screen.environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(window, 'exit');
  const signal = AbortSignal.timeout(LIMIT);
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error(`no window within ${LIMIT} ms`)));
      ended.then(([code]) => reject(new Error(`the window ended with ${code}`)), reject);
      const look = () => {
        const [moment] = moments(logs).slice(before);
        if (moment === undefined) return;
        watcher.close();
        resolve(moment - begin);
      };
      const watcher = watch(logs, look);
      look();
    });
  } finally {
    window.kill('SIGKILL');
    await ended;
  }
}

/** A home whose daemon runs, with so many shells in panes. */
async function homeWith(panes, screen) {
  const home = createHome(screen.environment);
  await home.synk('ls');
  for (let pane = 0; pane < panes; pane += 1) await home.synk('new', '--pane');
  return home;
}

export async function run(bench) {
  const screen = await openScreen();
  const who = [];
  try {
    for (const each of STARTS) who.push({ ...each, home: await homeWith(each.panes, screen) });
    const { values } = await inTurns(bench, who, async ({ home, cold }) => {
      // Its sessions go on without it.
      if (cold) await home.synk('stop');
      return { ms: await start(home, screen) };
    });
    const what = 'until the window can be used';
    return [{ what, unit: 'ms', better: 'less', values: values.ms, reach: REACH, guard: GUARD }];
  } finally {
    for (const { home } of who) await home.close();
    await screen.close();
  }
}
