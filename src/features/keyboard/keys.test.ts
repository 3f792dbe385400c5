import { describe, expect, it } from 'vitest';
import { canonical, chordOf, isComposing, matches, missedInTerminals, scopeOf } from './keys';

const press = (init: KeyboardEventInit & { keyCode?: number }) =>
  new KeyboardEvent('keydown', init);

describe('a chord', () => {
  it.each<[string, KeyboardEventInit, boolean]>([
    ['Ctrl+Shift+P', { key: 'P', code: 'KeyP', ctrlKey: true, shiftKey: true }, true],
    ['Ctrl+Shift+P', { key: 'p', code: 'KeyP', ctrlKey: true, shiftKey: true }, true],
    ['Ctrl+Shift+P', { key: 'p', code: 'KeyP', ctrlKey: true }, false],
    [
      'Ctrl+Shift+P',
      { key: 'P', code: 'KeyP', ctrlKey: true, shiftKey: true, altKey: true },
      false,
    ],
    // Dvorak: the letter counts, not the place.
    ['Ctrl+Shift+P', { key: 'P', code: 'KeyR', ctrlKey: true, shiftKey: true }, true],
    ['Ctrl+Shift+P', { key: 'L', code: 'KeyP', ctrlKey: true, shiftKey: true }, false],
    // Russian: no Latin letter, so the place counts.
    ['Ctrl+Shift+P', { key: 'З', code: 'KeyP', ctrlKey: true, shiftKey: true }, true],
    ['h', { key: 'р', code: 'KeyH' }, true],
    ['Alt+1', { key: '1', code: 'Digit1', altKey: true }, true],
    // French: digits are shifted.
    ['Alt+1', { key: '&', code: 'Digit1', altKey: true }, true],
    ['Alt+1', { key: '2', code: 'Digit2', altKey: true }, false],
    ['?', { key: '?', code: 'Slash', shiftKey: true }, true],
    ['?', { key: '?', code: 'Minus', shiftKey: true }, true],
    ['?', { key: '/', code: 'Slash' }, false],
    ['Ctrl+Shift+ArrowLeft', { key: 'ArrowLeft', ctrlKey: true, shiftKey: true }, true],
    ['Ctrl+Shift+Space', { key: ' ', code: 'Space', ctrlKey: true, shiftKey: true }, true],
    ['Ctrl+Shift+Space', { key: ' ', code: 'Space', ctrlKey: true }, false],
    ['/', { key: '/', code: 'Slash' }, true],
    // German: the slash is shifted.
    ['/', { key: '/', code: 'Digit7', shiftKey: true }, true],
    ['x', { key: 'x', code: 'KeyX' }, true],
    ['x', { key: 'X', code: 'KeyX', shiftKey: true }, false],
    ['x', { key: 'x', code: 'KeyX', metaKey: true }, false],
    ['Ctrl+Shift+-', { key: '_', code: 'Minus', ctrlKey: true, shiftKey: true }, true],
    ['Ctrl+Shift+-', { key: '-', code: 'Minus', ctrlKey: true }, false],
    ['Ctrl+Shift+=', { key: '+', code: 'Equal', ctrlKey: true, shiftKey: true }, true],
    ['Ctrl+Shift+0', { key: ')', code: 'Digit0', ctrlKey: true, shiftKey: true }, true],
    ['Ctrl++', { key: '+', code: 'NumpadAdd', ctrlKey: true }, true],
    ['Hyper+x', { key: 'x', code: 'KeyX' }, false],
  ])('%s by %o: %s', (chord, init, expected) => {
    expect(matches(chord, press(init))).toBe(expected);
  });

  it('is not made with AltGr, which writes characters', () => {
    const event = press({ key: '1', code: 'Digit1', altKey: true, modifierAltGraph: true });
    expect(matches('Alt+1', event)).toBe(false);
  });
});

it('knows an input method that is composing', () => {
  expect(isComposing(press({ key: 'a', isComposing: true }))).toBe(true);
  expect(isComposing(press({ key: 'Process', keyCode: 229 }))).toBe(true);
  expect(isComposing(press({ key: 'a', keyCode: 65 }))).toBe(false);
});

describe('a key is', () => {
  const element = (html: string, selector: string) => {
    document.body.innerHTML = html;
    return document.querySelector(selector);
  };
  it.each([
    ['<div data-terminal></div>', 'div', 'terminal'],
    ['<input />', 'input', 'text'],
    ['<div role="dialog"><input /></div>', 'input', 'sheet'],
    ['<section data-grid></section>', 'section', 'grid'],
    ['<button></button>', 'button', 'other'],
  ])('for %s', (html, selector, scope) => {
    expect(scopeOf(element(html, selector), true)).toBe(scope);
  });

  it('not for the grid while the keyboard is not there', () => {
    expect(scopeOf(document.body, true)).toBe('grid');
    expect(scopeOf(document.body, false)).toBe('other');
  });
});

describe('what is pressed is written down', () => {
  it.each<[KeyboardEventInit, string | null]>([
    [{ key: 'Control', code: 'ControlLeft', ctrlKey: true }, null],
    [{ key: 'P', code: 'KeyP', ctrlKey: true, shiftKey: true }, 'Ctrl+Shift+P'],
    [{ key: 'b', code: 'KeyB', ctrlKey: true }, 'Ctrl+b'],
    [{ key: 'р', code: 'KeyH' }, 'h'],
    [{ key: '&', code: 'Digit1', altKey: true }, 'Alt+1'],
    [{ key: '_', code: 'Minus', ctrlKey: true, shiftKey: true }, 'Ctrl+Shift+-'],
    [{ key: '?', code: 'Slash', shiftKey: true }, '?'],
    [{ key: ' ', code: 'Space', ctrlKey: true }, 'Ctrl+Space'],
    [{ key: 'F11', code: 'F11' }, 'F11'],
    [{ key: 'Dead', code: 'BracketLeft' }, null],
    [{ key: '1', code: 'Digit1', altKey: true, modifierAltGraph: true }, null],
  ])('%o: %s', (init, chord) => {
    expect(chordOf(press(init))).toBe(chord);
    if (chord !== null) expect(matches(chord, press(init))).toBe(true);
  });

  it.each([
    ['ctrl+shift+p', 'Ctrl+Shift+P'],
    ['Shift+Ctrl+P', 'Ctrl+Shift+P'],
    ['Ctrl++', 'Ctrl++'],
    ['Ctrl+Shift+?', 'Ctrl+?'],
    ['escape', 'Escape'],
    ['Ctrl+Ctrl+x', null],
    ['Ctrl+', null],
    ['', null],
    ['Ctrl+Foo', null],
  ])('%j is %j', (chord, written) => expect(canonical(chord)).toBe(written));
});

it('knows what is missed in terminals', () => {
  const missed = ['a', '?', 'Enter', 'F5', 'Ctrl+c', 'Ctrl+w', 'Ctrl+Space', 'Alt+b'];
  const free = ['Ctrl+Shift+C', 'Ctrl+Shift+ArrowUp', 'Alt+1', 'Ctrl+,', 'Ctrl+Alt+x', 'Ctrl+='];
  expect(missed.filter((chord) => missedInTerminals(chord) === null)).toEqual([]);
  expect(free.filter((chord) => missedInTerminals(chord) !== null)).toEqual([]);
});
