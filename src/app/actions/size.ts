// The size of everything in the window. Ctrl with a sign alone belongs to the terminals.
import { type Action, ANYWHERE, always } from '@/app/action';
import type { Synk } from '@/app/synk';

/** In percent. Between two of them nobody sees much of a difference. */
const ZOOMS = [50, 67, 80, 90, 100, 110, 125, 150, 175, 200];
const NORMAL = 100;

function zoomOf(synk: Synk): number {
  return synk.settings.store.getState().settings?.appearance.zoom ?? NORMAL;
}

const larger = (synk: Synk) => ZOOMS.find((zoom) => zoom > zoomOf(synk));
const smaller = (synk: Synk) => ZOOMS.findLast((zoom) => zoom < zoomOf(synk));

function size(id: string, name: string, keys: string, zoom: (synk: Synk) => number | undefined) {
  const action: Action = {
    id,
    name,
    keys: [keys],
    scopes: [...ANYWHERE, 'sheet'],
    when: always,
    run: (synk) => {
      const next = zoom(synk);
      if (next !== undefined) synk.settings.set('appearance', 'zoom', next);
    },
  };
  return action;
}

export const SIZE_ACTIONS: Action[] = [
  size('size.larger', 'Larger', 'Ctrl+Shift+=', larger),
  size('size.smaller', 'Smaller', 'Ctrl+Shift+-', smaller),
  size('size.normal', 'Normal size', 'Ctrl+Shift+0', () => NORMAL),
];
