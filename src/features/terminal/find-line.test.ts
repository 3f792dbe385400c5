import { Terminal } from '@xterm/headless';
import { afterEach, expect, it } from 'vitest';
import { findLine } from './find-line';

let terminal: Terminal;
afterEach(() => terminal.dispose());

async function showing(text: string, cols = 40) {
  terminal = new Terminal({ allowProposedApi: true, cols, rows: 5, scrollback: 100 });
  await new Promise<void>((resolve) => terminal.write(text.replaceAll('\n', '\r\n'), resolve));
  return terminal.buffer.active as never;
}

const context = (before: string, found: string, after: string) => ({ before, found, after });

it('finds a line and the cells of the match', async () => {
  const buffer = await showing('one\ntwo three four\nfive');
  expect(findLine(buffer, context('two ', 'three', ' four'))).toEqual([
    { row: 1, column: 4, width: 5 },
  ]);
});

it('takes the newest of several that are alike', async () => {
  const buffer = await showing('$ ls\nfile\n$ ls\nfile\n');
  expect(findLine(buffer, context('$ ', 'ls', ''))?.[0]?.row).toBe(2);
});

it('takes an older one that is more alike, and the right match within it', async () => {
  const buffer = await showing('error: error 7 here\nerror: error 8 there\n');
  expect(findLine(buffer, context('error: ', 'error', ' 7 here'))).toEqual([
    { row: 0, column: 7, width: 5 },
  ]);
});

it('joins wrapped rows, and marks a match that goes on in the next one', async () => {
  const buffer = await showing('a line that is longer than the screen', 10);
  expect(findLine(buffer, context('a line that is ', 'longer', ' than the screen'))).toEqual([
    { row: 1, column: 5, width: 5 },
    { row: 2, column: 0, width: 1 },
  ]);
});

it('counts wide characters as they stand, also where one did not fit into a row', async () => {
  const buffer = await showing('ab日本語x 港の灯台', 8);
  expect(findLine(buffer, context('ab', '日本語x', ' 港の灯台'))).toEqual([
    { row: 0, column: 2, width: 6 },
    { row: 1, column: 0, width: 1 },
  ]);
  const narrow = await showing('abc日本', 4);
  expect(findLine(narrow, context('abc', '日', '本'))).toEqual([{ row: 1, column: 0, width: 2 }]);
});

it('takes gaps of any width for one, since a tab is drawn as spaces', async () => {
  const buffer = await showing('src\tmain.rs\t120\n');
  expect(findLine(buffer, context('src\t', 'main.rs', '\t120'))).toEqual([
    { row: 0, column: 8, width: 7 },
  ]);
});

it('finds a line whose ends were cut off in the answer', async () => {
  const long = 'x'.repeat(60);
  const buffer = await showing(`${long}needle${long}`, 200);
  const half = 'x'.repeat(50);
  expect(findLine(buffer, context(half, 'needle', half))?.[0]?.column).toBe(60);
});

it('finds nothing where only the word is the same', async () => {
  const buffer = await showing('an error in quite another place\n');
  expect(findLine(buffer, context('', 'error', ''))).toBeNull();
  expect(findLine(buffer, context('disk full: ', 'error', ' 28 while writing'))).toBeNull();
  expect(findLine(buffer, context('', 'absent', ''))).toBeNull();
});
