// What an action is: something a person can do, with its name and its keys. Which there are is
// in actions.ts and the folder beside it.
import type { Bindable, Scope } from '@/features/keyboard';
import type { Synk } from './synk';

export { ANYWHERE } from '@/features/keyboard';

export interface Action extends Bindable {
  /** Its keys are taken only while it can be done; else they go where they were going. */
  yields?: boolean;
  /** Keys that are held down do it once. */
  once?: boolean;
  /** One line of the key overlay for several actions with their own keys: its name and keys. */
  together?: { name: string; keys: string };
  /** Whether it can be done now. */
  when(synk: Synk): boolean;
  run(synk: Synk): void;
}

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
