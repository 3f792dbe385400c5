import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { terminalPalette } from './appearance';

/** The tokens of a theme, as the style sheet has them. */
function tokensOf(theme: string) {
  const values = new Map(
    [...theme.matchAll(/--terminal-([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]),
  );
  return (name: string) => values.get(name);
}

describe('the palette that programs are told', () => {
  const sheet = readFileSync('src/styles/tokens.css', 'utf8');
  const [dark = '', light = '', strong = ''] = sheet.split(/:root\[data-theme=[^{]*\{/);

  it.each([
    ['dark', dark, [11, 13, 16], [108, 118, 131]],
    ['light', light, [255, 255, 255], [86, 95, 107]],
    ['high-contrast', strong, [0, 0, 0], [166, 166, 166]],
  ])('is that of the %s theme', (_, theme, background, brightBlack) => {
    const palette = terminalPalette(tokensOf(theme));
    expect(palette?.background).toEqual(background);
    expect(palette?.ansi).toHaveLength(16);
    expect(palette?.ansi[8]).toEqual(brightBlack);
  });

  it('is nothing where a colour is missing', () => {
    const token = tokensOf(dark);
    expect(terminalPalette((name) => (name === 'cyan' ? undefined : token(name)))).toBeUndefined();
  });
});
