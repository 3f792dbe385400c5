// The prompt that is being written: its text, whom it goes to, and the way back through those
// that were sent. What becomes of it once it is sent is the deliveries'.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { CommandError } from '@/transport';
import { type Deliveries, unconfirmed } from './deliveries';
import { PromptHistory } from './history';

export interface ComposerState {
  text: string;
  /** Sessions that it goes to, without doubles. */
  targets: number[];
  /** What cannot go now waits in the session's queue. */
  queue: boolean;
  /** Why it could not be sent; null when it could, or was not yet. */
  problem: string | null;
}

export class Composer {
  readonly store: StoreApi<ComposerState> = createStore<ComposerState>(() => ({
    text: '',
    targets: [],
    queue: false,
    problem: null,
  }));
  readonly #history = new PromptHistory();
  /** How far back in the history; 0 is what was written itself, kept in `#draft`. */
  #back = 0;
  #draft = '';

  constructor(private readonly deliveries: Deliveries) {}

  write(text: string): void {
    this.#back = 0;
    this.store.setState({ text, problem: null });
  }

  choose(targets: number[]): void {
    this.store.setState({ targets, problem: null });
  }

  /** In or out. */
  toggle(sessionId: number): void {
    const { targets } = this.store.getState();
    const others = targets.filter((each) => each !== sessionId);
    this.choose(others.length < targets.length ? others : [...targets, sessionId]);
  }

  toggleQueue(): void {
    this.store.setState(({ queue }) => ({ queue: !queue }));
  }

  /** An earlier prompt, or with −1 a later one. False at the end of the history. */
  recall(step: 1 | -1): boolean {
    const back = this.#back + step;
    if (back < 0 || back > this.#history.length) return false;
    if (this.#back === 0) this.#draft = this.store.getState().text;
    this.#back = back;
    const text = back === 0 ? this.#draft : (this.#history.ago(back) ?? '');
    this.store.setState({ text, problem: null });
    return true;
  }

  /**
   * Sends what is written to those of the targets that are `there`, or, with nothing written,
   * confirms what was asked about. `submit`: press Enter after it. Resolves to whether a prompt
   * went to anybody; why not is the `problem`.
   */
  async send(submit: boolean, there: number[]): Promise<boolean> {
    const { text, queue, targets } = this.store.getState();
    if (text.trim() === '') {
      if (unconfirmed(this.deliveries.store.getState().round).length === 0) return false;
      await this.deliveries.confirm();
      return true;
    }
    const sessionIds = there.filter((sessionId) => targets.includes(sessionId));
    if (sessionIds.length === 0) {
      this.store.setState({ problem: 'Choose at least one pane to send this to.' });
      return false;
    }
    this.write('');
    try {
      await this.deliveries.send({ text, submit, queue }, sessionIds);
      this.#history.add(text);
      return true;
    } catch (reason) {
      const { message } = CommandError.from(reason);
      // What was written meanwhile is not thrown away for it.
      const { text: now } = this.store.getState();
      this.store.setState({ text: now === '' ? text : now, problem: message });
      return false;
    }
  }
}
