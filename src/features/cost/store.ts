// What was used today and, while somebody looks at it, over time. It asks the daemon again after
// sessions have used something, but never more often than every few seconds.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Cost, CostList } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';
import { dayAfter, localDay } from './sums';

/** The least time between two questions that nobody waits for, in milliseconds. */
export const PAUSE_MS = 2000;

export interface CostsState {
  /** Null until the daemon has said. */
  today: Cost | null;
  /** What the panel shows; null until the daemon has said. */
  list: CostList | null;
  /** The first and the last day of `list`. */
  since: string;
  until: string;
  /** How many days the panel shows. */
  days: number;
  /** Why the costs could not be read. */
  problem: string | null;
}

export class Costs {
  readonly store: StoreApi<CostsState> = createStore<CostsState>(() => ({
    today: null,
    list: null,
    since: '',
    until: '',
    days: 30,
    problem: null,
  }));
  #timer: ReturnType<typeof setTimeout> | null = null;
  #midnight: ReturnType<typeof setTimeout> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Counts questions, so that an answer to an earlier one is not used. */
  #asked = 0;
  #onShow = false;

  constructor(private readonly transport: Transport) {}

  /** Listens, then asks. The result ends it. */
  start(): () => void {
    const leave = [
      this.transport.on('cost:updated', () => this.#askSoon()),
      this.transport.on('daemon:connection', ({ state }) => {
        if (state === 'connected') void this.load();
      }),
    ];
    this.#askAtMidnight();
    void this.load();
    return () => {
      for (const end of leave) end();
      clearTimeout(this.#midnight);
      if (this.#timer !== null) clearTimeout(this.#timer);
    };
  }

  /** The person looks at the costs over time. The result ends it. */
  begin(): () => void {
    this.#onShow = true;
    void this.load();
    return () => {
      this.#onShow = false;
    };
  }

  /** Shows so many days. */
  show(days: number): void {
    this.store.setState({ days });
    void this.load();
  }

  async load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    this.#askedAt = Date.now();
    const until = localDay(Date.now());
    const since = this.#onShow ? dayAfter(until, 1 - this.store.getState().days) : until;
    try {
      await this.transport.ready;
      const list = await this.transport.call('cost:list', { since, until });
      if (asked !== this.#asked) return;
      this.store.setState({
        today: list.today,
        problem: null,
        ...(this.#onShow && { list, since, until }),
      });
    } catch (reason) {
      if (asked === this.#asked) {
        this.store.setState({ problem: CommandError.from(reason).message });
      }
    }
  }

  /** What was today is not today any more, also while nobody uses anything. */
  #askAtMidnight(): void {
    const now = Date.now();
    const midnight = new Date(now).setHours(24, 0, 0, 0);
    this.#midnight = setTimeout(() => {
      void this.load();
      this.#askAtMidnight();
    }, midnight - now);
  }

  #askSoon(): void {
    if (this.#timer !== null) return;
    const wait = Math.max(0, this.#askedAt + PAUSE_MS - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.load();
    }, wait);
  }
}
