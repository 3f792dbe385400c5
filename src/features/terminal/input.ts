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

/** A place in the queue for input that is still being fetched, and what was typed after it. */
interface Hold {
  fetched: Piece[] | null;
  after: Piece[];
}

export class InputQueue {
  readonly #pieces: Piece[] = [];
  readonly #holds: Hold[] = [];
  /** Where what is pushed goes instead of into the queue. */
  #diverted: Piece[] | null = null;
  #sending = false;
  #failing = false;

  /** `onError` is told once, and again only after a write has worked in between. */
  constructor(
    private readonly send: SendInput,
    private readonly onError: (reason: unknown) => void,
  ) {}

  push(data: string, binary = false): void {
    if (data === '') return;
    const pieces = this.#diverted ?? this.#holds.at(-1)?.after ?? this.#pieces;
    join(pieces, { data, binary });
    if (!this.#sending) void this.#drain();
  }

  /**
   * Keeps a place for input that is not there yet, such as what is on the clipboard: what is
   * pushed from now on waits behind it. The result is to be called once, with what pushes it.
   */
  hold(): (fill: () => void) => void {
    const hold: Hold = { fetched: null, after: [] };
    this.#holds.push(hold);
    return (fill) => {
      hold.fetched = [];
      this.#diverted = hold.fetched;
      try {
        fill();
      } finally {
        this.#diverted = null;
        this.#release();
      }
    };
  }

  /** Puts into the queue what waits for nothing any more. */
  #release(): void {
    for (let first = this.#holds[0]; first?.fetched; first = this.#holds[0]) {
      this.#holds.shift();
      for (const piece of [...first.fetched, ...first.after]) join(this.#pieces, piece);
    }
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

function join(pieces: Piece[], { data, binary }: Piece): void {
  const last = pieces.at(-1);
  if (last && last.binary === binary) last.data += data;
  else pieces.push({ data, binary });
}

function isHighSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff;
}
