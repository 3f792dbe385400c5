// A place for contenders: a temporary folder with a home whose files are empty, the environment
// that everything in it gets, and the processes that run there, known by it.

import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { contenderBinaries } from '../../scripts/paths.mjs';

/** The lines above the screen that whoever can be told keeps. */
export const SCROLLBACK = 5000;

export const SIZE = { cols: 120, rows: 40 };

/** Shell: waits for that size, which some sessions only get with their first viewer. */
export const UNTIL_SIZED = `until [ "$(stty size)" = "${SIZE.rows} ${SIZE.cols}" ]; do sleep 0.02; done`;

/** What `/proc` says of a process, or null once it has ended. */
function look(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
}

/** The memory of a process in bytes, what it shares with others divided among them. */
export function proportionalBytes(pid) {
  return Number(look(pid, 'smaps_rollup')?.match(/^Pss:\s+(\d+) kB/m)?.[1] ?? 0) * 1024;
}

/** The memory of a process, in bytes, at the cost of reading one line. */
export function residentBytes(pid) {
  return Number(look(pid, 'status')?.match(/^VmRSS:\s+(\d+) kB/m)?.[1] ?? 0) * 1024;
}

/** How many bytes a process has written so far. */
export const written = (pid) => Number(look(pid, 'io')?.match(/^wchar: (\d+)/m)?.[1] ?? 0);

export function createPlace() {
  // Short, because a Unix socket's path may have no more than about a hundred bytes.
  const folder = mkdtempSync(join(tmpdir(), 'sb-'));
  const home = join(folder, 'home');
  const run = join(folder, 'run');
  mkdirSync(home);
  mkdirSync(run, { mode: 0o700 });
  const mark = `SYNK_BENCH=${folder}`;
  const environment = {
    PATH: [contenderBinaries, process.env.PATH].join(delimiter),
    HOME: home,
    LANG: 'C.UTF-8',
    SHELL: '/bin/bash',
    TERM: 'xterm-256color',
    XDG_RUNTIME_DIR: run,
    SYNK_HOME: join(folder, 'synk'),
    SYNK_BENCH: folder,
  };
  return {
    folder,
    home,
    environment,

    /** Writes a file and answers its path. */
    file(name, text) {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },

    /** Writes a program and answers its path. */
    program(name, script) {
      const path = this.file(name, `#!/bin/sh\n${script}\n`);
      chmodSync(path, 0o755);
      return path;
    },

    /** Everything that runs here, as `{ pid, name, arguments }`. */
    processes: () =>
      readdirSync('/proc')
        .filter((pid) => /^\d+$/.test(pid) && look(pid, 'environ')?.split('\0').includes(mark))
        .map((pid) => ({
          pid: Number(pid),
          name: look(pid, 'comm')?.trim() ?? '',
          arguments: look(pid, 'cmdline')?.split('\0').slice(0, -1) ?? [],
        })),

    /** Ends what still runs, and removes the folder. */
    remove() {
      for (const { pid } of this.processes()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended since it was seen.
        }
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}
