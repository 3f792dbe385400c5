// What becomes of the prompt that was sent last: one delivery for each session, which the
// daemon's receipts move on. Also the only place that sends a prompt, so that each is followed
// to its end, on show or not.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Receipt, ReceiptState, SendPrompt } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';

/** `sending`: not answered yet. `failed`: the daemon could not be asked. */
export type DeliveryState = ReceiptState | 'sending' | 'failed';

export interface Delivery {
  sessionId: number;
  /** Null until the daemon has answered. */
  promptId: number | null;
  state: DeliveryState;
  /** Why it went no further, for people. */
  reason: string | null;
}

/** One prompt and its deliveries. */
export interface Round {
  /** Names it in this window. */
  id: number;
  text: string;
  submit: boolean;
  queue: boolean;
  deliveries: Delivery[];
}

type Prompt = Pick<Round, 'text' | 'submit' | 'queue'>;

export interface DeliveriesState {
  /** The prompt that was sent last; null when it needs no more looking at. */
  round: Round | null;
}

/** How far along a state is: a receipt never takes a delivery back. */
const RANKS: Partial<Record<DeliveryState, number>> = {
  sending: 0,
  failed: 0,
  queued: 1,
  sent: 2,
  accepted: 3,
};
const FINAL = 4;
const rankOf = (state: DeliveryState) => RANKS[state] ?? FINAL;

/** Nothing was typed, so that sending it again cannot double it. */
const UNTYPED: DeliveryState[] = ['blocked', 'not_ready', 'exited', 'failed'];

export class Deliveries {
  readonly store: StoreApi<DeliveriesState> = createStore<DeliveriesState>(() => ({ round: null }));
  /** Prompts of this window that are not at their end, by id. */
  readonly #open = new Map<number, { submit: boolean; onUndelivered?: () => void }>();
  /** Receipts that came while a call was under way: it may be they that are answered late. */
  #early: Map<number, Receipt> | null = null;
  #calls = 0;
  #rounds = 0;

  constructor(
    private readonly transport: Transport,
    private readonly nameOf: (sessionId: number) => string,
    /** Told of each prompt that failed, and whether the round says so too. */
    private readonly onFailure: (reason: Error, inRound: boolean) => void,
  ) {}

  /** Listens to receipts. The result ends it. */
  start(): () => void {
    return this.transport.on('dispatch:receipt', (receipt) => {
      this.#early?.set(receipt.promptId, receipt);
      this.#take(receipt);
    });
  }

  /**
   * Sends a prompt, which becomes the round. Rejects when nobody could be asked. `onUndelivered`
   * is called for each session that it does not come to after that, also when somebody took it
   * out of the queue.
   */
  async send(prompt: Prompt, sessionIds: number[], onUndelivered?: () => void): Promise<void> {
    this.#rounds += 1;
    const id = this.#rounds;
    const round = { id, ...prompt, deliveries: sessionIds.map(waiting) };
    this.store.setState({ round });
    try {
      await this.#dispatch(round, sessionIds, {}, onUndelivered);
    } catch (reason) {
      this.store.setState(({ round: now }) => (now?.id === id ? { round: null } : {}));
      throw reason;
    }
  }

  /** Sends the round's prompt again to those that were typed nothing. */
  async retry(): Promise<void> {
    await this.#again(retriable(this.store.getState().round), {});
  }

  /** Runs the round's lines in the shells that asked first. */
  async confirm(): Promise<void> {
    await this.#again(unconfirmed(this.store.getState().round), { confirmed: true });
  }

  /**
   * Forgets a round that is at its end. One that is not goes on to be shown, and so does one that
   * can be sent again to somebody who is `there`: they may have been what the person left for.
   */
  leave(there: number[]): void {
    const { round } = this.store.getState();
    if (!round?.deliveries.every(isFinal)) return;
    const open = [...retriable(round), ...unconfirmed(round)];
    if (open.some(({ sessionId }) => there.includes(sessionId))) return;
    this.store.setState({ round: null });
  }

  async #again(deliveries: Delivery[], more: Partial<SendPrompt>): Promise<void> {
    const { round } = this.store.getState();
    if (round === null || deliveries.length === 0) return;
    const sessionIds = deliveries.map(({ sessionId }) => sessionId);
    this.#change(round.id, sessionIds, waiting);
    try {
      await this.#dispatch(round, sessionIds, more);
    } catch (reason) {
      const { message } = CommandError.from(reason);
      this.#change(round.id, sessionIds, (sessionId) => ({
        ...waiting(sessionId),
        state: 'failed',
        reason: message,
      }));
    }
  }

  async #dispatch(
    { id, text, submit, queue }: Round,
    sessionIds: number[],
    more: Partial<SendPrompt> = {},
    onUndelivered?: () => void,
  ): Promise<void> {
    this.#calls += 1;
    this.#early ??= new Map();
    try {
      const receipts = await this.transport.call('dispatch:send', {
        sessionIds,
        text,
        submit,
        queue,
        ...more,
      });
      for (const receipt of receipts) {
        const { promptId, sessionId } = receipt;
        this.#open.set(promptId, { submit, onUndelivered });
        this.#change(id, [sessionId], (each) => ({ ...waiting(each), promptId }));
        this.#take(receipt);
        const early = this.#early?.get(promptId);
        if (early) this.#take(early);
      }
    } finally {
      this.#calls -= 1;
      if (this.#calls === 0) this.#early = null;
    }
  }

  /** A receipt of any prompt, also of other windows'. */
  #take(receipt: Receipt): void {
    const { promptId, state, reason } = receipt;
    const { round } = this.store.getState();
    const delivery = round?.deliveries.find((each) => each.promptId === promptId);
    if (round && delivery && rankOf(state) >= rankOf(delivery.state)) {
      this.#change(round.id, [delivery.sessionId], () => ({ ...delivery, state, reason }));
    }
    const prompt = this.#open.get(promptId);
    if (!prompt || rankOf(state) < FINAL) return;
    this.#open.delete(promptId);
    if (hasWorked({ state }, prompt.submit)) return;
    prompt.onUndelivered?.();
    // Somebody wanted that: it is no failure.
    if (state === 'withdrawn') return;
    const name = this.nameOf(receipt.sessionId);
    this.onFailure(new Error(`The prompt to ${name}: ${reason ?? state}`), delivery !== undefined);
  }

  #change(id: number, sessionIds: number[], change: (sessionId: number) => Delivery): void {
    this.store.setState(({ round }) => {
      if (round?.id !== id) return {};
      const deliveries = round.deliveries.map((delivery) =>
        sessionIds.includes(delivery.sessionId) ? change(delivery.sessionId) : delivery,
      );
      return { round: { ...round, deliveries } };
    });
  }
}

/** Nothing more becomes of it by itself. */
export function isFinal({ state }: Pick<Delivery, 'state'>): boolean {
  return state === 'failed' || rankOf(state) === FINAL;
}

/** It has come to where it was sent. */
export function hasWorked({ state }: Pick<Delivery, 'state'>, submit: boolean): boolean {
  return state === 'working' || (state === 'draft' && !submit);
}

/** Those that can be sent again without a risk. */
export function retriable(round: Round | null): Delivery[] {
  return round?.deliveries.filter(({ state }) => UNTYPED.includes(state)) ?? [];
}

/** Those that ask whether several lines are to run. */
export function unconfirmed(round: Round | null): Delivery[] {
  return round?.deliveries.filter(({ state }) => state === 'unconfirmed') ?? [];
}

function waiting(sessionId: number): Delivery {
  return { sessionId, promptId: null, state: 'sending', reason: null };
}
