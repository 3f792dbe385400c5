// Names for the design tokens of src/styles/tokens.css. The values live there, once for
// dark and once for light; the whole default palette is replaced so that no raw colour can
// be written in a component.
const token = (name) => `var(--${name})`;

/** @type {import('tailwindcss').Config} */
export default {
  content: ['./index.html', './src/**/*.{ts,tsx}'],
  theme: {
    colors: {
      transparent: 'transparent',
      current: 'currentColor',
      canvas: token('canvas'),
      surface: token('surface'),
      raised: token('raised'),
      hover: token('hover'),
      line: token('line'),
      ink: token('ink'),
      dim: token('ink-dim'),
      accent: token('accent'),
      'accent-soft': token('accent-soft'),
      'on-accent': token('on-accent'),
      ok: token('ok'),
      warn: token('warn'),
      'warn-soft': token('warn-soft'),
      danger: token('danger'),
      claude: token('agent-claude'),
      gemini: token('agent-gemini'),
      codex: token('agent-codex'),
      shell: token('agent-shell'),
      other: token('agent-other'),
      terminal: token('terminal-background'),
      match: token('terminal-match'),
      scrim: token('scrim'),
    },
    borderRadius: {
      none: '0',
      small: token('radius-small'),
      medium: token('radius-medium'),
      large: token('radius-large'),
      full: '9999px',
    },
    fontFamily: { sans: token('font-interface'), mono: token('font-terminal') },
    fontSize: {
      tiny: [token('size-tiny'), '16px'],
      small: [token('size-small'), '18px'],
      base: [token('size-base'), '20px'],
      large: [token('size-large'), '24px'],
      title: [token('size-title'), '32px'],
    },
    boxShadow: { none: 'none', sheet: token('shadow-sheet') },
    transitionDuration: { DEFAULT: token('motion'), 0: '0ms' },
  },
};
