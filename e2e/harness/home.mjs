// A home of its own for one test file: settings, state and sockets in a temporary folder, a
// user without start-up files but a plain prompt, and `synk` run in it.

import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandBinary } from '../../scripts/paths.mjs';
import { waitFor } from './waiting.mjs';

/** What a verb may print: the whole log of a session that counted to a million, and more. */
const MAX_OUTPUT = 64 << 20;

const run = promisify(execFile);

function killIfAlive(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended since it was seen.
  }
}

/**
 * Makes the home, in `place`. `extra` is added to the environment of everything that runs in it.
 */
export function createHome(extra = {}, place = tmpdir()) {
  // Short, because a Unix socket's path may have no more than about a hundred bytes.
  const folder = mkdtempSync(join(place, 'synk-e2e-'));
  const user = join(folder, 'user');
  const project = join(user, 'project');
  const runtime = join(folder, 'run');
  mkdirSync(project, { recursive: true });
  mkdirSync(runtime, { mode: 0o700 });
  writeFileSync(join(user, '.bashrc'), "PS1='$ '\nunset HISTFILE\n");
  writeFileSync(join(user, '.bash_profile'), '. ~/.bashrc\n');

  const environment = {
    PATH: process.env.PATH,
    HOME: user,
    USER: process.env.USER ?? 'synk',
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    XDG_RUNTIME_DIR: runtime,
    SYNK_HOME: join(folder, 'synk'),
    ...extra,
  };
  const mark = `SYNK_HOME=${environment.SYNK_HOME}`;

  /** Every process that runs in this home, as `{ pid, name, command }`, found by its environment. */
  function processes() {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const read = (file) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
          if (!read('environ').split('\0').includes(mark)) return [];
          // A dead process that waits for its parent runs nothing any more.
          if (/^State:\s+Z/m.test(read('status'))) return [];
          const command = read('cmdline').split('\0').join(' ').trim();
          return [{ pid: Number(pid), name: read('comm').trim(), command }];
        } catch {
          return [];
        }
      });
  }

  /** Runs `synk` with arguments and answers its standard output. Throws what it complained. */
  async function synk(...args) {
    try {
      const options = { env: environment, cwd: project, timeout: 60_000, maxBuffer: MAX_OUTPUT };
      const { stdout } = await run(commandBinary, args.map(String), options);
      return stdout;
    } catch (error) {
      const said = `${error.stderr ?? ''}${error.stdout ?? ''}`.trim();
      throw new Error(`synk ${args.join(' ')} failed (${error.code ?? error.signal}): ${said}`, {
        cause: error,
      });
    }
  }

  return {
    folder,
    user,
    project,
    environment,
    processes,
    synk,
    sessions: async () => JSON.parse(await synk('ls', '--json')),
    screen: (id) => synk('screen', id),

    /** The processes of the sessions' programs that run, by id; no shell that only waits. */
    programs() {
      const running = new Set(processes().map(({ pid }) => pid));
      const place = join(environment.SYNK_HOME, 'state', 'sessions');
      return readdirSync(place)
        .map((id) => JSON.parse(readFileSync(join(place, id, 'metadata.json'), 'utf8')).pid)
        .filter((pid) => running.has(pid))
        .sort();
    },

    /** How many bytes a session has put out: the segment being written begins at the offset
     * in the name of its index. Fewer in the moment in which a segment is begun. */
    logBytes(id) {
      const place = join(environment.SYNK_HOME, 'state', 'sessions', String(id));
      const firsts = readdirSync(place).map(
        (name) => /^console\.(\d+)\.index$/.exec(name)?.[1] ?? 0,
      );
      const written = statSync(join(place, 'console.log'), { throwIfNoEntry: false });
      return Math.max(...firsts.map(Number)) + (written?.size ?? 0);
    },

    /** Ends every session and the daemon, checks that nothing runs on, and removes the folder. */
    async close() {
      let left = [];
      try {
        await synk('stop', '--all');
        await waitFor('the end of every process', () => {
          left = processes();
          return left.length === 0;
        });
      } catch (error) {
        for (const { pid } of processes()) killIfAlive(pid);
        const list = left.map(({ pid, command }) => `${pid} ${command}`).join('\n');
        throw new Error(`${error.message}\nstill running:\n${list}`, { cause: error });
      } finally {
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}
