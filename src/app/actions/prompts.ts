// What can be done for several agents at once: prompts, broadcast, live typing, and going to
// whoever needs a person.

import { type Action, ANYWHERE, always, GRID, hasPanes } from '@/app/action';
import type { Synk } from '@/app/synk';
import { inNeed, nextInNeed } from '@/features/attention';

function sessionsOf(synk: Synk) {
  return synk.sessions.store.getState().sessions;
}

function isNeeded(synk: Synk): boolean {
  const { waiting, done } = inNeed(sessionsOf(synk));
  return waiting.length + done.length > 0;
}

export const PROMPT_ACTIONS: Action[] = [
  {
    id: 'command',
    name: 'Command bar',
    keys: ['Ctrl+Shift+Space'],
    scopes: [...ANYWHERE, 'sheet'],
    when: hasPanes,
    run: (synk) => synk.toggleCommandBar(),
  },
  {
    id: 'command.grid',
    name: 'Command bar',
    keys: ['/'],
    scopes: GRID,
    when: hasPanes,
    run: (synk) => synk.toggleCommandBar(),
  },
  {
    id: 'broadcast',
    name: 'Broadcast to all panes',
    keys: ['Ctrl+b'],
    scopes: ANYWHERE,
    yields: true,
    once: true,
    when: hasPanes,
    run: (synk) => synk.armBroadcast(),
  },
  {
    id: 'broadcast.disarm',
    name: 'Disarm broadcast',
    keys: ['Escape'],
    scopes: ANYWHERE,
    yields: true,
    when: (synk) => synk.broadcast.armed,
    run: (synk) => synk.disarmBroadcast(),
  },
  {
    id: 'live',
    name: 'Type into several panes',
    keys: [],
    scopes: [],
    when: (synk) => !synk.live.on && synk.panes().length > 1,
    run: (synk) => synk.live.begin(synk.panes().map(({ sessionId }) => sessionId)),
  },
  {
    id: 'live.end',
    name: 'Stop typing into several panes',
    keys: [],
    scopes: [],
    when: (synk) => synk.live.on,
    run: (synk) => synk.live.end(),
  },
  {
    id: 'attention.next',
    name: 'Next waiting pane',
    keys: ['Ctrl+Shift+A'],
    scopes: ANYWHERE,
    when: isNeeded,
    run: (synk) => {
      const next = nextInNeed(sessionsOf(synk), synk.grid.store.getState().focused);
      if (next !== null) void synk.goToSession(next);
    },
  },
  {
    id: 'attention.list',
    name: 'Show who waits',
    keys: [],
    scopes: [],
    when: isNeeded,
    run: (synk) => synk.chrome.setState({ attention: true }),
  },
  {
    id: 'costs',
    name: 'Costs over time',
    keys: [],
    scopes: [],
    when: always,
    run: (synk) => synk.chrome.setState({ sheet: 'costs' }),
  },
];
