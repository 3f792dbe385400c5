// Font and colours of every terminal, from the settings and the design tokens, and the moment
// when the font can be measured.
import type { ISearchOptions } from '@xterm/addon-search';
import type { ITheme } from '@xterm/xterm';
import { ANSI_COLOURS, rgb } from '@/features/appearance';
import type { TerminalPalette } from '@/protocol/generated/protocol';

const BUNDLED = '"JetBrains Mono Variable", ui-monospace, monospace';

/** The fonts of a list as people write it: `Fira Code, "Iosevka"`. */
function fontsOf(written: string): string[] {
  return written
    .split(',')
    .map((font) =>
      font
        .trim()
        .replace(/^(["'])(.*)\1$/, '$2')
        .replace(/["\\]/g, ''),
    )
    .filter((font) => font !== '');
}

/** The fonts to draw with; the one that ships with Synk takes the place of any that is missing. */
export function fontFamily(written: string): string {
  return [...fontsOf(written).map((font) => `"${font}"`), BUNDLED].join(', ');
}

/** Wide and narrow letters: no two fonts are likely to give them one width. */
const SAMPLE = 'mmmmwwwwiiiillll0123456789@#&';

/** Which of the fonts in a list this machine has not. */
export function missingFonts(written: string): string[] {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return [];
  const widthIn = (family: string) => {
    context.font = `48px ${family}`;
    return context.measureText(SAMPLE).width;
  };
  // One that is there is drawn in place of either; one of them it may be itself.
  const isThere = (font: string) =>
    ['monospace', 'serif'].some((other) => widthIn(`"${font}", ${other}`) !== widthIn(other));
  return fontsOf(written).filter((font) => !GENERIC.has(font.toLowerCase()) && !isThere(font));
}

const GENERIC = new Set(['monospace', 'ui-monospace', 'serif', 'sans-serif', 'system-ui']);

const loading = new Map<string, Promise<void>>();

/**
 * Resolves when the fonts of a family are there: a terminal that is drawn sooner measures
 * another font's cells. One that cannot be loaded is said once and replaced by the next.
 */
export function terminalFont(family: string): Promise<void> {
  const known = loading.get(family) ?? loadFont(family);
  loading.set(family, known);
  return known;
}

async function loadFont(family: string): Promise<void> {
  if (!document.fonts) return;
  try {
    const faces = ['', 'bold ', 'italic '].map((style) => `${style}13px ${family}`);
    await Promise.all(faces.map((face) => document.fonts.load(face)));
  } catch (reason) {
    console.warn(`${family} did not load; terminals use the next font`, reason);
  }
}

type Tokens = (name: string) => string | undefined;

function readTokens(): Tokens {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--terminal-${name}`).trim() || undefined;
}

export function terminalTheme(token: Tokens = readTokens()): ITheme {
  return {
    background: token('background'),
    foreground: token('foreground'),
    cursor: token('cursor'),
    cursorAccent: token('cursor-text'),
    selectionBackground: token('selection'),
    black: token('black'),
    red: token('red'),
    green: token('green'),
    yellow: token('yellow'),
    blue: token('blue'),
    magenta: token('magenta'),
    cyan: token('cyan'),
    white: token('white'),
    brightBlack: token('bright-black'),
    brightRed: token('bright-red'),
    brightGreen: token('bright-green'),
    brightYellow: token('bright-yellow'),
    brightBlue: token('bright-blue'),
    brightMagenta: token('bright-magenta'),
    brightCyan: token('bright-cyan'),
    brightWhite: token('bright-white'),
  };
}

/** How matches of a search are shown. */
export function searchAppearance(token: Tokens = readTokens()): ISearchOptions['decorations'] {
  const match = token('match');
  const active = token('match-active');
  if (!match || !active) return undefined;
  return {
    matchBackground: match,
    matchOverviewRuler: match,
    activeMatchBackground: active,
    activeMatchColorOverviewRuler: active,
  };
}

/** How a line that was looked for is shown. */
export function matchColours(token: Tokens = readTokens()): { backgroundColor?: string } {
  const colour = token('match-active');
  return colour ? { backgroundColor: colour } : {};
}

/**
 * What programs are told when they ask for the terminal's colours. Undefined where there is
 * no style sheet to read them from.
 */
export function terminalPalette(token: Tokens = readTokens()): TerminalPalette | undefined {
  const colour = (name: string) => rgb(token(name));
  const foreground = colour('foreground');
  const background = colour('background');
  const cursor = colour('cursor');
  const ansi = ANSI_COLOURS.map(colour).filter((each) => each !== null);
  if (!foreground || !background || !cursor || ansi.length !== ANSI_COLOURS.length)
    return undefined;
  return { foreground, background, cursor, ansi: ansi as TerminalPalette['ansi'] };
}
