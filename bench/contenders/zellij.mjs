// zellij. Each session is a server of its own; without bars and frames, so that its sessions
// have the size of the others'.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SCROLLBACK } from './place.mjs';
import { runs } from './running.mjs';

const configuration = (layouts) => `scroll_buffer_size ${SCROLLBACK}
pane_frames false
simplified_ui true
show_startup_tips false
show_release_notes false
session_serialization false
layout_dir "${layouts}"
`;

/** Shell: waits until it can be found, which may be some time after it was made. */
const untilFound = (name) =>
  `until zellij list-sessions --short | grep --quiet --line-regexp ${name}; do sleep 0.05; done`;

/** How many sessions there were: one that is ended takes another with it that is called the same. */
let started = 0;

export const zellij = {
  name: 'zellij',
  command:
    'zellij attach --create-background NAME options --default-layout PROGRAM, zellij attach NAME',
  holds: true,
  version: (env) => runs(env, 'zellij', '--version'),
  async open(place) {
    const layouts = join(place.folder, 'layouts');
    // A place may be opened more than once.
    mkdirSync(layouts, { recursive: true });
    place.environment.ZELLIJ_SOCKET_DIR = join(place.folder, 'zj');
    const base = ['--config', place.file('zellij.kdl', configuration(layouts))];
    const sessions = new Set();
    const end = (name) => {
      sessions.delete(name);
      runs(place.environment, 'sh', '-c', `zellij delete-session --force ${name} || true`);
    };
    return {
      async start(called, program) {
        started += 1;
        const name = `${called}-${started}`;
        const pane = `layout {\n  pane command="${program}" close_on_exit=true\n}\n`;
        const layout = place.file(join('layouts', `${name}.kdl`), pane);
        const options = ['options', '--default-layout', layout];
        runs(
          place.environment,
          'zellij',
          ...base,
          'attach',
          '--create-background',
          name,
          ...options,
        );
        sessions.add(name);
        runs(place.environment, 'sh', '-c', untilFound(name));
        return {
          attach: ['zellij', ...base, 'attach', name],
          detach: '\x0fd',
          end: async () => end(name),
        };
      },
      async close() {
        for (const name of [...sessions]) end(name);
      },
    };
  },
};
