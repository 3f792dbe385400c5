// Which moment of the past is on show: one of the lines that a search has found.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SearchHit } from '@/protocol/generated/protocol';

export interface PastState {
  /** What was found; empty while the present is on show. */
  hits: SearchHit[];
  /** Which of them is on show. */
  index: number;
}

export class Past {
  readonly store: StoreApi<PastState> = createStore(() => ({ hits: [], index: 0 }));
  /** The view's element, while it is on the screen. */
  region: HTMLElement | null = null;

  isOpen(): boolean {
    return this.store.getState().hits.length > 0;
  }

  open(hits: SearchHit[], index: number): void {
    this.store.setState({ hits, index });
  }

  /** Goes to the next hit, or with -1 to the one before; at an end it stays. */
  step(by: 1 | -1): void {
    this.store.setState(({ hits, index }) => ({
      index: Math.max(0, Math.min(index + by, hits.length - 1)),
    }));
  }

  close(): void {
    this.store.setState({ hits: [], index: 0 });
  }
}
