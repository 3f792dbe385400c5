import { ClipboardAddon } from '@xterm/addon-clipboard';
import { Terminal } from '@xterm/xterm';
import { beforeEach, describe, expect, it } from 'vitest';
import { silenceQueries } from './queries';

let terminal: Terminal;
let answers: string[];
let clipboard: string[];

beforeEach(() => {
  answers = [];
  clipboard = [];
  terminal = new Terminal({
    allowProposedApi: true,
    windowOptions: { getWinSizeChars: true, getWinSizePixels: true, getCellSizePixels: true },
  });
  terminal.onData((data) => answers.push(data));
  terminal.onBinary((data) => answers.push(data));
  terminal.loadAddon(
    new ClipboardAddon(undefined, {
      readText: () => 'a secret',
      writeText: (_selection, text) => {
        clipboard.push(text);
      },
    }),
  );
  const host = document.createElement('div');
  document.body.append(host);
  terminal.open(host);
});

function write(text: string): Promise<void> {
  return new Promise((resolve) => terminal.write(text, resolve));
}

const QUERIES: [string, string][] = [
  ['primary device attributes', '\x1b[c'],
  ['primary device attributes with 0', '\x1b[0c'],
  ['secondary device attributes', '\x1b[>c'],
  ['tertiary device attributes', '\x1b[=c'],
  ['status', '\x1b[5n'],
  ['cursor position', '\x1b[6n'],
  ['private cursor position', '\x1b[?6n'],
  ['colour scheme', '\x1b[?996n'],
  ['ANSI mode', '\x1b[4$p'],
  ['private mode', '\x1b[?2026$p'],
  ['name and version', '\x1b[>q'],
  ['name and version with 0', '\x1b[>0q'],
  ['kitty keyboard flags', '\x1b[?u'],
  ['text area in pixels', '\x1b[14t'],
  ['cell in pixels', '\x1b[16t'],
  ['text area in characters', '\x1b[18t'],
  ['title', '\x1b[21t'],
  ['terminal parameters', '\x1b[x'],
  ['setting', '\x1bP$qm\x1b\\'],
  ['terminfo', '\x1bP+q544e\x1b\\'],
  ['palette colour', '\x1b]4;1;?\x07'],
  ['several palette colours', '\x1b]4;1;?;2;?\x1b\\'],
  ['foreground', '\x1b]10;?\x07'],
  ['background', '\x1b]11;?\x1b\\'],
  ['cursor colour', '\x1b]12;?\x07'],
  ['clipboard', '\x1b]52;c;?\x07'],
];

describe('a query', () => {
  it.each(QUERIES)('for the %s gets no answer from the window', async (_name, query) => {
    silenceQueries(terminal);
    await write(query);
    expect(answers).toEqual([]);
  });

  it('would be answered otherwise, so that these tests prove something', async () => {
    await write('\x1b[c\x1b[6n\x1b]52;c;?\x07\x1bP$qm\x1b\\');
    expect(answers.length).toBe(4);
  });
});

describe('what looks like a query and sets something', () => {
  it('still works for the clipboard', async () => {
    silenceQueries(terminal);
    await write(`\x1b]52;c;${btoa('copied')}\x07`);
    expect(clipboard).toEqual(['copied']);
  });

  it('still works for the title and for modes', async () => {
    silenceQueries(terminal);
    const titles: string[] = [];
    terminal.onTitleChange((title) => titles.push(title));
    await write('\x1b]0;one\x07\x1b[22t\x1b]0;two\x07\x1b[?2004h');
    expect(titles).toEqual(['one', 'two']);
    expect(terminal.modes.bracketedPasteMode).toBe(true);
  });

  it('still works for the cursor: its shape ends with q, its restoring with u', async () => {
    silenceQueries(terminal);
    await write('ab\x1b[scd\x1b[uX\x1b[4 q');
    expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('abXd');
  });
});
