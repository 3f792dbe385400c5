// What processes use: processor, memory, descriptors, threads; as Linux tells it in /proc. A
// process that has ended since it was listed uses nothing.

import { readdirSync, readFileSync } from 'node:fs';

/** Ticks in a second, in which the system counts processor time. */
const TICKS = 100;

function read(pid, file, take) {
  try {
    return take(readFileSync(`/proc/${pid}/${file}`, 'utf8'));
  } catch {
    return 0;
  }
}

const sum = (pids, one) => pids.reduce((total, pid) => total + one(pid), 0);

/** The processes of a home's window: its own and those of its web view, without its driver. */
export const windowPids = (home) =>
  home
    .processes()
    .filter(({ name }) => /^(synk-desktop|WebKit\w*Pr)/.test(name))
    .map(({ pid }) => pid);

/** Processor seconds that they have taken so far. */
export const processorSeconds = (pids) =>
  sum(pids, (pid) =>
    read(pid, 'stat', (stat) => {
      // The program's name stands in brackets and may hold anything; the rest is plain.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS;
    }),
  );

/** Resident memory, in MiB. What they share is counted for each. */
export const residentMebibytes = (pids) =>
  sum(pids, (pid) => read(pid, 'statm', (pages) => (Number(pages.split(' ')[1]) * 4096) / 2 ** 20));

/** Memory in MiB, with what is shared divided among those who share it. */
export const memoryMebibytes = (pids) =>
  sum(pids, (pid) =>
    read(pid, 'smaps_rollup', (text) => Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024),
  );

/** Open descriptors. */
export const descriptors = (pids) =>
  sum(pids, (pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).length;
    } catch {
      return 0;
    }
  });

export const threads = (pids) =>
  sum(pids, (pid) => read(pid, 'status', (text) => Number(/^Threads:\s+(\d+)/m.exec(text)[1])));
