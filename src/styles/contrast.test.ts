// Whether what is written can be read, in each theme: WCAG's contrast between the colours that
// meet. What a terminal's program writes is xterm's to keep readable.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const sheet = readFileSync('src/styles/tokens.css', 'utf8');
const [dark = '', light = '', strong = ''] = sheet.split(/:root\[data-theme=[^{]*\{/);

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** What stands on what. */
const MEETINGS: [inks: string[], grounds: string[]][] = [
  [
    ['ink', 'ink-dim', 'accent', 'ok', 'warn', 'danger'],
    ['canvas', 'surface', 'raised'],
  ],
  [['ink', 'ink-dim'], ['hover']],
  [['warn', 'ink'], ['warn-soft']],
  [['ink', 'accent'], ['accent-soft']],
  [['on-accent'], ['accent']],
  [
    ['agent-claude', 'agent-gemini', 'agent-codex', 'agent-shell', 'agent-other'],
    ['surface', 'raised'],
  ],
  [['ink'], ['added', 'added-strong', 'deleted', 'deleted-strong']],
  [
    ['code-keyword', 'code-string', 'code-comment', 'code-number', 'code-title', 'code-type'],
    ['raised', 'added', 'deleted'],
  ],
];

describe.each([
  ['dark', dark, 4.5],
  ['light', light, 4.5],
  ['high contrast', strong, 7],
])('in the %s theme', (_, theme, least) => {
  const colours = new Map(
    [...theme.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
  const colour = (name: string) => {
    const value = colours.get(name);
    if (!value) throw new Error(`no colour ${name}`);
    return value;
  };

  it.each(MEETINGS)('%j can be read on %j', (inks, grounds) => {
    const faint = inks.flatMap((ink) =>
      grounds
        .map((ground) => ({ ink, ground, is: contrast(colour(ink), colour(ground)) }))
        .filter(({ is }) => is < least),
    );
    expect(faint).toEqual([]);
  });
});

it('shows every border in the high-contrast theme', () => {
  const [line = '', canvas = ''] = ['line', 'canvas'].map(
    (name) => new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`).exec(strong)?.[1],
  );
  expect(contrast(line, canvas)).toBeGreaterThan(3);
});
