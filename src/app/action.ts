// What an action is: something a person can do, with its name and its keys. Which there are is
// in actions.ts and the folder beside it.
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
  /** Its keys are taken only while it can be done; else they go where they were going. */
  yields?: boolean;
  /** Keys that are held down do it once. */
  once?: boolean;
  /** One line of the key overlay for several actions: its name and keys. */
  together?: { name: string; keys: string };
  /** Whether it can be done now. */
  when(synk: Synk): boolean;
  run(synk: Synk): void;
}

export const ANYWHERE: Scope[] = ['terminal', 'grid', 'text', 'other'];
export const GRID: Scope[] = ['grid'];

export const hasFocus = (synk: Synk) => synk.grid.store.getState().focused !== null;
export const hasPanes = (synk: Synk) => synk.panes().length > 0;
export const always = () => true;

export function onFocused(act: (synk: Synk, sessionId: number) => void): (synk: Synk) => void {
  return (synk) => {
    const { focused } = synk.grid.store.getState();
    if (focused !== null) act(synk, focused);
  };
}
