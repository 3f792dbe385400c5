// From asking for a pane to its first prompt, with start-up files that take 200 ms: a shell that
// waited, one that is started cold, an agent in a shell's place, and a new window of tmux.

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandBinary } from '../scripts/paths.mjs';
import { connect } from './connection.mjs';

const PROMPT = 'ready>';
const AGENT = 'agent-is-here';
const BURST = 12;

/** A folder with start-up files, an agent and a daemon in it. */
function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'synk-bench-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  writeFileSync(join(home, '.bash_profile'), `sleep 0.2\nPATH=$HOME:$PATH\nPS1='${PROMPT} '\n`);
  const agent = join(home, 'gemini');
  writeFileSync(agent, `#!/bin/sh\nprintf ${AGENT}\nexec cat\n`);
  chmodSync(agent, 0o755);
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    LANG: 'C.UTF-8',
    SHELL: '/bin/bash',
    SYNK_HOME: join(folder, 'synk'),
    TERM: 'xterm-256color',
  };
  return { folder, home, env };
}

/** Resolves with the milliseconds from `begin` on once `text` is on a session's screen. */
function shown(env, sessionId, text, begin) {
  return new Promise((resolve) => {
    let seen = '';
    const shim = connect(join(env.SYNK_HOME, 'run', 'shims', `${sessionId}.sock`), (output) => {
      seen += output;
      if (!seen.includes(text)) return;
      resolve(performance.now() - begin);
      shim.close();
    });
    shim.send({ type: 'attach', scrollback: true });
  });
}

/** Sessions of Synk: each answers how long its first prompt took. */
function synk({ home, env }) {
  execFileSync(commandBinary, ['ls'], { env });
  const daemon = connect(join(env.SYNK_HOME, 'run', 'daemon.sock'));
  const start = async (args, text) => {
    const begin = performance.now();
    const base = { agentType: 'terminal', projectPath: home, background: true };
    const { sessionId } = await daemon.call('session:create', { ...base, ...args });
    const time = await shown(env, sessionId, text, begin);
    await daemon.call('session:destroy', { sessionId, force: true });
    return time;
  };
  const filled = async () => {
    while ((await daemon.call('pool:status')).idle < 2) await new Promise(setImmediate);
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
    close: () => {
      daemon.close();
      execFileSync(commandBinary, ['stop', '--all'], { env });
    },
  };
}

/** Windows of tmux, through one client in control mode, so that no client is started each time. */
async function tmux({ env }) {
  const args = ['-L', `synk-bench-${process.pid}`, '-f', '/dev/null', '-C', 'new-session'];
  const client = spawn('tmux', args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
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
    close: () => client.stdin.end('kill-server\n'),
  };
}

/** Takes turns for so many rounds; answers the milliseconds of each contender. */
export async function run(rounds) {
  const place = prepare();
  const ours = synk(place);
  const theirs = await tmux(place);
  const times = { pooled: [], agent: [], cold: [], tmux: [] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      times.pooled.push(await ours.pooled());
      times.tmux.push(await theirs.window());
      times.agent.push(await ours.agent());
      times.cold.push(await ours.cold());
    }
    return { ...times, [`burst of ${BURST}`]: [await ours.burst()] };
  } finally {
    theirs.close();
    ours.close();
    rmSync(place.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
