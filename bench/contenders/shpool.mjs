// shpool: a daemon with a screen model for each session.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../e2e/harness/waiting.mjs';
import { SCROLLBACK } from './place.mjs';
import { runs } from './running.mjs';

// A session's program does not get the daemon's environment, and is to be known by its mark.
const configuration = (mark) => `output_spool_lines = ${SCROLLBACK}
prompt_prefix = ""
session_restore_mode = "screen"
norc = true

[env]
TERM = "xterm-256color"
SYNK_BENCH = "${mark}"
`;

export const shpool = {
  name: 'shpool',
  command: 'shpool attach --background --cmd PROGRAM NAME, shpool attach NAME',
  holds: true,
  version: (env) => runs(env, 'shpool', 'version'),
  async open(place) {
    const socket = join(place.folder, 'shpool');
    const base = [
      '--socket',
      socket,
      '--config-file',
      place.file('shpool.toml', configuration(place.folder)),
    ];
    const daemon = spawn('shpool', [...base, 'daemon'], {
      env: place.environment,
      stdio: 'ignore',
    });
    const ended = once(daemon, 'exit');
    await waitFor('the daemon of shpool', () => existsSync(socket));
    return {
      async start(name, program) {
        runs(
          place.environment,
          'shpool',
          ...base,
          'attach',
          '--background',
          '--cmd',
          program,
          name,
        );
        // Its own viewer in the background may not have left yet, and it takes no second one.
        await waitFor('an end of the first viewer', () => {
          const sessions = JSON.parse(runs(place.environment, 'shpool', ...base, 'list', '--json'));
          return sessions.sessions.find((one) => one.name === name)?.status !== 'Attached';
        });
        return {
          attach: ['shpool', ...base, 'attach', name],
          detach: '\x00\x11',
          end: async () => runs(place.environment, 'shpool', ...base, 'kill', name),
        };
      },
      async close() {
        daemon.kill();
        await ended;
      },
    };
  },
};
