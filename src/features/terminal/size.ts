// How many cells a session's terminal has: as many as its place on the screen has room for.
// The program hears of it once the place has kept its size for a moment, and of the newest
// size only.
import { FitAddon } from '@xterm/addon-fit';
import type { Terminal } from '@xterm/xterm';

/** How long a pane's size must stay before the program hears of it, in milliseconds. */
const PATIENCE_MS = 50;

export interface Size {
  cols: number;
  rows: number;
}

export class FittedSize {
  readonly #addon = new FitAddon();
  #told = '';
  #telling = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #observer: ResizeObserver | null = null;
  #disposed = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly host: HTMLElement,
    /** Tells the program; it rejects when that failed. */
    private readonly tell: (size: Size) => Promise<unknown>,
    /** Whether there is a program to tell. */
    private readonly mayTell: () => boolean,
    private readonly onError: (reason: unknown) => void,
  ) {
    terminal.loadAddon(this.#addon);
  }

  /** Follows the place's size from now on. */
  watch(): void {
    this.#observer = new ResizeObserver(() => this.refit());
    this.#observer.observe(this.host);
  }

  /** Fits the terminal again in a moment: its place or its cells have another size. */
  refit(): void {
    // Nothing is followed before it is watched.
    if (this.#disposed || this.#observer === null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#fit();
      void this.#tellNewest();
    }, PATIENCE_MS);
  }

  /** Fits the terminal now, and answers its size, which the caller tells the program. */
  fitAndTell(): Size {
    this.#fit();
    const { cols, rows } = this.terminal;
    this.#told = `${cols}x${rows}`;
    return { cols, rows };
  }

  dispose(): void {
    this.#disposed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#observer?.disconnect();
  }

  #fit(): void {
    // A pane that is not laid out has no size to tell.
    if (this.host.clientWidth === 0 || this.host.clientHeight === 0) return;
    const size = this.#addon.proposeDimensions();
    if (!size || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return;
    const { cols, rows } = size;
    if (cols !== this.terminal.cols || rows !== this.terminal.rows) {
      this.terminal.resize(cols, rows);
    }
  }

  /** One message under way; after it the newest size, when it is another one. */
  async #tellNewest(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    for (;;) {
      const { cols, rows } = this.terminal;
      const size = `${cols}x${rows}`;
      if (this.#disposed || !this.mayTell() || size === this.#told) break;
      this.#told = size;
      try {
        await this.tell({ cols, rows });
      } catch (reason) {
        this.onError(reason);
        break;
      }
    }
    this.#telling = false;
  }
}
