// Which benchmarks there are, and which of them a run is of.

import { Problem } from '../scripts/run.mjs';
import * as attach from './attach.mjs';
import * as detached from './detached.mjs';
import * as echo from './echo.mjs';
import * as flood from './flood.mjs';
import * as memory from './memory.mjs';
import * as recovery from './recovery.mjs';
import * as soak from './soak.mjs';
import * as spawn from './spawn.mjs';
import * as startup from './startup.mjs';
import * as throughput from './throughput.mjs';
import * as window from './window.mjs';

export const BENCHMARKS = {
  throughput,
  detached,
  flood,
  echo,
  attach,
  spawn,
  memory,
  window,
  startup,
  recovery,
  soak,
};
/** What a quick run is of: all that has a guard. */
const QUICK = ['throughput', 'detached', 'flood', 'echo', 'attach', 'spawn', 'memory', 'startup'];

/** The names that were asked for, or those that there are to run. */
export function chosen(names, quick) {
  const unknown = names.filter((name) => !BENCHMARKS[name]);
  if (unknown.length > 0) {
    throw new Problem(
      `There is no benchmark “${unknown.join('”, “')}”; there is: ${Object.keys(BENCHMARKS).join(', ')}.`,
    );
  }
  if (names.length > 0) return names;
  return quick ? QUICK : Object.keys(BENCHMARKS).filter((name) => !BENCHMARKS[name].optional);
}
