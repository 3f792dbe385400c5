// One attachment for each session, however fast panes come and go: a session's attach, resize
// and detach are sent one after the other, because calls that are under way together may arrive
// in any order.
import type { AttachSession } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';

/** What a shim is told of who attaches: size and colours. */
export type Viewer = Omit<AttachSession, 'sessionId'>;

export class Attachments {
  readonly #last = new Map<number, Promise<unknown>>();

  constructor(private readonly transport: Transport) {}

  /** Rejects with a CommandError. `viewer` is asked when its turn comes; null sends nothing. */
  attach(sessionId: number, viewer: () => Viewer | null): Promise<void> {
    return this.#after(sessionId, async () => {
      const now = viewer();
      if (now) await this.transport.call('session:attach', { sessionId, ...now });
    });
  }

  /** Rejects with a CommandError. */
  resize(sessionId: number, size: Pick<Viewer, 'cols' | 'rows'>): Promise<void> {
    return this.#after(sessionId, async () => {
      await this.transport.call('session:resize', { sessionId, ...size });
    });
  }

  /** Never rejects: whoever leaves has no use for an error. */
  detach(sessionId: number): Promise<void> {
    return this.#after(sessionId, async () => {
      await this.transport.call('session:detach', { sessionId });
    }).catch((reason) => {
      const error = CommandError.from(reason);
      // A session that was closed has taken its attachments with it.
      if (error.code !== 'not_found') console.warn(`detaching session ${sessionId}`, error);
    });
  }

  #after(sessionId: number, step: () => Promise<void>): Promise<void> {
    const before = this.#last.get(sessionId) ?? Promise.resolve();
    const mine = before.then(step, step);
    this.#last.set(sessionId, mine);
    const forget = () => {
      if (this.#last.get(sessionId) === mine) this.#last.delete(sessionId);
    };
    mine.then(forget, forget);
    return mine;
  }
}
