// Synk by its command line, with its daemon in the place's home.

import { join } from 'node:path';
import { commandBinary } from '../../scripts/paths.mjs';
import { connect } from '../connection.mjs';
import { runs } from './running.mjs';

export const synk = {
  name: 'Synk',
  command: 'synk new -- PROGRAM, synk attach NAME',
  holds: true,
  version: (env) => runs(env, commandBinary, '--version'),
  async open({ environment, home }) {
    runs(environment, commandBinary, 'ls');
    const run = join(environment.SYNK_HOME, 'run');
    const daemon = connect(join(run, 'daemon.sock'));
    return {
      daemon,
      async start(name, program, size) {
        // By the socket, since the command line has no words for a size.
        const base = { agentType: 'terminal', projectPath: home, background: true };
        const command = { command: [program], env: {}, name, ...size };
        const { sessionId } = await daemon.call('session:create', { ...base, ...command });
        return {
          sessionId,
          socket: join(run, 'shims', `${sessionId}.sock`),
          attach: [commandBinary, 'attach', name],
          detach: '\x1c\x1c',
          end: () => daemon.call('session:destroy', { sessionId, force: true }),
        };
      },
      async close() {
        daemon.close();
        runs(environment, commandBinary, 'stop', '--all');
      },
    };
  },
};
