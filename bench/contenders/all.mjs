// The contenders, Synk first. Each is a module that exports:
//
//   name          as it is called in tables
//   version(env)  what it says of itself; throws when it cannot be run
//   command       how it starts a session and attaches to it, for people
//   open(place)   starts what it needs; answers
//     start(name, program, size)  a session that runs a program, with nobody attached; answers
//       attach      the command by which a terminal attaches to it
//       detach      the keys that leave it again
//       end()       ends it
//     close()       ends all of it
//   holds         whether its sessions go on without a viewer

import { bare } from './bare.mjs';
import { dtach } from './dtach.mjs';
import { createPlace } from './place.mjs';
import { screen } from './screen.mjs';
import { shpool } from './shpool.mjs';
import { synk } from './synk.mjs';
import { tmux } from './tmux.mjs';
import { zellij } from './zellij.mjs';

/** Who takes part in a quick run. */
const QUICK = [synk, tmux, bare];
const ALL = [synk, tmux, screen, dtach, shpool, zellij, bare];

/** Answers who is here, and who is not with the reason: `{ present, absent, versions, commands }`. */
export function contenders(quick) {
  const place = createPlace();
  const found = { present: [], absent: {}, versions: {}, commands: {} };
  for (const one of quick ? QUICK : ALL) {
    try {
      found.versions[one.name] = one.version(place.environment);
      found.commands[one.name] = one.command;
      found.present.push(one);
    } catch (error) {
      found.absent[one.name] = error.code === 'ENOENT' ? 'it is not installed' : error.message;
    }
  }
  place.remove();
  return found;
}
