// Which keys do what.
import type { Records } from './record';

export const KEYBOARD: Records<'keyboard'> = {
  area: null,
  title: 'Keyboard',
  settings: {
    bindings: {
      label: 'Keys',
      about: 'In a terminal, every key that is not here belongs to the program.',
      kind: 'keys',
    },
  },
};
