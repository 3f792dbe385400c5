// What is told on the desktop.
import type { Records } from './record';

export const NOTIFICATIONS: Records<'notifications'> = {
  area: null,
  title: 'Notifications',
  settings: {
    waiting: {
      label: 'When an agent waits',
      about: 'Tells on the desktop that an agent waits for you in a pane that you do not look at.',
      kind: 'switch',
    },
    done: {
      label: 'When an agent has finished',
      about: 'Tells on the desktop that an agent is done in a pane that you do not look at.',
      kind: 'switch',
    },
  },
};
