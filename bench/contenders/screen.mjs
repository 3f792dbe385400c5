// GNU screen. Every session is a process of its own.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SCROLLBACK } from './place.mjs';
import { runs } from './running.mjs';

const CONFIGURATION = `defscrollback ${SCROLLBACK}
term xterm-256color
startup_message off
defutf8 on
altscreen on
`;

export const screen = {
  name: 'screen',
  command: 'screen -U -c CONFIGURATION -dmS NAME PROGRAM, screen -r NAME',
  holds: true,
  // It says its version with an exit code of its own in some releases.
  version: (env) =>
    runs(
      env,
      'sh',
      '-c',
      'command -v screen >/dev/null || { echo "it is not installed"; exit 1; }; screen --version || true',
    ),
  async open(place) {
    const configuration = place.file('screenrc', CONFIGURATION);
    const sockets = join(place.folder, 'screens');
    mkdirSync(sockets, { mode: 0o700, recursive: true });
    place.environment.SCREENDIR = sockets;
    const base = ['-U', '-c', configuration];
    const sessions = new Set();
    const end = (name) => {
      sessions.delete(name);
      runs(place.environment, 'sh', '-c', `screen -S ${name} -X quit || true`);
    };
    return {
      async start(name, program) {
        runs(place.environment, 'screen', ...base, '-dmS', name, program);
        sessions.add(name);
        return {
          attach: ['screen', ...base, '-r', name],
          detach: '\x01d',
          end: async () => end(name),
        };
      },
      async close() {
        for (const name of [...sessions]) end(name);
      },
    };
  },
};
