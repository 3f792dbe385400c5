// What is typed into one pane of a chosen set goes to all of the set, key by key. It is off
// until somebody turns it on, and goes only to panes that are on the screen: nobody is to type
// where they cannot see it.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { panesOf, type Sessions } from '@/features/sessions';
import type { Terminals, Typed } from '@/features/terminal';

export interface LiveTypingState {
  /** The set; empty while it is off. */
  targets: number[];
}

/** How soon the second Escape must come, in milliseconds. */
export const ESCAPES_WITHIN_MS = 600;
/** Escape as a terminal has it, plain and in kitty's keyboard protocol. */
const ESCAPES = ['\x1b', '\x1b[27u'];

export class LiveTyping {
  readonly store: StoreApi<LiveTypingState> = createStore<LiveTypingState>(() => ({ targets: [] }));
  #escapedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly sessions: Sessions,
    private readonly terminals: Terminals,
  ) {}

  /** Follows panes and keys. The result ends it. */
  start(): () => void {
    const leave = [
      this.terminals.onTyped((sessionId, typed) => this.#mirror(sessionId, typed)),
      this.sessions.store.subscribe(() => this.#forgetTheGone()),
    ];
    return () => {
      for (const end of leave) end();
    };
  }

  get on(): boolean {
    return this.store.getState().targets.length > 0;
  }

  begin(sessionIds: number[]): void {
    this.#escapedAt = Number.NEGATIVE_INFINITY;
    this.store.setState({ targets: sessionIds });
  }

  end(): void {
    this.store.setState({ targets: [] });
  }

  /** In or out of the set. Without anybody in it, it is off. */
  toggle(sessionId: number): void {
    const { targets } = this.store.getState();
    const others = targets.filter((each) => each !== sessionId);
    this.store.setState({
      targets: others.length < targets.length ? others : [...targets, sessionId],
    });
  }

  #mirror(sessionId: number, typed: Typed): void {
    const { targets } = this.store.getState();
    if (!targets.includes(sessionId)) return;
    for (const target of targets) {
      if (target === sessionId) continue;
      // Why a paste could not be fetched is said by the terminal that it was made in.
      this.terminals
        .get(target)
        ?.receive(typed)
        .catch(() => {});
    }
    if (typed.kind === 'keys') this.#countEscapes(typed.data);
  }

  #countEscapes(data: string): void {
    if (!ESCAPES.includes(data)) {
      this.#escapedAt = Number.NEGATIVE_INFINITY;
      return;
    }
    const now = performance.now();
    if (now - this.#escapedAt <= ESCAPES_WITHIN_MS) this.end();
    else this.#escapedAt = now;
  }

  #forgetTheGone(): void {
    const { targets } = this.store.getState();
    const there = panesOf(this.sessions.store.getState().sessions).map((pane) => pane.sessionId);
    const left = targets.filter((target) => there.includes(target));
    if (left.length < targets.length) this.store.setState({ targets: left });
  }
}
