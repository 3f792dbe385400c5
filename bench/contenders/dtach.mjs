// dtach: a terminal that can be left, without a screen of its own. It has the program draw anew
// by telling it that the size has changed, which a shell does not show.

import { join } from 'node:path';
import { runs } from './running.mjs';

export const dtach = {
  name: 'dtach',
  command: 'dtach -n SOCKET -z PROGRAM, dtach -a SOCKET -r winch -z',
  holds: true,
  version: (env) =>
    runs(
      env,
      'sh',
      '-c',
      'command -v dtach >/dev/null || { echo "it is not installed"; exit 1; }; dtach --help | head -1',
    ),
  async open(place) {
    const owners = () =>
      place.processes().filter(({ arguments: [name, mode] }) => name === 'dtach' && mode === '-n');
    const end = (socket) => {
      // Its program gets a hang-up, as from any terminal that is closed.
      for (const owner of owners().filter((one) => one.arguments[2].startsWith(socket))) {
        process.kill(owner.pid, 'SIGTERM');
      }
    };
    return {
      async start(name, program) {
        const socket = join(place.folder, `${name}.dtach`);
        runs(place.environment, 'dtach', '-n', socket, '-z', program);
        return {
          attach: ['dtach', '-a', socket, '-r', 'winch', '-z'],
          detach: '\x1c',
          end: async () => end(socket),
        };
      },
      close: async () => end(place.folder),
    };
  },
};
