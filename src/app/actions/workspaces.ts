// What can be done with workspaces, with the places of panes in them, and with layouts.
import { type Action, ANYWHERE, always, GRID, hasFocus, hasPanes } from '@/app/action';
import type { Synk } from '@/app/synk';
import type { Direction } from '@/features/grid';

const several = (synk: Synk) => synk.workspaces.store.getState().workspaces.length > 1;
const shown = (synk: Synk) => synk.workspaces.store.getState().shown;
const canMove = (synk: Synk) => hasFocus(synk) && several(synk);

function swap(direction: Direction, arrow: string, letter: string): Action[] {
  const run = (synk: Synk) => void synk.grid.swap(direction).catch(synk.report);
  return [
    {
      id: `pane.move-${direction}`,
      name: `Move pane ${direction}`,
      keys: [`Alt+Shift+${arrow}`],
      scopes: ANYWHERE,
      together: { name: 'Move the pane', keys: 'Alt+Shift+arrows' },
      when: hasFocus,
      run,
    },
    {
      id: `grid.move-${direction}`,
      name: `Move pane ${direction} in the grid`,
      keys: [`Shift+${letter}`, `Shift+${arrow}`],
      scopes: GRID,
      together: { name: 'Move the pane', keys: 'H J K L' },
      when: hasFocus,
      run,
    },
  ];
}

function showAt(place: number): Action {
  return {
    id: `workspace.${place}`,
    name: `Show workspace ${place}`,
    keys: [`Ctrl+Alt+${place}`],
    scopes: ANYWHERE,
    together: { name: 'Show a workspace by its place', keys: 'Ctrl+Alt+1…9' },
    when: (synk) => synk.workspaces.store.getState().workspaces.length >= place && several(synk),
    run: (synk) => synk.workspaces.showAt(place - 1),
  };
}

function beside(step: 1 | -1): Action[] {
  const word = step > 0 ? 'next' : 'previous';
  const key = step > 0 ? 'PageDown' : 'PageUp';
  return [
    {
      id: `workspace.${word}`,
      name: `Show the ${word} workspace`,
      keys: [`Ctrl+Shift+${key}`],
      scopes: ANYWHERE,
      when: several,
      run: (synk) => {
        const next = synk.workspaces.beside(step);
        if (next) synk.workspaces.show(next.workspaceId);
      },
    },
    {
      id: `pane.move-to-${word}`,
      name: `Move pane to the ${word} workspace`,
      keys: [`Alt+Shift+${key}`],
      scopes: ANYWHERE,
      when: canMove,
      run: (synk) => void synk.desk.moveBeside(step),
    },
    {
      id: `workspace.move-${step > 0 ? 'right' : 'left'}`,
      name: `Move workspace ${step > 0 ? 'right' : 'left'}`,
      keys: [`Ctrl+Alt+Shift+${key}`],
      scopes: ANYWHERE,
      when: several,
      run: (synk) => synk.workspaces.shift(shown(synk), step),
    },
  ];
}

export const WORKSPACE_ACTIONS: Action[] = [
  {
    id: 'workspace.new',
    name: 'New workspace',
    keys: ['Ctrl+Shift+T'],
    scopes: ANYWHERE,
    once: true,
    when: always,
    run: (synk) => void synk.desk.create(),
  },
  ...beside(1),
  ...beside(-1),
  ...Array.from({ length: 9 }, (_, index) => showAt(index + 1)),
  {
    id: 'workspace.rename',
    name: 'Rename workspace',
    keys: [],
    scopes: [],
    when: several,
    run: (synk) => synk.workspaces.rename(shown(synk)),
  },
  {
    id: 'workspace.close',
    name: 'Close workspace',
    keys: [],
    scopes: [],
    when: several,
    run: (synk) => void synk.desk.close(shown(synk)),
  },
  {
    id: 'pane.move-to-new',
    name: 'Move pane to a workspace of its own',
    keys: [],
    scopes: [],
    when: hasFocus,
    run: (synk) => void synk.desk.moveToNew(),
  },
  ...swap('left', 'ArrowLeft', 'h'),
  ...swap('down', 'ArrowDown', 'j'),
  ...swap('up', 'ArrowUp', 'k'),
  ...swap('right', 'ArrowRight', 'l'),
  {
    id: 'panes.equal',
    name: 'Equal panes',
    keys: ['='],
    scopes: GRID,
    when: hasPanes,
    run: (synk) =>
      synk.workspaces.change({ workspaceId: shown(synk), columnShares: [], rowShares: [] }),
  },
  {
    id: 'layout.save',
    name: 'Save layout…',
    keys: ['Ctrl+Shift+S'],
    scopes: ANYWHERE,
    when: (synk) => synk.allPanes().length > 0,
    run: (synk) => synk.chrome.setState({ sheet: 'save-layout' }),
  },
  {
    id: 'layouts',
    name: 'Layouts',
    keys: ['Ctrl+Shift+L'],
    scopes: [...ANYWHERE, 'sheet'],
    when: always,
    run: (synk) =>
      synk.chrome.setState(({ sheet }) => ({ sheet: sheet === 'layouts' ? null : 'layouts' })),
  },
  {
    id: 'quit',
    name: 'Quit',
    keys: ['Ctrl+Shift+Q'],
    scopes: [...ANYWHERE, 'sheet'],
    once: true,
    when: always,
    run: (synk) => void synk.closing.asked(),
  },
];
