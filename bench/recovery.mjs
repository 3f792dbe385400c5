// `kill -9` of each process of Synk while a session counts as fast as it can, at another moment
// each time: bytes that its log lacks afterwards, and bytes that it has twice. A shim takes its
// session with it; what that had logged is a beginning without a gap.

import { join } from 'node:path';
import { logOf, moment, NUMBERS, tally } from '../e2e/harness/counting.mjs';
import { createHome } from '../e2e/harness/home.mjs';
import { openScreen } from '../e2e/harness/screen.mjs';
import { waitFor } from '../e2e/harness/waiting.mjs';
import { openWindow } from '../e2e/harness/window.mjs';
import { commandBinary } from '../scripts/paths.mjs';
import { connect } from './connection.mjs';

export const title = 'Bytes lost and doubled when a process is killed under load';
export const rounds = 100;
export const optional = false;
export const alone = true;

/** How long the counting may take: a busy machine needs a while for it. */
const COUNTING_MS = 300_000;
const COUNTER = `echo ready; read go; seq 1 ${NUMBERS}; echo all-done; exec cat`;

/** Starts a program in the window's grid, or without a pane. */
async function start(home, command, background) {
  const daemon = connect(join(home.environment.SYNK_HOME, 'run', 'daemon.sock'));
  try {
    const place = { agentType: 'terminal', projectPath: home.project, background };
    return (await daemon.call('session:create', { ...place, command })).sessionId;
  } finally {
    daemon.close();
  }
}

const sessionOf = async (home, id) =>
  (await home.sessions()).find(({ sessionId }) => sessionId === id);

const pidOf = (home, what, pattern) =>
  waitFor(what, () => home.processes().find(({ command }) => pattern.test(command))?.pid);

/** Who dies: how it comes to be there, and its process. */
const VICTIMS = {
  daemon: { find: ({ home }) => pidOf(home, 'the daemon', /^\S*synk daemon/) },
  viewer: {
    // A session of its own is the terminal that it is used from.
    begin: async ({ home }, id) => {
      const viewer = await start(home, [commandBinary, 'attach', String(id)], true);
      await waitFor('the viewer', async () => (await home.screen(viewer)).includes('ready'));
      return () => home.synk('kill', '--force', viewer);
    },
    find: ({ home }, id) => pidOf(home, 'the viewer', new RegExp(`synk attach ${id}$`)),
  },
  window: {
    begin: async (place, id) => {
      const window = await openWindow(place);
      await window.hasPanes(1);
      await waitFor('the pane', async () => (await window.pane(id)).state === 'running');
      return () => window.close();
    },
    find: ({ home }) => pidOf(home, 'the window', /^\S*synk-desktop( |$)/),
  },
  shim: { find: async ({ home }, id) => (await sessionOf(home, id)).shimPid, takesSession: true },
};

/** Kills one while a session counts; answers the bytes that its log lacks and has twice. */
async function round(place, { begin, find, takesSession }, number) {
  const { home } = place;
  const id = await start(home, ['sh', '-c', COUNTER], false);
  await waitFor('the counter', async () => (await home.screen(id)).includes('ready'));
  const end = await begin?.(place, id);
  try {
    const pid = await find(place, id);
    const shim = connect(join(home.environment.SYNK_HOME, 'run', 'shims', `${id}.sock`));
    const before = home.logBytes(id);
    shim.type('go\n');
    await moment(home, id, before, number);
    process.kill(pid, 'SIGKILL');
    shim.close();
    if (takesSession) {
      await waitFor('its loss', async () => (await sessionOf(home, id)).state === 'lost');
      const counted = tally(await logOf(home, id));
      if (counted.last === 0) throw new Error('the log of a lost session has no beginning');
      return counted;
    }
    const whole = async () => {
      const lines = await logOf(home, id);
      if (!lines.includes('all-done')) return false;
      const counted = tally(lines);
      if (counted.last !== NUMBERS) throw new Error(`the log goes up to ${counted.last}`);
      return counted;
    };
    return await waitFor('the end of the log', whole, COUNTING_MS);
  } finally {
    await end?.();
    await home.synk('kill', '--force', id);
    await home.synk('clean', '--older-than', '0s');
  }
}

export async function run({ rounds: count, log }) {
  const screen = await openScreen();
  const home = createHome(screen.environment);
  const place = { home, screen };
  const measures = [];
  try {
    await home.synk('ls');
    const counted = Object.fromEntries(Object.keys(VICTIMS).map((victim) => [victim, []]));
    for (let number = 1; number <= count; number += 1) {
      for (const [victim, how] of Object.entries(VICTIMS)) {
        counted[victim].push(await round(place, how, number));
      }
      log(`round ${number} of ${count}`);
    }
    for (const [victim, all] of Object.entries(counted)) {
      for (const what of ['lost', 'doubled']) {
        const none = [{ of: 'Synk', limit: 0 }];
        const values = { Synk: all.map((one) => one[what]) };
        const name = `kill -9 of the ${victim}: ${what}`;
        measures.push({
          what: name,
          unit: 'bytes',
          better: 'less',
          values,
          reach: none,
          guard: none,
        });
      }
    }
  } finally {
    await home.close();
    await screen.close();
  }
  return measures;
}
