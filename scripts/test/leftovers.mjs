// Processes of this checkout's own binaries. Asked before and after the tests: what is there
// only afterwards, a test has left behind. A Synk that its developer works in stays out of it.

import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { commandBinary, desktopBinary } from '../paths.mjs';
import { capture, Problem } from '../run.mjs';

/** A binary that was replaced while it ran shows up with this suffix. */
const withoutSuffix = (path) => path.replace(/ \(deleted\)$/, '');

function readOrNull(read) {
  try {
    return read();
  } catch {
    // The process ended meanwhile, or it is another user's.
    return null;
  }
}

function onLinux(binaries) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const path = readOrNull(() => readlinkSync(`/proc/${pid}/exe`));
      if (path === null || !binaries.includes(withoutSuffix(path))) return [];
      const words = readOrNull(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '';
      return [{ pid: Number(pid), command: words.split('\0').join(' ').trim() || path }];
    });
}

function elsewhere(binaries) {
  return (capture('ps', ['-axo', 'pid=,command=']) ?? '').split('\n').flatMap((line) => {
    const [, pid, command] = line.match(/^\s*(\d+) (.*)$/) ?? [];
    const ours =
      command && binaries.some((path) => command === path || command.startsWith(`${path} `));
    return ours ? [{ pid: Number(pid), command }] : [];
  });
}

/** Every running process of these binaries as `{ pid, command }`. */
export function processesOf(binaries = [commandBinary, desktopBinary]) {
  const real = binaries.map((path) => readOrNull(() => realpathSync(path)) ?? path);
  return existsSync('/proc/self/exe') ? onLinux(real) : elsewhere(real);
}

/** Throws a Problem that lists what runs now and did not run `before`, unless it ends within `patience` ms. */
export async function nothingLeft(before, { find = processesOf, patience = 5000 } = {}) {
  const known = new Set(before.map((one) => one.pid));
  const deadline = performance.now() + patience;
  for (;;) {
    const left = find().filter((one) => !known.has(one.pid));
    if (left.length === 0) return;
    if (performance.now() > deadline) {
      const list = left.map(({ pid, command }) => `${pid}  ${command}`).join('\n');
      throw new Problem(`These processes are still running after the tests:\n${list}`);
    }
    // What is ending just now gets its moment.
    await pause(100);
  }
}
