// What can be done with panes: opening, closing, moving between them, and their terminals.

import { type Action, ANYWHERE, GRID, hasFocus, onFocused } from '@/app/action';
import type { Synk } from '@/app/synk';
import type { Direction } from '@/features/grid';
import { offeredAgents } from '@/features/sessions';

function move(direction: Direction, arrow: string, letter: string): Action[] {
  const run = (synk: Synk) => synk.grid.move(direction);
  return [
    {
      id: `focus.${direction}`,
      name: `Move focus ${direction}`,
      keys: [`Ctrl+Shift+${arrow}`],
      scopes: ANYWHERE,
      together: { name: 'Move focus', keys: 'Ctrl+Shift+arrows' },
      when: hasFocus,
      run,
    },
    {
      id: `grid.${direction}`,
      name: `Move focus ${direction} in the grid`,
      keys: [letter, arrow],
      scopes: GRID,
      together: { name: 'Move focus', keys: 'h j k l' },
      when: hasFocus,
      run,
    },
  ];
}

function focusPane(place: number): Action {
  return {
    id: `focus.${place}`,
    name: `Focus pane ${place}`,
    keys: [`Alt+${place}`],
    scopes: ANYWHERE,
    together: { name: 'Focus a pane by its place', keys: 'Alt+1…9' },
    when: (synk) => synk.panes().length >= place,
    run: (synk) => synk.grid.focusAt(place - 1),
  };
}

/** A new pane of each agent but the shell; one that is not on this machine cannot be opened. */
export function newPaneActions(synk: Synk): Action[] {
  const { agents } = synk.sessions.store.getState();
  return offeredAgents(agents)
    .filter(({ agentType }) => agentType !== 'terminal')
    .map(({ agentType, name, info }) => ({
      id: `pane.new.${agentType}`,
      name: `New ${name} pane`,
      keys: [],
      scopes: [],
      when: () => info !== undefined && info.path !== null,
      run: () => void synk.create(agentType),
    }));
}

export const PANE_ACTIONS: Action[] = [
  {
    id: 'pane.new',
    name: 'New pane',
    keys: ['Ctrl+Shift+N'],
    scopes: ANYWHERE,
    once: true,
    when: (synk) => synk.sessions.store.getState().homeDir !== null,
    run: (synk) => void synk.create('terminal'),
  },
  {
    id: 'pane.close',
    name: 'Close pane',
    keys: ['Ctrl+Shift+W'],
    scopes: ANYWHERE,
    once: true,
    when: hasFocus,
    run: onFocused((synk, sessionId) => void synk.close(sessionId)),
  },
  {
    id: 'pane.restart',
    name: 'Restart pane',
    keys: [],
    scopes: [],
    when: hasFocus,
    run: onFocused((synk, sessionId) => void synk.restart(sessionId)),
  },
  {
    id: 'pane.rename',
    name: 'Rename pane',
    keys: ['F2'],
    scopes: GRID,
    when: hasFocus,
    run: onFocused((synk, sessionId) => synk.grid.rename(sessionId)),
  },
  {
    id: 'pane.zoom',
    name: 'Zoom pane',
    keys: ['Ctrl+Shift+Z'],
    scopes: ANYWHERE,
    when: hasFocus,
    run: (synk) => synk.grid.toggleZoom(),
  },
  {
    id: 'pane.search',
    name: 'Search in pane',
    keys: ['Ctrl+Shift+F'],
    scopes: ANYWHERE,
    when: hasFocus,
    run: onFocused((synk, sessionId) => synk.grid.search(sessionId)),
  },
  {
    id: 'sessions.run-lost',
    name: 'Run every lost session again',
    keys: [],
    scopes: [],
    when: (synk) => synk.lost().length > 0,
    run: (synk) => void synk.runLost(),
  },
  ...move('left', 'ArrowLeft', 'h'),
  ...move('down', 'ArrowDown', 'j'),
  ...move('up', 'ArrowUp', 'k'),
  ...move('right', 'ArrowRight', 'l'),
  ...Array.from({ length: 9 }, (_, index) => focusPane(index + 1)),
  {
    id: 'terminal.copy',
    name: 'Copy',
    keys: ['Ctrl+Shift+C'],
    scopes: ['terminal'],
    when: hasFocus,
    run: (synk) => void synk.copy(),
  },
  {
    id: 'terminal.paste',
    name: 'Paste',
    keys: ['Ctrl+Shift+V'],
    scopes: ['terminal'],
    when: hasFocus,
    run: (synk) => void synk.paste(),
  },
  {
    id: 'terminal.leave',
    name: 'Leave the terminal',
    keys: ['Ctrl+Shift+Escape'],
    scopes: ['terminal'],
    when: hasFocus,
    run: (synk) => synk.grid.leaveTerminal(),
  },
  {
    id: 'terminal.enter',
    name: 'Enter the terminal',
    keys: ['Enter'],
    scopes: GRID,
    when: hasFocus,
    run: (synk) => synk.grid.enterTerminal(),
  },
  {
    id: 'grid.close',
    name: 'Close pane',
    keys: ['x'],
    scopes: GRID,
    once: true,
    when: hasFocus,
    run: onFocused((synk, sessionId) => void synk.close(sessionId)),
  },
];
