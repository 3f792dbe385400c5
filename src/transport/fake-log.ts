// All that a fake session has put out, with offsets in bytes and times, so that it can be
// searched and looked at as it was. It keeps nothing on disk and forgets nothing.
import type { SearchHit } from '@/protocol/generated/protocol';

interface Line {
  text: string;
  /** Where it ends. */
  offset: number;
  /** When it began to be printed. */
  at: number;
}

type LineHit = Pick<SearchHit, 'offset' | 'at' | 'before' | 'found' | 'after'>;

/** Escape sequences (CSI) and control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const CONTROLS = /\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|[\x00-\x1f\x7f]/g;

const encoder = new TextEncoder();

export class FakeLog {
  #text = '';
  #offset = 0;
  #begins = 0;
  readonly #lines: Line[] = [];

  /** Bytes so far. */
  get offset(): number {
    return this.#offset;
  }

  append(text: string, at = Date.now()): void {
    this.#text += text;
    for (const part of text.split(/(?<=\n)/)) {
      this.#offset += encoder.encode(part).length;
      const last = this.#lines.at(-1);
      if (last && !last.text.endsWith('\n')) {
        last.text += part;
        last.offset = this.#offset;
      } else {
        this.#lines.push({ text: part, offset: this.#offset, at });
      }
    }
  }

  /** The lines with `text`, newest first; one that was printed again counts once. */
  search(text: string, matchCase: boolean): LineHit[] {
    const fold = (line: string) => (matchCase ? line : line.toLowerCase());
    const seen = new Set<string>();
    return this.#lines.toReversed().flatMap(({ text: raw, offset, at }) => {
      const line = raw.replaceAll(CONTROLS, '').trimEnd();
      const start = fold(line).indexOf(fold(text));
      if (start < 0 || seen.has(line)) return [];
      seen.add(line);
      const end = start + text.length;
      const found = line.slice(start, end);
      return [{ offset, at, before: line.slice(0, start), found, after: line.slice(end) }];
    });
  }

  /** The oldest part goes, as when a log has grown too large. */
  forget(bytes: number): void {
    this.#begins = bytes;
  }

  /** What was there when so many bytes had come, when that was, and whether all of it is kept. */
  until(offset: number): { text: string; at: number; incomplete: boolean } {
    const bytes = encoder.encode(this.#text).slice(this.#begins, offset);
    const line = this.#lines.find((each) => each.offset >= offset) ?? this.#lines.at(-1);
    const text = new TextDecoder().decode(bytes);
    return { text, at: line?.at ?? Date.now(), incomplete: this.#begins > 0 };
  }
}
