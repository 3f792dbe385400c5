// What of the window is open around the grid. The sidebar is remembered in the web view's own
// storage.
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface ChromeState {
  /** The sheet over the grid. */
  sheet:
    | 'palette'
    | 'keys'
    | 'search'
    | 'settings'
    | 'command'
    | 'costs'
    | 'branch'
    | 'worktrees'
    | 'review'
    | 'layouts'
    | 'save-layout'
    | null;
  sidebar: boolean;
  /** The list of who needs a person is open. */
  attention: boolean;
  /** Lost sessions that the person leaves as they are. */
  leftLost: number[];
}

const SIDEBAR_KEY = 'synk.sidebar';

export function createChrome(storage: Storage = localStorage): StoreApi<ChromeState> {
  const store = createStore<ChromeState>(() => ({
    sheet: null,
    sidebar: storage.getItem(SIDEBAR_KEY) !== 'hidden',
    attention: false,
    leftLost: [],
  }));
  store.subscribe(({ sidebar }, before) => {
    if (sidebar !== before.sidebar) storage.setItem(SIDEBAR_KEY, sidebar ? 'shown' : 'hidden');
  });
  return store;
}
