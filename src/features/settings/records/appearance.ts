// How the window and its terminals look.
import { missingFonts } from '@/features/terminal';
import type { AppearanceSettings } from '@/protocol/generated/protocol';
import type { NumberControl, Records } from './record';

const PIXELS: NumberControl['unit'] = ['px', 'px'];
const PERCENT: NumberControl['unit'] = ['%', '%'];

export const APPEARANCE: Records<'appearance'> = {
  area: null,
  title: 'Appearance',
  settings: {
    theme: {
      label: 'Theme',
      about: 'The colours of the window. System is as the desktop says.',
      kind: 'choice',
      options: {
        system: 'System',
        dark: 'Dark',
        light: 'Light',
        high_contrast: 'High contrast',
      },
    },
    palette: {
      label: 'Palette',
      about: 'The colours of the terminals, whichever theme the window has.',
      kind: 'palette',
    },
    palettes: {
      label: 'Palettes',
      about:
        'Those that can be chosen. Theme files of Ghostty, Alacritty and iTerm2 can be imported.',
      kind: 'palettes',
      // One that is gone cannot be in use.
      moves: (palettes, { palette }: AppearanceSettings) =>
        palette !== '' && !(palette in palettes) ? { palette: '' } : {},
    },
    fontFamily: {
      label: 'Font',
      about: 'The terminals’ font, by the name that it is installed under.',
      kind: 'text',
      empty: 'Empty: JetBrains Mono, which ships with Synk.',
      remark: (value) => {
        const missing = missingFonts(value);
        if (missing.length === 0) return null;
        return `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed here. JetBrains Mono takes the place.`;
      },
    },
    fontSize: {
      label: 'Font size',
      about: 'The size of the terminals’ text.',
      kind: 'slider',
      least: 6,
      most: 40,
      unit: PIXELS,
    },
    lineHeight: {
      label: 'Line height',
      about:
        'Of a line in the terminals. At 100% lines and boxes that programs draw have no gaps.',
      kind: 'slider',
      least: 100,
      most: 200,
      step: 5,
      unit: PERCENT,
    },
    cursor: {
      label: 'Cursor',
      about: 'The shape of the terminals’ cursor, until a program chooses another.',
      kind: 'choice',
      options: { block: 'Block', bar: 'Bar', underline: 'Underline' },
    },
    cursorBlink: {
      label: 'Blinking cursor',
      about: 'Until a program says otherwise, and not where motion is reduced.',
      kind: 'switch',
    },
    scrollback: {
      label: 'Lines that are kept',
      about:
        'How far a terminal scrolls back. What is older is in the log, and found by the search. What the daemon keeps changes for sessions that start from then on.',
      kind: 'number',
      least: 100,
      most: 50_000,
      step: 100,
      unit: ['line', 'lines'],
    },
    zoom: {
      label: 'Zoom',
      about: 'The size of everything in the window.',
      kind: 'number',
      least: 50,
      most: 200,
      step: 10,
      unit: PERCENT,
    },
    reduceMotion: {
      label: 'Reduce motion',
      about: 'No fades, no pulse, no blinking. System is as the desktop says.',
      kind: 'choice',
      options: { system: 'System', always: 'Always', never: 'Never' },
    },
  },
};
