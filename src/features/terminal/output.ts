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
  #closed = false;

  constructor(
    private readonly screen: OutputScreen,
    private readonly parsed: (offset: number, bytes: number) => void,
  ) {}

  /** The screen is about to go; what it still parses is of no interest. */
  close(): void {
    this.#closed = true;
  }

  push(output: SessionOutput): void {
    if (this.#closed) return;
    // Before the first snapshot come only leftovers of an earlier attachment.
    if (!this.#open && !output.snapshot) return;
    this.#open = true;
    const bytes = decodeBase64(output.dataB64);
    const { snapshot, offset } = output;
    // A snapshot may be cut into several events; the reader's place is where it was before
    // the first of them, which is the one that begins with a full reset.
    const starts = snapshot && (!this.#inSnapshot || isReset(bytes));
    this.#inSnapshot = snapshot;
    if (starts) {
      // Bytes still on their way to the screen move the reader's place too, so it is read
      // after them, when the screen comes to this snapshot.
      this.screen.write(new Uint8Array(0), () => {
        if (!this.#closed) this.#place = this.screen.linesFromBottom();
      });
    }
    this.screen.write(bytes, () => {
      if (this.#closed) return;
      if (snapshot && this.#place > 0) this.screen.scrollToLinesFromBottom(this.#place);
      this.parsed(offset, bytes.length);
    });
  }
}

/** Whether bytes begin with RIS, `ESC c`. */
function isReset(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1b && bytes[1] === 0x63;
}
