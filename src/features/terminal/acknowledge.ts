// Tells the shim how far a viewer has parsed. The shim stops at a window of unacknowledged
// bytes, so an acknowledgement that is lost would leave a pane blank: the last one is always
// sent, a failed one is sent again, and a hidden page does not wait for timers that the web
// view slows down.

/** Parsed bytes that are acknowledged at once. A small part of the shim's 256 KiB window. */
const EAGER_BYTES = 32 * 1024;
/** The longest that a smaller amount waits, in milliseconds: one frame. */
const PATIENCE_MS = 16;
/** Until a failed acknowledgement is sent again, in milliseconds. */
const RETRY_MS = 250;

/** Sends an offset. Resolves to whether it arrived or will never be wanted. */
export type SendOffset = (offset: number) => Promise<boolean>;

export class Acknowledger {
  #parsed: number | null = null;
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stopped = false;
  readonly #onVisibility = () => {
    if (document.hidden) this.#flush();
  };

  constructor(private readonly send: SendOffset) {
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  /** `bytes` more are parsed, up to `offset`. */
  parsed(offset: number, bytes: number): void {
    if (this.#stopped) return;
    this.#parsed = offset;
    this.#bytes += bytes;
    if (this.#bytes >= EAGER_BYTES || document.hidden) this.#flush();
    else this.#wait(PATIENCE_MS);
  }

  /** Sends nothing more. What is unsent is of no use to a viewer that is gone. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#onVisibility);
  }

  #wait(milliseconds: number): void {
    this.#timer ??= setTimeout(() => this.#flush(), milliseconds);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const offset = this.#parsed;
    if (offset === null || this.#stopped) return;
    this.#parsed = null;
    this.#bytes = 0;
    void this.send(offset).then((settled) => {
      if (settled || this.#stopped) return;
      // A newer offset says all that this one would have said.
      this.#parsed ??= offset;
      this.#wait(RETRY_MS);
    });
  }
}
