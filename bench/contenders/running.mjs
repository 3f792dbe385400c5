// Runs a contender's own program, in its place.

import { execFileSync } from 'node:child_process';

/** Runs a program to its end and answers what it printed; throws what it complained. */
export function runs(environment, program, ...args) {
  const stdio = ['ignore', 'pipe', 'pipe'];
  const options = {
    env: environment,
    encoding: 'utf8',
    stdio,
    timeout: 30_000,
    cwd: environment.HOME,
  };
  try {
    return execFileSync(program, args.map(String), options).trim();
  } catch (error) {
    if (error.code === 'ENOENT') throw error;
    const said = `${error.stderr ?? ''}${error.stdout ?? ''}`.trim();
    throw new Error(`${program} ${args.join(' ')}: ${said || error.message}`, { cause: error });
  }
}
