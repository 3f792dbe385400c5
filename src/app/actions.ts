// Everything a person can do, as records: the keymap, the palette and the key overlay are
// all made from this list, so that none of them can know an action that another lacks. The
// records are in the folder beside it, by area.
import { type Action, ANYWHERE, always, GRID } from './action';
import { GIT_ACTIONS } from './actions/git';
import { newPaneActions, PANE_ACTIONS } from './actions/panes';
import { PROMPT_ACTIONS } from './actions/prompts';
import { SIZE_ACTIONS } from './actions/size';
import { WORKSPACE_ACTIONS } from './actions/workspaces';
import type { Synk } from './synk';

const WINDOW_ACTIONS: Action[] = [
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
  ...PANE_ACTIONS,
  ...WORKSPACE_ACTIONS,
  ...GIT_ACTIONS,
  ...PROMPT_ACTIONS,
  ...SIZE_ACTIONS,
  ...WINDOW_ACTIONS,
];

/** All of them, with those that depend on what is on this machine. */
export function actionsOf(synk: Synk): Action[] {
  return [...ACTIONS, ...newPaneActions(synk)];
}
