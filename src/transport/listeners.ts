// Who listens to which event on this side of a transport. It knows nothing about where
// events come from.
import type { Events } from '@/protocol/generated/protocol';

type Handler<E extends keyof Events> = (payload: Events[E]) => void;

export class Listeners {
  readonly #handlers = new Map<keyof Events, Set<Handler<never>>>();

  /** The result ends it, at once and as often as it is called. */
  add<E extends keyof Events>(event: E, handler: Handler<E>): () => void {
    // A wrapper of its own per subscription: the same function may listen twice.
    const own: Handler<E> = (payload) => handler(payload);
    const handlers = this.#handlers.get(event) ?? new Set();
    handlers.add(own as Handler<never>);
    this.#handlers.set(event, handlers);
    return () => {
      handlers.delete(own as Handler<never>);
    };
  }

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const handler of [...(this.#handlers.get(event) ?? [])]) {
      // One listener's fault must not keep the bytes from the next one.
      try {
        (handler as Handler<E>)(payload);
      } catch (fault) {
        console.error(`a listener of ${event} failed`, fault);
      }
    }
  }
}
