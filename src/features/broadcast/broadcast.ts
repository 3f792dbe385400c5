// Whether the next prompt goes to every pane. It sends nothing itself.
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface BroadcastState {
  armed: boolean;
}

export class Broadcast {
  readonly store: StoreApi<BroadcastState> = createStore<BroadcastState>(() => ({ armed: false }));
  /** Where the prompt is written, while it is on the screen. */
  field: HTMLElement | null = null;

  get armed(): boolean {
    return this.store.getState().armed;
  }

  arm(): void {
    this.store.setState({ armed: true });
  }

  disarm(): void {
    this.store.setState({ armed: false });
  }
}
