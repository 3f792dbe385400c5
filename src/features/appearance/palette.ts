// A palette of the settings as the colours of src/styles/tokens.css that it takes the place of.
import type { Palette } from '@/protocol/generated/protocol';

const NAMED = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** The sixteen named colours of a terminal, in the order of their numbers. */
export const ANSI_COLOURS = [...NAMED, ...NAMED.map((name) => `bright-${name}`)];

/** The names of all colours of a terminal, as in `--terminal-background`. */
export const TERMINAL_COLOURS = [
  ...['background', 'foreground', 'cursor', 'cursor-text', 'selection', 'match', 'match-active'],
  ...ANSI_COLOURS,
];

/** How much of another colour is in what lies behind text. */
const SELECTED = 0.25;
const FOUND = 0.35;
const FOUND_NOW = 0.65;

/** The colours of a palette by their names. What it does not say is made from the others. */
export function paletteTokens(palette: Palette): Record<string, string> {
  const { background, foreground, cursor, selection, colors } = palette;
  const ansi = ANSI_COLOURS.flatMap((name, index) => {
    const colour = colors[index];
    return colour === undefined ? [] : [[name, colour]];
  });
  const yellow = colors[3] ?? foreground;
  return {
    background,
    foreground,
    cursor: cursor || foreground,
    'cursor-text': background,
    selection: selection || mixed(background, foreground, SELECTED),
    match: mixed(background, yellow, FOUND),
    'match-active': mixed(background, yellow, FOUND_NOW),
    ...Object.fromEntries(ansi),
  };
}

/** Red, green and blue of `#rrggbb`; null for anything else. */
export function rgb(colour: string | undefined): [number, number, number] | null {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour ?? '');
  const [, red, green, blue] = digits ?? [];
  if (!red || !green || !blue) return null;
  return [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)];
}

/** `share` of `other` in `colour`. */
function mixed(colour: string, other: string, share: number): string {
  const from = rgb(colour);
  const to = rgb(other);
  if (!from || !to) return colour;
  const parts = from.map((part, index) => Math.round(part + ((to[index] ?? part) - part) * share));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
