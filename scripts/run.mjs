// Starts other programs. Knows nothing of what they are for.

import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { root, searchPath } from './paths.mjs';

/** What a person can act on: shown as it is, without a stack trace. */
export class Problem extends Error {}

const environment = (extra) => ({ ...process.env, PATH: searchPath, ...extra });

/** The shell's convention for a program that a signal ended. */
const exitCode = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0);

const asTyped = (program, args) =>
  [program, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');

/** Runs a program quietly. Answers its standard output, or null when it failed or is not there. */
export function capture(program, args = [], options = {}) {
  const result = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: environment(),
    ...options,
  });
  return result.status === 0 ? result.stdout : null;
}

/**
 * Runs a program in the foreground with this terminal and passes signals on to it.
 * Answers its exit code.
 */
export function foreground(program, args = [], { cwd = root, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: 'inherit', env: environment(env) });
    // Ctrl-C at a terminal reaches the whole foreground group, so the child has it already;
    // what remains for us is not to leave before it.
    const forward = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const done = () => {
      for (const signal of signals) process.off(signal, forward);
    };
    child.on('error', (error) => {
      done();
      reject(new Problem(`${program} could not be started: ${error.message}.`));
    });
    child.on('close', (code, signal) => {
      done();
      resolve(exitCode(code, signal));
    });
  });
}

/** Runs a step of set-up in the foreground. Throws a Problem when it fails. */
export async function must(program, args = [], options = {}) {
  const code = await foreground(program, args, options);
  if (code !== 0) {
    throw new Problem(
      `“${asTyped(program, args)}” failed (exit code ${code}); the reason stands above.`,
    );
  }
}

/**
 * Runs a program in a process group of its own, shows its output as it comes and keeps it.
 * After `limit` milliseconds the whole group is killed, so that a hanging program is a
 * failure and not a hanging run.
 */
export function watched(program, args = [], { cwd = root, env = {}, limit } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(env),
      detached: true,
    });
    const output = [];
    const keep = (stream) => (chunk) => {
      output.push(chunk);
      stream.write(chunk);
    };
    child.stdout.on('data', keep(process.stdout));
    child.stderr.on('data', keep(process.stderr));

    const signalGroup = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // The group is gone already.
      }
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      signalGroup('SIGKILL');
    }, limit);
    const interrupted = (signal) => {
      signalGroup(signal);
      process.exit(exitCode(null, signal));
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, interrupted);

    const finish = (code, note) => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      for (const signal of signals) process.off(signal, interrupted);
      const text = Buffer.concat(output).toString('utf8');
      resolve({ code, output: note ? `${text}\n${note}` : text });
    };
    child.on('error', (error) => finish(127, `${program} could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      const note = late ? `stopped after ${Math.round(limit / 1000)} s without an end` : '';
      if (note) process.stderr.write(`${note}\n`);
      const end = () => finish(exitCode(code, signal), note);
      child.on('close', end);
      // A background process may hold the pipes for ever; the last output comes well before this.
      setTimeout(end, 2000).unref();
    });
  });
}
