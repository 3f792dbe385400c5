// Notices a terminal that has stopped for good. When xterm's parser fails on a sequence (as
// version 6 does on `CSI 1 J` in the last cell of a fresh screen) it never takes another byte.
// The failure surfaces as an error of the page, or, after a key, of the very write; so every
// such error is a reason to look whether this terminal still works.

/** How long a terminal that works may need for what it has been given, in milliseconds. */
const PATIENCE_MS = 1000;

export class StallWatch {
  #written = 0;
  #parsed = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly onStalled: () => void) {
    window.addEventListener('error', this.look);
  }

  /** Something was written; call the result when it is parsed. */
  wrote(): () => void {
    this.#written += 1;
    return () => {
      this.#parsed += 1;
    };
  }

  /** Something failed; was it this terminal? */
  readonly look = (): void => {
    if (this.#timer !== null || this.#parsed === this.#written) return;
    const before = this.#parsed;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#parsed === before) this.onStalled();
    }, PATIENCE_MS);
  };

  stop(): void {
    window.removeEventListener('error', this.look);
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
