// The way of a byte from an output event into a screen: it waits for the first snapshot,
// keeps the reader's place when a snapshot replaces what is on the screen, and reports what
// is parsed. It knows no xterm, only a screen that takes bytes.
import type { SessionOutput } from '@/protocol/generated/protocol';
import { decodeBase64 } from './base64';

/** What a feed writes to. */
export interface OutputScreen {
  /** `parsed` is called when the bytes are on the screen. */
  write(bytes: Uint8Array, parsed: () => void): void;
  /** Lines between what is shown and the newest line; 0 at the bottom. */
  linesFromBottom(): number;
  /** Shows as many lines above the newest, or as far up as there are lines. */
  scrollToLinesFromBottom(lines: number): void;
}

export class OutputFeed {
  #open = false;
  #inSnapshot = false;
  #place = 0;

  constructor(
    private readonly screen: OutputScreen,
    private readonly parsed: (offset: number, bytes: number) => void,
  ) {}

  /** Whether a snapshot has arrived, so that the screen shows the session. */
  get isOpen(): boolean {
    return this.#open;
  }

  push(output: SessionOutput): void {
    // Before the first snapshot come only leftovers of an earlier attachment.
    if (!this.#open && !output.snapshot) return;
    this.#open = true;
    const bytes = decodeBase64(output.dataB64);
    const { snapshot, offset } = output;
    // A snapshot may be cut into several events; the reader's place is where it was before
    // the first of them.
    const starts = snapshot && !this.#inSnapshot;
    this.#inSnapshot = snapshot;
    if (starts) {
      // Bytes still on their way to the screen move the reader's place too, so it is read
      // after them, when the screen comes to this snapshot.
      this.screen.write(new Uint8Array(0), () => {
        this.#place = this.screen.linesFromBottom();
      });
    }
    this.screen.write(bytes, () => {
      if (snapshot && this.#place > 0) this.screen.scrollToLinesFromBottom(this.#place);
      this.parsed(offset, bytes.length);
    });
  }
}
