// What is kept of the sessions' output.
import type { NumberControl, Records } from './record';

const MIB: NumberControl['unit'] = ['MiB', 'MiB'];

export const LOGS: Records<'logs'> = {
  area: 'Privacy',
  title: 'Logs',
  settings: {
    sessionLimitMib: {
      label: 'Each session’s log',
      about: 'The most that is kept of what one session puts out. The oldest goes first.',
      kind: 'number',
      least: 1,
      most: 65_536,
      unit: MIB,
    },
    totalLimitMib: {
      label: 'All logs together',
      about: 'Closed sessions go first, then the oldest parts of the others.',
      kind: 'number',
      least: 16,
      most: 1_048_576,
      unit: MIB,
    },
    closedDays: {
      label: 'Logs of closed sessions',
      about:
        'How long they are kept once the session is closed. 0: as long as the limits above allow.',
      kind: 'number',
      least: 0,
      most: 3650,
      unit: ['day', 'days'],
    },
  },
};
