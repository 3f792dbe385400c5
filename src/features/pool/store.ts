// The state of the pool of waiting shells, and what one of them occupies as far as that was
// measured. It starts and ends no shell: the settings say how many there are.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PoolStatus } from '@/protocol/generated/protocol';
import type { Transport } from '@/transport';

export interface PoolState {
  /** Null until the daemon has said, and while it is away. */
  status: PoolStatus | null;
  /** What one waiting shell was last measured to occupy, in bytes; null before that. */
  shellBytes: number | null;
}

export class Pool {
  readonly store: StoreApi<PoolState> = createStore<PoolState>(() => ({
    status: null,
    shellBytes: null,
  }));
  /** Counts events, so that an answer that is older than one is not used. */
  #heard = 0;

  constructor(private readonly transport: Transport) {}

  /** Listens, then asks. The result ends it. */
  start(): () => void {
    const leave = [
      this.transport.on('pool:status', (status) => {
        this.#heard += 1;
        this.#replace(status);
      }),
      this.transport.on('daemon:connection', ({ state }) => {
        if (state === 'connected') void this.#load();
        else this.store.setState({ status: null });
      }),
    ];
    void this.#load();
    return () => {
      for (const end of leave) end();
    };
  }

  async #load(): Promise<void> {
    try {
      await this.transport.ready;
      const heard = this.#heard;
      const status = await this.transport.call('pool:status', {});
      if (heard === this.#heard) this.#replace(status);
    } catch (reason) {
      // The sessions, which are asked for at the same time, say that the daemon is away.
      console.warn('the state of the pool is not known', reason);
    }
  }

  #replace(status: PoolStatus): void {
    const { status: before, shellBytes } = this.store.getState();
    this.store.setState({ status, shellBytes: measured(status, before) ?? shellBytes });
  }
}

/**
 * What one of the waiting shells occupies. The memory is measured a moment after their number
 * has changed; until it has changed too it may be that of more of them, or of fewer.
 */
function measured(now: PoolStatus, before: PoolStatus | null): number | null {
  const { idle, warming, memoryBytes } = now;
  if (idle === 0 || warming > 0 || memoryBytes === 0) return null;
  return memoryBytes === before?.memoryBytes ? null : memoryBytes / idle;
}
