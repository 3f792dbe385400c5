// Programs that run beside the tests, each in a process group of its own so that its end is
// the end of everything it started.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { waitFor, within } from './waiting.mjs';

/** Whether anything of the group runs. A dead process that nobody has reaped yet does not. */
function groupIsAlive(group) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        // The program's name stands in brackets and may hold anything; the rest is plain.
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(processGroup) === group && state !== 'Z';
      } catch {
        return false;
      }
    });
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone, which is what every signal here is for.
  }
}

/**
 * Starts a program. Answers `{ pid, firstLine(), write(line), stop() }`; `firstLine` is the first
 * line of its standard output, where these programs say how they can be reached. `onLine` is
 * called with each line.
 */
export function background(program, args, { env = process.env, cwd, onLine } = {}) {
  const child = spawn(program, args, { cwd, env, detached: true, stdio: 'pipe' });
  // What is written to a program that has ended is lost with it.
  child.stdin.on('error', () => {});
  const complaints = [];
  child.stderr.on('data', (chunk) => complaints.push(chunk));
  const lines = createInterface({ input: child.stdout });
  if (onLine) lines.on('line', onLine);
  const line = new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.once('error', (error) =>
      reject(new Error(`${program} could not be started: ${error.message}`)),
    );
    child.once('exit', (code, signal) => {
      reject(new Error(`${program} ended (${signal ?? code}): ${Buffer.concat(complaints)}`));
    });
  });
  line.catch(() => {});
  // If the test run itself is killed with an exception, the group must not outlive it.
  const onExit = () => child.pid && signalGroup(child.pid, 'SIGKILL');
  process.once('exit', onExit);

  return {
    pid: child.pid,
    firstLine: () => within(`${program}: first line`, line),
    write: (line) => child.stdin.write(`${line}\n`),
    complaints: () => Buffer.concat(complaints).toString('utf8'),
    async stop() {
      process.off('exit', onExit);
      if (!child.pid) return;
      signalGroup(child.pid, 'SIGTERM');
      const gone = () => !groupIsAlive(child.pid);
      try {
        await waitFor(`the end of ${program}`, gone, 3000);
      } catch {
        signalGroup(child.pid, 'SIGKILL');
        await waitFor(`the end of ${program}`, gone);
      }
    },
  };
}
