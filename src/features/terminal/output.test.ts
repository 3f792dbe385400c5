import { Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from './base64';
import { OutputFeed } from './output';

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\r\n`).join('');

function screenOf(rows = 5) {
  const terminal = new Terminal({ allowProposedApi: true, cols: 20, rows, scrollback: 1000 });
  const parsed: { offset: number; bytes: number }[] = [];
  let offset = 0;
  const feed = new OutputFeed(
    {
      write: (bytes, done) => terminal.write(bytes, done),
      linesFromBottom: () => terminal.buffer.active.baseY - terminal.buffer.active.viewportY,
      scrollToLinesFromBottom: (count) =>
        terminal.scrollToLine(Math.max(0, terminal.buffer.active.baseY - count)),
    },
    (at, bytes) => parsed.push({ offset: at, bytes }),
  );
  const push = (text: string, snapshot = false) => {
    offset += text.length;
    feed.push({ sessionId: 1, dataB64: base64(text), offset, snapshot });
  };
  const drawn = () => new Promise<void>((resolve) => terminal.write('', resolve));
  const shown = () => {
    const { active } = terminal.buffer;
    return Array.from(
      { length: rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    );
  };
  return { terminal, feed, push, drawn, shown, parsed };
}

describe('base64', () => {
  it('becomes the same bytes, also without the newer decoder', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const text = Buffer.from(bytes).toString('base64');
    expect(decodeBase64(text)).toEqual(bytes);
  });

  it('is refused when it is none', () => {
    expect(() => decodeBase64('not base64!')).toThrow();
  });
});

describe('output', () => {
  it('before the first snapshot is a leftover and is not shown', async () => {
    const { push, drawn, shown, parsed } = screenOf();
    push('stale');
    push('\x1bcfresh', true);
    push(' and more');
    await drawn();
    expect(shown()[0]).toBe('fresh and more');
    expect(parsed.map(({ offset }) => offset)).toEqual([12, 21]);
  });

  it('is reported when it is parsed, with its bytes', async () => {
    const { push, drawn, parsed } = screenOf();
    push('\x1bc', true);
    push('é');
    await drawn();
    expect(parsed.map(({ bytes }) => bytes)).toEqual([2, 2]);
  });

  it('may cut a character in two', async () => {
    const { feed, push, drawn, shown } = screenOf();
    push('\x1bc', true);
    const bytes = Buffer.from('日', 'utf8');
    const event = { sessionId: 1, snapshot: false };
    feed.push({ ...event, offset: 3, dataB64: bytes.subarray(0, 1).toString('base64') });
    feed.push({ ...event, offset: 5, dataB64: bytes.subarray(1).toString('base64') });
    await drawn();
    expect(shown()[0]).toBe('日');
  });
});

describe("the reader's place", () => {
  it('stays when a snapshot in several parts replaces the screen', async () => {
    const { terminal, push, drawn, shown } = screenOf();
    push('\x1bc', true);
    push(lines(1, 40));
    await drawn();
    terminal.scrollLines(-10);
    const before = shown();
    push(`\x1bc${lines(1, 20)}`, true);
    push(lines(21, 40), true);
    await drawn();
    expect(shown()).toEqual(before);
  });

  it('is the same distance from the newest line when that has moved on', async () => {
    const { terminal, push, drawn, shown } = screenOf();
    push(`\x1bc${lines(1, 40)}`, true);
    await drawn();
    terminal.scrollLines(-10);
    push(`\x1bc${lines(1, 50)}`, true);
    await drawn();
    expect(shown()[0]).toBe('line 37');
  });

  it('is the bottom for who was at the bottom', async () => {
    const { push, drawn, shown } = screenOf();
    push(`\x1bc${lines(1, 40)}`, true);
    push(`\x1bc${lines(1, 50)}`, true);
    await drawn();
    expect(shown()).toEqual(['line 47', 'line 48', 'line 49', 'line 50', '']);
  });

  it('is the top when the snapshot has fewer lines', async () => {
    const { terminal, push, drawn, shown } = screenOf();
    push(`\x1bc${lines(1, 40)}`, true);
    await drawn();
    terminal.scrollLines(-30);
    push(`\x1bc${lines(1, 8)}`, true);
    await drawn();
    expect(shown()[0]).toBe('line 1');
  });
});
