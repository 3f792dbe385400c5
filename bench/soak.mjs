// Half an hour (or SYNK_SOAK_MINUTES) of everything at once: sessions that are created, flooded,
// attached to, resized and closed, worktrees that come and go, and a window that is opened again
// once in a while. What the daemon, a shim that lives through all of it, and the window use is to
// be the same in the end as in the beginning.

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createHome } from '../e2e/harness/home.mjs';
import { makeRepository } from '../e2e/harness/repository.mjs';
import { openScreen } from '../e2e/harness/screen.mjs';
import { descriptors, memoryMebibytes, threads, windowPids } from '../e2e/harness/usage.mjs';
import { waitFor } from '../e2e/harness/waiting.mjs';
import { openWindow } from '../e2e/harness/window.mjs';
import { connect } from './connection.mjs';

export const title = 'What Synk uses after half an hour of churn';
export const rounds = 1;
export const optional = true;
export const alone = true;

const MINUTES = Number(process.env.SYNK_SOAK_MINUTES ?? 30);
const BETWEEN_SAMPLES_MS = 30_000;
/** How long a session floods before the next step. */
const FLOOD_MS = 1_000;
const FLOOD = 'trap : INT; while read -r go; do yes "$go"; done';
/** What grew by less than this is flat: more is not told from noise. */
const FLAT = 1.1;

const MEASURES = [
  { name: 'memory', unit: 'MB', of: (pids) => memoryMebibytes(pids) * 1.048576 },
  { name: 'descriptors', unit: 'descriptors', of: descriptors },
  { name: 'threads', unit: 'threads', of: threads },
  { name: 'processes', unit: 'processes', of: (pids) => pids.length },
];

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** By how much it grows in an hour, by least squares over `[seconds, value]`. */
function slope(points) {
  const mean = (at) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [time, value] = [mean(0), mean(1)];
  const up = points.reduce((sum, [at, one]) => sum + (at - time) * (one - value), 0);
  const down = points.reduce((sum, [at]) => sum + (at - time) ** 2, 0);
  return down === 0 ? 0 : (3600 * up) / down;
}

/** One session from its start to its end: flooded, looked at twice, resized, ended. */
async function session({ daemon, home, run }, background, extra = {}) {
  const { sessionId } = await daemon.call('session:create', {
    agentType: 'terminal',
    projectPath: home.project,
    command: ['sh', '-c', FLOOD],
    background,
    ...extra,
  });
  const socket = join(run, 'shims', `${sessionId}.sock`);
  for (const [cols, rows] of [
    [80, 24],
    [132, 43],
  ]) {
    const viewer = connect(socket);
    viewer.send({ type: 'attach', scrollback: true });
    viewer.type(`${cols} columns\n`);
    await pause(FLOOD_MS);
    await daemon.call('session:resize', { sessionId, cols, rows });
    viewer.type('\x03');
    viewer.close();
  }
  await daemon.call('session:destroy', { sessionId, force: true });
}

/** One in the grid, one in the background, and one on a branch whose worktree goes with it. */
async function churn(place, number) {
  await session(place, false);
  await session(place, true);
  const branch = `soak-${number}`;
  await session(place, true, { branch });
  await place.home.synk('worktree', 'rm', branch, '--branch');
  await place.home.synk('clean', '--older-than', '0s', '--dry-run');
}

/** The processes that are there all the time, by whose they are. */
function parties({ home, shimPid }) {
  const daemon = home.processes().find(({ command }) => /^\S*synk daemon/.test(command));
  return { daemon: [daemon.pid], 'a shim': [shimPid], 'the window': windowPids(home) };
}

/** Churns until the time is over; answers samples `{ at, party, values }`, `at` in seconds. */
async function soak(place, log) {
  const samples = [];
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  // Each quarter has a window of its own, so that the last is as old as the first.
  let [opened, sampled] = [0, 0];
  for (let number = 1; seconds() < MINUTES * 60; number += 1) {
    if (seconds() > (opened * MINUTES * 60) / 4) {
      await place.window?.close();
      place.window = await openWindow(place);
      opened += 1;
    }
    place.keeper.type(`round ${number}\n`);
    await churn(place, number);
    place.keeper.type('\x03');
    if (performance.now() - sampled < BETWEEN_SAMPLES_MS) continue;
    sampled = performance.now();
    for (const [party, pids] of Object.entries(parties(place))) {
      const values = MEASURES.map(({ of }) => of(pids));
      samples.push({ at: seconds(), party, values });
    }
    const said = samples.slice(-3).map(({ party, values }) => `${party} ${values.map(Math.round)}`);
    log(`${Math.round(seconds())} s, ${number} rounds: ${said.join('; ')}`);
  }
  return samples;
}

function measureOf(samples, party, index) {
  const points = samples
    .filter((one) => one.party === party)
    .map(({ at, values }) => [at, values[index]]);
  const quarter = Math.max(1, Math.floor(points.length / 4));
  const [first, last] = [points.slice(0, quarter), points.slice(-quarter)];
  const { name, unit } = MEASURES[index];
  const names = ['Synk, first quarter', 'Synk, last quarter'];
  return {
    what: `${party}: ${name}`,
    unit,
    better: 'less',
    values: {
      [names[0]]: first.map(([, value]) => value),
      [names[1]]: last.map(([, value]) => value),
    },
    reach: [{ of: names[1], than: names[0], ratio: FLAT }],
    guard: [],
    notes: [
      `all ${points.length} samples: median ${median(points.map(([, value]) => value)).toFixed(1)}, ` +
        `slope ${slope(points).toFixed(1)} ${unit} an hour`,
    ],
  };
}

export async function run({ log }) {
  const screen = await openScreen();
  const home = createHome(screen.environment);
  const place = { home, screen, run: join(home.environment.SYNK_HOME, 'run') };
  try {
    makeRepository(home, { 'README.md': 'a lamp\n' });
    await home.synk('ls');
    place.daemon = connect(join(place.run, 'daemon.sock'));
    const { sessionId } = await place.daemon.call('session:create', {
      agentType: 'terminal',
      projectPath: home.project,
      command: ['sh', '-c', FLOOD],
    });
    place.keeper = connect(join(place.run, 'shims', `${sessionId}.sock`));
    const { shimPid } = await waitFor('its shim', async () => (await home.sessions())[0]);
    place.shimPid = shimPid;
    const samples = await soak(place, log);
    const names = [...new Set(samples.map(({ party }) => party))];
    return names.flatMap((party) => MEASURES.map((_, index) => measureOf(samples, party, index)));
  } finally {
    await place.window?.close();
    place.daemon?.close();
    place.keeper?.close();
    await home.close();
    await screen.close();
  }
}
