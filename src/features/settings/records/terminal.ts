// How terminals behave.
import type { Records } from './record';

export const TERMINAL: Records<'terminal'> = {
  area: null,
  title: 'Terminal',
  settings: {
    shell: {
      label: 'Shell',
      about:
        'What runs in a new shell pane, as an absolute path. Whether it is a login shell is set under Performance › Process pool.',
      kind: 'text',
      empty: 'Empty: your login shell.',
    },
    copyOnSelect: {
      label: 'Copy what is selected',
      about: 'What the mouse selects in a terminal is copied when the button is let go.',
      kind: 'switch',
    },
    bell: {
      label: 'Bell',
      about: 'What happens when a program rings: the pane’s header lights up, or a short tone.',
      kind: 'choice',
      options: { visual: 'Light', sound: 'Tone', off: 'Nothing' },
    },
    renderer: {
      label: 'Renderer',
      about:
        'What draws the terminals. By itself Synk takes WebGL where a graphics card does it, and else the page, which is slower.',
      kind: 'choice',
      options: { auto: 'Automatic', webgl: 'WebGL', dom: 'Page' },
    },
    screenReader: {
      label: 'Screen reader',
      about: 'A screen reader is told what is in the terminals. It costs speed.',
      kind: 'switch',
    },
  },
};
