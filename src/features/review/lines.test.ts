// What is made of a difference before it is shown: the tree, the rows, the colours, and where
// comments belong.
import { describe, expect, it } from 'vitest';
import type { DiffHunk, FileDiff } from '@/protocol/generated/protocol';
import { type Comment, follow, isShown, promptOf } from './comments';
import { rowsOf } from './rows';
import { cut, languageOf, linesOf, piecesOf } from './syntax';
import { leavesOf, type TreeNode, treeOf } from './tree';

const file = (path: string, change: FileDiff['change'] = 'modified') =>
  ({ path, change }) as FileDiff;

/** A hunk of lines as `git diff` writes them. */
function hunk(text: string, oldStart = 1, newStart = oldStart): DiffHunk {
  const lines = text.split('\n').map((line) => ({
    change: ({ '+': 'added', '-': 'deleted' } as const)[line[0] ?? ''] ?? ('context' as const),
    text: line.slice(1),
    unterminated: false,
  }));
  const count = (other: string) => lines.filter(({ change }) => change !== other).length;
  return {
    oldStart,
    newStart,
    oldLines: count('added'),
    newLines: count('deleted'),
    heading: '',
    lines,
  };
}

describe('the tree', () => {
  const shape = (node: TreeNode): unknown =>
    node.kind === 'file' ? node.name : { [node.name]: node.children.map(shape) };

  it('makes one of folders that hold one folder, and puts folders first', () => {
    const files = ['z.ts', 'src/app/a.ts', 'src/app/b/c/d.ts', 'docs/api/x.md'].map((path) =>
      file(path),
    );
    expect(treeOf(files).nodes.map(shape)).toEqual([
      { 'docs/api': ['x.md'] },
      { 'src/app': [{ 'b/c': ['d.ts'] }, 'a.ts'] },
      'z.ts',
    ]);
  });

  it('shows conflicts before everything else, by their whole paths', () => {
    const tree = treeOf([file('a.ts'), file('src/b.ts', 'conflicted')]);
    expect(tree.conflicted.map(({ name }) => name)).toEqual(['src/b.ts']);
    expect(leavesOf(tree).map(({ path }) => path)).toEqual(['src/b.ts', 'a.ts']);
  });
});

describe('rows', () => {
  const one = hunk(' a\n-let x = 1;\n-gone\n+let x = 22;\n+new\n+more\n b', 10, 20);
  const shown = (layout: 'split' | 'unified') =>
    rowsOf([one], layout).map((row) =>
      row.kind === 'hunk'
        ? '@@'
        : [row.oldNumber, row.left?.number ?? null, row.right?.number ?? null],
    );

  it('stand below each other, with the numbers of both sides', () => {
    expect(shown('unified')).toEqual([
      '@@',
      [10, 20, null],
      [null, 11, null],
      [null, 12, null],
      [null, 21, null],
      [null, 22, null],
      [null, 23, null],
      [13, 24, null],
    ]);
  });

  it('stand beside each other', () => {
    expect(shown('split')).toEqual([
      '@@',
      [10, 10, 20],
      [null, 11, 21],
      [null, 12, 22],
      [null, null, 23],
      [13, 13, 24],
    ]);
  });

  it('have a key of their own each, and new lines the same in both layouts', () => {
    const keys = (layout: 'split' | 'unified') => rowsOf([one], layout).map(({ key }) => key);
    expect(new Set(keys('unified')).size).toBe(8);
    expect(keys('unified')).toEqual(expect.arrayContaining(keys('split')));
  });

  it('say what differs in a line that took the place of another', () => {
    const rows = rowsOf([hunk('-let x = 1;\n+let x = 22;')], 'split');
    const [, row] = rows;
    expect(row?.kind === 'line' && [row.left?.changed, row.right?.changed]).toEqual([
      [8, 9],
      [8, 10],
    ]);
    const [, other] = rowsOf([hunk('-abc\n+xyz')], 'split');
    expect(other?.kind === 'line' && other.left?.changed).toBeNull();
  });
});

describe('colours', () => {
  it('know a language by the file’s name', () => {
    expect(['a/b.tsx', 'Makefile', 'Cargo.toml', 'x.unknown', 'LICENSE'].map(languageOf)).toEqual([
      'typescript',
      'makefile',
      'ini',
      null,
      null,
    ]);
  });

  it('keep every character, also where something spans lines', () => {
    const text = 'const a = `one\ntwo`; // three\n';
    const lines = linesOf(text, 'typescript');
    expect(lines.map((line) => line.map((piece) => piece.text).join('')).join('\n')).toBe(text);
    expect(lines[1]?.[0]).toEqual({ text: 'two`', colour: 'text-code-string' });
  });

  it('read each side of a hunk by itself', () => {
    const both = hunk('-const a = "x\n+const b = 1;');
    expect(piecesOf(both, 1, 'new', 'a.ts')[0]).toEqual({
      text: 'const',
      colour: 'text-code-keyword',
    });
    expect(piecesOf(both, 0, 'old', 'a.none')).toEqual([{ text: 'const a = "x', colour: null }]);
  });

  it('are cut where a change begins and ends', () => {
    const pieces = [
      { text: 'abc', colour: 'one' },
      { text: 'def', colour: null },
    ];
    expect(cut(pieces, [2, 4])).toEqual([
      { text: 'ab', colour: 'one', marked: false },
      { text: 'c', colour: 'one', marked: true },
      { text: 'd', colour: null, marked: true },
      { text: 'ef', colour: null, marked: false },
    ]);
  });
});

describe('comments', () => {
  const comment = (more: Partial<Comment>): Comment => ({
    id: 1,
    path: 'a.ts',
    side: 'new',
    line: 2,
    quoted: 'two',
    text: 'Why?',
    changed: false,
    sent: false,
    ...more,
  });
  const followed = (lines: string, more: Partial<Comment> = {}) =>
    follow([comment(more)], 'a.ts', [hunk(lines)])[0];

  it('stay on their line, and go with it', () => {
    expect(followed(' one\n+two')).toMatchObject({ line: 2, changed: false });
    expect(followed('+zero\n one\n+two')).toMatchObject({ line: 3, changed: false });
  });

  it('say that their line is another one by now', () => {
    expect(followed(' one\n+deux')).toMatchObject({ line: 2, changed: true });
    expect(followed(' one\n+x\n+', { quoted: '' })).toMatchObject({ line: 2, changed: true });
    expect(followed(' one\n+deux', { path: 'b.ts' })).toMatchObject({ changed: false });
    expect(isShown(comment({ line: 9 }), [hunk(' one')])).toBe(false);
  });

  it('make one prompt, in the order of the files, without control characters', () => {
    const text = promptOf(
      [
        comment({ path: 'b.ts', quoted: '\tx\r', text: 'Shorter.\nPlease. \x1b' }),
        comment({ line: 9, side: 'old', quoted: 'gone' }),
        comment({}),
      ],
      'feat/a',
    );
    expect(text).toBe(
      [
        'Please work through these comments on your changes on feat/a:',
        'a.ts:2\n> two\nWhy?',
        'a.ts:9 (a line that was removed)\n> gone\nWhy?',
        'b.ts:2\n> \tx\nShorter.\nPlease. ',
      ].join('\n\n'),
    );
  });
});
