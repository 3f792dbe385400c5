// A program that counts as fast as it can, while something dies at another moment each time: what
// is missing from the session's log afterwards, and what is in it twice.

import { setImmediate as turn } from 'node:timers/promises';

/** How far it counts: 6.9 MB, and a carriage return for each. */
export const NUMBERS = 1_000_000;
/** Fewer bytes than it puts out. */
const FLOOD_BYTES = 6_800_000;
const PATIENCE_MS = 30_000;

/** Waits until a session has logged so many bytes since `begin`, which depends on the round. */
export async function moment(home, id, begin, round) {
  const wanted = begin + ((round * 1_234_567) % FLOOD_BYTES);
  const deadline = performance.now() + PATIENCE_MS;
  while (home.logBytes(id) < wanted) {
    if (performance.now() > deadline) throw new Error(`session ${id} logged less than ${wanted}`);
    await turn();
  }
}

/** All lines that a session has logged. */
export async function logOf(home, id) {
  const log = await home.synk('logs', id, '--lines', 2 * NUMBERS);
  return log.split('\r\n');
}

/**
 * Compares the first counting in a log with what was put out: `{ last, lost, doubled }`, where
 * `last` is the number up to which it goes, and the others are bytes before that.
 */
export function tally(lines) {
  // The line of the first number begins with what was put out before it.
  const second = lines.findIndex((line, at) => line === '2' && lines[at - 1]?.endsWith('1'));
  if (second < 0) return { last: 0, lost: 0, doubled: 0 };
  const size = (number) => String(number).length + 2;
  let [last, lost, doubled] = [1, 0, 0];
  for (let line = second; /^\d+$/.test(lines[line] ?? ''); line += 1) {
    // One that was being written when its shim died is no line yet.
    if (line === lines.length - 1) break;
    const number = Number(lines[line]);
    if (number <= last) doubled += size(number);
    for (let missing = last + 1; missing < number; missing += 1) lost += size(missing);
    last = Math.max(last, number);
  }
  return { last, lost, doubled };
}
