// Closing the window, what is saved by itself, and how sessions behave.
import type { Records } from './record';

export const GENERAL: Records<'general'> = {
  area: null,
  title: 'General',
  settings: {
    closing: {
      label: 'When the window is closed',
      about: 'What becomes of sessions that run. Those that run on are there when it is opened.',
      kind: 'choice',
      options: {
        ask: 'Ask',
        keep: 'They run on',
        save_and_stop: 'Save the layout and end them',
        stop: 'End them',
      },
    },
    autoSave: {
      label: 'Save by itself',
      about: 'The layout of the window is saved while it changes, for after a crash.',
      kind: 'switch',
    },
    autoSaveSeconds: {
      label: 'Saved every',
      about: 'How often that is done while something changes.',
      kind: 'number',
      least: 5,
      most: 3600,
      unit: ['second', 'seconds'],
    },
  },
};

export const SESSIONS: Records<'sessions'> = {
  area: null,
  title: 'Sessions',
  settings: {
    runLost: {
      label: 'Run lost sessions again',
      about:
        'Sessions that a reboot or a crash has ended are run again by themselves. Else each waits for Enter.',
      kind: 'switch',
    },
  },
};
