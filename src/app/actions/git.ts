// What can be done with branches: working on one of its own, reviewing it, and the worktrees.
import { type Action, ANYWHERE, always } from '@/app/action';
import type { Synk } from '@/app/synk';

/** The focused session, where it works in a repository. */
function focusedInRepository(synk: Synk): number | null {
  const { focused } = synk.grid.store.getState();
  const session = focused === null ? undefined : synk.sessionOf(focused);
  return session && session.branch !== null ? session.sessionId : null;
}

const isReviewing = (synk: Synk) => synk.chrome.getState().sheet === 'review';

export const GIT_ACTIONS: Action[] = [
  {
    id: 'pane.new-branch',
    name: 'New pane on a branch of its own…',
    keys: [],
    scopes: [],
    when: (synk) => synk.sessions.store.getState().homeDir !== null,
    run: (synk) => synk.askForBranch(),
  },
  {
    id: 'review.open',
    name: 'Review changes',
    keys: ['Ctrl+Shift+G'],
    scopes: [...ANYWHERE, 'sheet'],
    when: (synk) => isReviewing(synk) || focusedInRepository(synk) !== null,
    run: (synk) => {
      const focused = focusedInRepository(synk);
      if (isReviewing(synk)) synk.chrome.setState({ sheet: null });
      else if (focused !== null) synk.review(focused);
    },
  },
  {
    id: 'worktrees',
    name: 'Worktrees',
    keys: [],
    scopes: [],
    when: always,
    run: (synk) => synk.chrome.setState({ sheet: 'worktrees' }),
  },
];
