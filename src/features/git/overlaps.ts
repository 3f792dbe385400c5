// Which sessions change the same files. The daemon tells all of them whenever that changes.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Overlap, OverlapFile } from '@/protocol/generated/protocol';
import type { Transport } from '@/transport';

export class Overlaps {
  readonly store: StoreApi<{ overlaps: Overlap[] }> = createStore<{ overlaps: Overlap[] }>(() => ({
    overlaps: [],
  }));

  constructor(private readonly transport: Transport) {}

  /** Listens. The result ends it. */
  start(): () => void {
    return this.transport.on('git:overlaps', ({ overlaps }) => this.store.setState({ overlaps }));
  }
}

/** What one session shares with another. */
export interface Shared {
  sessionId: number;
  /** Those in conflict first. */
  files: OverlapFile[];
}

/** With whom a session changes the same files. */
export function sharedBy(overlaps: Overlap[], sessionId: number): Shared[] {
  return overlaps
    .filter(({ sessions }) => sessions.includes(sessionId))
    .map(({ sessions: [one, other], files }) => ({
      sessionId: one === sessionId ? other : one,
      files: [...files].sort((a, b) => Number(b.conflicts) - Number(a.conflicts)),
    }));
}
