// From starting the program to a window that can be used, with the daemon running: page painted,
// every terminal on show with its screen. The moment is taken in the page and written into the
// window's log by the shell.

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

/** How many panes there are; the first is what the others are held to. */
const PANES = [4, 12, 0];
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
  const homes = {};
  try {
    for (const panes of PANES) homes[panes] = await homeWith(panes, screen);
    const who = PANES.map((panes) => ({
      name: `Synk, ${panes || 'no'} panes`,
      home: homes[panes],
    }));
    const { values } = await inTurns(bench, who, async ({ home }) => ({
      ms: await start(home, screen),
    }));
    const what = 'until the window can be used';
    return [{ what, unit: 'ms', better: 'less', values: values.ms }];
  } finally {
    for (const home of Object.values(homes)) await home.close();
    await screen.close();
  }
}
