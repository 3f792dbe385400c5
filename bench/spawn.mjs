// From asking for a pane to its first prompt: a shell that waited, one that is started cold, an
// agent in a shell's place, and a new window of tmux; with empty start-up files and with some that
// take 200 ms, as those of many people do. The pool hides the shell's own time, not ours.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from './connection.mjs';
import { createPlace } from './contenders/place.mjs';
import { synk } from './contenders/synk.mjs';
import { tmux } from './contenders/tmux.mjs';
import { inTurns } from './turns.mjs';

export const title = 'From asking for a pane to its first prompt';
export const rounds = 30;
export const optional = false;

const PROMPT = 'ready>';
const AGENT = 'agent-is-here';
const BURST = 12;
/** Start-up files by name: what they do before they set the prompt. */
const STARTUP = { 'start-up files that take 200 ms': 'sleep 0.2', 'empty start-up files': '' };

/** A place with start-up files and an agent in it. */
function prepare(startup) {
  const place = createPlace();
  writeFileSync(
    join(place.home, '.bash_profile'),
    `${startup}\nPATH=${place.folder}:$PATH\nPS1='${PROMPT} '\n`,
  );
  place.program('gemini', `printf ${AGENT}\nexec cat`);
  return place;
}

/** Resolves with the milliseconds from `begin` on once `text` is on a session's screen. */
function shown(socket, text, begin) {
  return new Promise((resolve) => {
    let seen = '';
    const shim = connect(socket, (output) => {
      seen += output;
      if (!seen.includes(text)) return;
      resolve(performance.now() - begin);
      shim.close();
    });
    shim.send({ type: 'attach', scrollback: true });
  });
}

/** Sessions of Synk: each answers how long its first prompt took. */
async function sessionsOf(place) {
  const host = await synk.open(place);
  const start = async (args, text) => {
    const begin = performance.now();
    const base = { agentType: 'terminal', projectPath: place.home, background: true };
    const { sessionId } = await host.daemon.call('session:create', { ...base, ...args });
    const socket = join(place.environment.SYNK_HOME, 'run', 'shims', `${sessionId}.sock`);
    const time = await shown(socket, text, begin);
    await host.daemon.call('session:destroy', { sessionId, force: true });
    return time;
  };
  const filled = async () => {
    while ((await host.daemon.call('pool:status')).idle < 2) await new Promise(setImmediate);
  };
  return {
    pooled: async () => {
      await filled();
      return start({}, PROMPT);
    },
    agent: async () => {
      await filled();
      return start({ agentType: 'gemini_cli' }, AGENT);
    },
    // A variable that decides what a shell reads has it start cold.
    cold: () => start({ env: { USER: 'bench' } }, PROMPT),
    /** Twelve at once, until the last has its prompt. */
    burst: async () => {
      await filled();
      const times = await Promise.all(Array.from({ length: BURST }, () => start({}, PROMPT)));
      return Math.max(...times);
    },
    close: () => host.close(),
  };
}

/** Windows of tmux, through one client in control mode, so that no client is started each time. */
async function windowsOf(place) {
  const { base, close } = await tmux.open(place);
  const args = [...base, '-C', 'new-session'];
  const client = spawn('tmux', args, { env: place.environment, stdio: ['pipe', 'pipe', 'ignore'] });
  let heard = () => {};
  client.stdout.on('data', (bytes) => heard(bytes.toString('latin1')));
  const prompt = () =>
    new Promise((resolve) => {
      let seen = '';
      heard = (text) => {
        seen += text;
        if (new RegExp(`%output .*${PROMPT}`).test(seen)) resolve(performance.now());
      };
    });
  await prompt();
  return {
    window: async () => {
      const begin = performance.now();
      const end = prompt();
      client.stdin.write('new-window\n');
      const time = (await end) - begin;
      client.stdin.write('kill-window\n');
      return time;
    },
    close: async () => {
      client.stdin.end('kill-server\n');
      await close();
    },
  };
}

async function compare(bench, startup) {
  const place = prepare(startup);
  const ours = await sessionsOf(place);
  const theirs = await windowsOf(place);
  const who = [
    { name: 'Synk, a shell that waited', start: ours.pooled },
    { name: 'Synk, an agent in its place', start: ours.agent },
    { name: 'Synk, a cold shell', start: ours.cold },
    { name: 'tmux, a new window', start: theirs.window },
  ];
  try {
    const { values } = await inTurns(bench, who, async ({ start }) => ({ ms: await start() }));
    const burst = bench.quick ? [] : [await ours.burst()];
    return { ...values.ms, [`Synk, the last of ${BURST}`]: burst };
  } finally {
    await theirs.close();
    await ours.close();
    place.remove();
  }
}

export async function run(bench) {
  const measures = [];
  const [pooled, cold] = ['Synk, a shell that waited', 'Synk, a cold shell'];
  const window = 'tmux, a new window';
  for (const [what, startup] of Object.entries(STARTUP)) {
    const faster = startup ? [{ of: pooled, than: window, ratio: 1 / 20 }] : [];
    measures.push({
      what,
      unit: 'ms',
      better: 'less',
      values: await compare(bench, startup),
      reach: [{ of: pooled, limit: 10 }, ...faster],
      // By what grows as much on a slow machine: tmux sleeps most of its time in such files.
      guard: startup
        ? [{ of: pooled, than: window, ratio: 0.2 }]
        : [{ of: pooled, than: cold, ratio: 0.45 }],
    });
  }
  return measures;
}
