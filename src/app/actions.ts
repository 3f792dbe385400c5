// Everything a person can do, as records: the keymap, the palette and the key overlay are
// all made from this list, so that none of them can know an action that another lacks.
import type { Direction } from '@/features/grid';
import { AGENT_TYPES, agentName, panesOf } from '@/features/sessions';
import type { Scope } from './keys';
import type { Synk } from './synk';

export interface Action {
  id: string;
  /** In the palette and the key overlay. */
  name: string;
  /** Keys, each as "Ctrl+Shift+P". */
  keys: string[];
  /** Where the keys are taken from whoever has the keyboard. */
  scopes: Scope[];
  /** One line of the key overlay for several actions: its name and keys. */
  together?: { name: string; keys: string };
  /** Whether it can be done now. */
  when(synk: Synk): boolean;
  run(synk: Synk): void;
}

const ANYWHERE: Scope[] = ['terminal', 'grid', 'text', 'other'];
const GRID: Scope[] = ['grid'];

const hasFocus = (synk: Synk) => synk.grid.store.getState().focused !== null;
const always = () => true;

function onFocused(act: (synk: Synk, sessionId: number) => void): (synk: Synk) => void {
  return (synk) => {
    const { focused } = synk.grid.store.getState();
    if (focused !== null) act(synk, focused);
  };
}

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
    when: (synk) => panesOf(synk.sessions.store.getState().sessions).length >= place,
    run: (synk) => synk.grid.focusAt(place - 1),
  };
}

export const ACTIONS: Action[] = [
  {
    id: 'palette',
    name: 'Show every action',
    keys: ['Ctrl+Shift+P'],
    scopes: [...ANYWHERE, 'sheet'],
    when: always,
    run: (synk) =>
      synk.chrome.setState(({ sheet }) => ({ sheet: sheet === 'palette' ? null : 'palette' })),
  },
  {
    id: 'pane.new',
    name: 'New pane',
    keys: ['Ctrl+Shift+N'],
    scopes: ANYWHERE,
    when: (synk) => synk.sessions.store.getState().homeDir !== null,
    run: (synk) => void synk.create('terminal'),
  },
  ...AGENT_TYPES.filter((agentType) => agentType !== 'terminal').map(
    (agentType): Action => ({
      id: `pane.new.${agentType}`,
      name: `New ${agentName(agentType)} pane`,
      keys: [],
      scopes: [],
      when: (synk) =>
        synk.sessions.store
          .getState()
          .agents.some((agent) => agent.agentType === agentType && agent.path !== null),
      run: (synk) => void synk.create(agentType),
    }),
  ),
  {
    id: 'pane.close',
    name: 'Close pane',
    keys: ['Ctrl+Shift+W'],
    scopes: ANYWHERE,
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
    id: 'history.search',
    name: 'Search all sessions',
    keys: ['Ctrl+Shift+H'],
    scopes: [...ANYWHERE, 'sheet'],
    when: always,
    run: (synk) =>
      synk.chrome.setState(({ sheet }) => ({ sheet: sheet === 'search' ? null : 'search' })),
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
    when: hasFocus,
    run: onFocused((synk, sessionId) => void synk.close(sessionId)),
  },
  {
    id: 'project.choose',
    name: 'Choose project folder…',
    keys: [],
    scopes: [],
    when: always,
    run: (synk) => void synk.pickFolder(),
  },
  {
    id: 'sidebar',
    name: 'Show or hide the sidebar',
    keys: [],
    scopes: [],
    when: always,
    run: (synk) => synk.chrome.setState(({ sidebar }) => ({ sidebar: !sidebar })),
  },
  {
    id: 'settings',
    name: 'Settings',
    keys: ['Ctrl+,'],
    scopes: [...ANYWHERE, 'sheet'],
    when: always,
    run: (synk) =>
      synk.chrome.setState(({ sheet }) => ({ sheet: sheet === 'settings' ? null : 'settings' })),
  },
  {
    id: 'keys',
    name: 'Show all keys',
    keys: ['?'],
    scopes: GRID,
    when: always,
    run: (synk) => synk.chrome.setState({ sheet: 'keys' }),
  },
];

/** Keys for reading: arrows as signs, long names short. */
export function readableKeys(keys: string): string {
  return keys
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace('ArrowUp', '↑')
    .replace('ArrowDown', '↓')
    .replace('Escape', 'Esc');
}

/** The keys of an action for reading; empty when it has none. */
export function keysOf(id: string): string {
  return readableKeys(ACTIONS.find((action) => action.id === id)?.keys[0] ?? '');
}
