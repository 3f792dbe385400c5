// The way of a keystroke: one write in flight for each session, what is typed meanwhile is
// joined, and the order never changes. What was sent and failed is not sent again, because
// nobody knows how much of it arrived.

/** The most that goes into one write, in UTF-16 units. A paste is sent in such pieces. */
export const MAX_WRITE_UNITS = 32 * 1024;

/** Sends text, or bytes as one character each, to the program. */
export type SendInput = (data: string, binary: boolean) => Promise<unknown>;

interface Piece {
  data: string;
  binary: boolean;
}

export class InputQueue {
  readonly #pieces: Piece[] = [];
  #sending = false;
  #failing = false;

  /** `onError` is told once, and again only after a write has worked in between. */
  constructor(
    private readonly send: SendInput,
    private readonly onError: (reason: unknown) => void,
  ) {}

  push(data: string, binary = false): void {
    if (data === '') return;
    const last = this.#pieces.at(-1);
    if (last && last.binary === binary) last.data += data;
    else this.#pieces.push({ data, binary });
    if (!this.#sending) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#sending = true;
    for (let piece = this.#take(); piece; piece = this.#take()) {
      try {
        await this.send(piece.data, piece.binary);
        this.#failing = false;
      } catch (reason) {
        if (!this.#failing) this.onError(reason);
        this.#failing = true;
      }
    }
    this.#sending = false;
  }

  #take(): Piece | undefined {
    const first = this.#pieces[0];
    if (!first) return undefined;
    if (first.data.length <= MAX_WRITE_UNITS) return this.#pieces.shift();
    // Half a surrogate pair would arrive as a replacement character.
    const end = isHighSurrogate(first.data, MAX_WRITE_UNITS - 1)
      ? MAX_WRITE_UNITS - 1
      : MAX_WRITE_UNITS;
    const data = first.data.slice(0, end);
    first.data = first.data.slice(end);
    return { data, binary: first.binary };
  }
}

function isHighSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff;
}
