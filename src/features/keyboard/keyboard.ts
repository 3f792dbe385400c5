// The keys as they are now, for whoever acts on them or shows them.
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Bindable, type Bindings, keysFor } from './bindings';
import { readableKeys } from './keys';

export class Keyboard {
  readonly store: StoreApi<{ bindings: Bindings }> = createStore(() => ({ bindings: {} }));

  /** `actions`: all that there are now. */
  constructor(readonly actions: () => Bindable[]) {}

  bind(bindings: Bindings): void {
    if (bindings !== this.store.getState().bindings) this.store.setState({ bindings });
  }

  keysFor(bindable: Bindable): string[] {
    return keysFor(bindable, this.store.getState().bindings);
  }

  /** The first keys of an action for reading; empty when it has none. */
  keysOf(id: string): string {
    const action = this.actions().find((each) => each.id === id);
    return readableKeys((action && this.keysFor(action)[0]) ?? '');
  }
}

/** Where the parts of the page find it. */
export const KeyboardContext = createContext<Keyboard>(new Keyboard(() => []));

/** What answers the keys of an action for reading, as they are now. */
export function useKeysOf(): (id: string) => string {
  const keyboard = useContext(KeyboardContext);
  useStore(keyboard.store);
  return (id) => keyboard.keysOf(id);
}
