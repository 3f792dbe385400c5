// tmux with a server of its own. Its configuration says what all are told: the history, and the
// terminal. The status line is off, so that its sessions have the size of the others'.

import { SCROLLBACK } from './place.mjs';
import { runs } from './running.mjs';

const CONFIGURATION = `set -g history-limit ${SCROLLBACK}
set -g default-terminal xterm-256color
set -g status off
`;

export const tmux = {
  name: 'tmux',
  command: 'tmux -f CONFIGURATION new-session -d PROGRAM, tmux attach-session -t NAME',
  holds: true,
  version: (env) => runs(env, 'tmux', '-V'),
  async open(place) {
    const configuration = place.file('tmux.conf', CONFIGURATION);
    const socket = `${place.folder}/tmux`;
    const base = ['-S', socket, '-f', configuration];
    let started = false;
    return {
      base,
      async start(name, program, { cols, rows }) {
        const size = ['-x', cols, '-y', rows];
        runs(place.environment, 'tmux', ...base, 'new-session', '-d', '-s', name, ...size, program);
        started = true;
        return {
          attach: ['tmux', ...base, 'attach-session', '-t', `=${name}`],
          detach: '\x02d',
          end: async () =>
            runs(place.environment, 'tmux', ...base, 'kill-session', '-t', `=${name}`),
        };
      },
      async close() {
        // The server ends with its last session.
        if (started) runs(place.environment, 'sh', '-c', `tmux -S ${socket} kill-server || true`);
      },
    };
  },
};
