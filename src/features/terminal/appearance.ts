// Font and colours of every terminal, from the design tokens, and the moment when the font
// can be measured.
import type { ISearchOptions } from '@xterm/addon-search';
import type { ITheme } from '@xterm/xterm';
import type { TerminalPalette } from '@/protocol/generated/protocol';

export const FONT_SIZE = 13;
const FONT_NAME = 'JetBrains Mono Variable';
export const FONT_FAMILY = `"${FONT_NAME}", ui-monospace, monospace`;

let loading: Promise<void> | null = null;

/**
 * Resolves when the terminal font is there: a terminal that is opened sooner measures
 * another font's cells. A font that cannot be loaded is said once and replaced by the
 * system's.
 */
export function terminalFont(): Promise<void> {
  loading ??= loadFont();
  return loading;
}

async function loadFont(): Promise<void> {
  if (!document.fonts) return;
  const faces = ['', 'bold ', 'italic '].map((style) => `${style}${FONT_SIZE}px "${FONT_NAME}"`);
  try {
    await Promise.all(faces.map((face) => document.fonts.load(face)));
  } catch (reason) {
    console.warn(`${FONT_NAME} did not load; terminals use the system's monospace font`, reason);
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

/** The sixteen named colours, in the order of their numbers. */
const NAMED = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const ANSI = [...NAMED, ...NAMED.map((name) => `bright-${name}`)];

/**
 * What programs are told when they ask for the terminal's colours. Undefined where there is
 * no style sheet to read them from.
 */
export function terminalPalette(token: Tokens = readTokens()): TerminalPalette | undefined {
  const colour = (name: string) => rgb(token(name));
  const foreground = colour('foreground');
  const background = colour('background');
  const cursor = colour('cursor');
  const ansi = ANSI.map(colour).filter((each) => each !== null);
  if (!foreground || !background || !cursor || ansi.length !== ANSI.length) return undefined;
  return { foreground, background, cursor, ansi: ansi as TerminalPalette['ansi'] };
}

/** Red, green and blue of `#rrggbb`. */
function rgb(colour: string | undefined): [number, number, number] | null {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour ?? '');
  const [, red, green, blue] = digits ?? [];
  if (!red || !green || !blue) return null;
  return [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)];
}

/** Calls back with the new colours whenever the system turns dark or light. */
export function onThemeChange(apply: (theme: ITheme) => void): () => void {
  const query = window.matchMedia('(prefers-color-scheme: light)');
  const changed = () => apply(terminalTheme());
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
