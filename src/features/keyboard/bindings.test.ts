import { describe, expect, it } from 'vitest';
import { bound, clashes, isRebound, keysFor, taken, unreadable } from './bindings';

const zoom = { id: 'pane.zoom', name: 'Zoom', keys: ['Ctrl+Shift+Z'], scopes: [] };
const close = { id: 'pane.close', name: 'Close', keys: ['Ctrl+Shift+W'], scopes: [] };
const move = { id: 'grid.left', name: 'Left', keys: ['h', 'ArrowLeft'], scopes: ['grid' as const] };
const copy = {
  id: 'terminal.copy',
  name: 'Copy',
  keys: ['Ctrl+Shift+C'],
  scopes: ['terminal' as const],
};
const ALL = [zoom, close, move, copy];

describe('the keys of an action', () => {
  it.each([
    [{}, ['Ctrl+Shift+Z']],
    [{ 'pane.zoom': [] }, []],
    [{ 'pane.zoom': ['ctrl+alt+M', 'F4'] }, ['Ctrl+Alt+m', 'F4']],
    [{ 'pane.zoom': ['Hyper+x', 'F4'] }, ['F4']],
    [{ 'pane.zoom': ['Hyper+x'] }, ['Ctrl+Shift+Z']],
  ])('with %j are %j', (bindings, keys) => expect(keysFor(zoom, bindings)).toEqual(keys));

  it('that are its own need no word in the settings', () => {
    const bindings = bound(zoom, ['F4'], { other: ['F5'] });
    expect(bindings).toEqual({ other: ['F5'], 'pane.zoom': ['F4'] });
    expect(isRebound(zoom, bindings)).toBe(true);
    expect(bound(zoom, ['Ctrl+Shift+Z'], bindings)).toEqual({ other: ['F5'] });
  });

  it('that mean nothing are named, and nothing else is', () => {
    const bindings = { 'pane.zoom': ['F4', 'Hyper+x'], 'pane.split': ['F5'], 'grid.left': [] };
    expect(unreadable(ALL, bindings).map(({ why }) => why)).toEqual([
      '“Hyper+x” is no key; it is ignored.',
      'There is no action pane.split; its keys are ignored.',
    ]);
  });
});

describe('keys that another action has', () => {
  it('clash in the same place, and stand side by side in others', () => {
    expect(clashes('Ctrl+Shift+W', zoom, ALL, {})).toEqual([{ with: close, here: true }]);
    expect(clashes('h', copy, ALL, {})).toEqual([{ with: move, here: false }]);
    expect(clashes('h', zoom, ALL, {})).toEqual([{ with: move, here: true }]);
    expect(clashes('Ctrl+Shift+Z', zoom, ALL, {})).toEqual([]);
  });

  it('are taken from it, and from nobody who has them elsewhere', () => {
    expect(taken('Ctrl+Shift+W', zoom, ALL, {})).toEqual({
      'pane.close': [],
      'pane.zoom': ['Ctrl+Shift+Z', 'Ctrl+Shift+W'],
    });
    expect(taken('h', copy, ALL, {})).toEqual({ 'terminal.copy': ['Ctrl+Shift+C', 'h'] });
  });
});
