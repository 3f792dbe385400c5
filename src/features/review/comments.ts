// Comments on lines: where each belongs when the lines have moved meanwhile, and the prompt that
// all of them make.
import type { DiffHunk } from '@/protocol/generated/protocol';
import type { Side } from './rows';

export interface Comment {
  id: number;
  path: string;
  side: Side;
  /** The line's number on its side. */
  line: number;
  /** The line as it was when the comment was written. */
  quoted: string;
  text: string;
  /** The line is another one by now, or is gone. */
  changed: boolean;
  sent: boolean;
}

/** Where a comment is to be, while it is being written. */
export type Place = Pick<Comment, 'path' | 'side' | 'line' | 'quoted'>;

/** Comments of a file as its lines are now: one whose line has moved goes with it. */
export function follow(comments: Comment[], path: string, hunks: DiffHunk[]): Comment[] {
  const sides = { old: linesOf(hunks, 'old'), new: linesOf(hunks, 'new') };
  return comments.map((comment) => {
    if (comment.path !== path) return comment;
    const lines = sides[comment.side];
    if (lines.get(comment.line) === comment.quoted) return { ...comment, changed: false };
    const moved = nearest(lines, comment);
    return moved === null
      ? { ...comment, changed: true }
      : { ...comment, line: moved, changed: false };
  });
}

/** Whether a comment's line is on show. */
export function isShown({ side, line }: Place, hunks: DiffHunk[]): boolean {
  return linesOf(hunks, side).has(line);
}

/** The prompt that all of them make. */
export function promptOf(comments: Comment[], branch: string | null): string {
  const told = [...comments].sort((one, other) =>
    one.path === other.path ? one.line - other.line : one.path < other.path ? -1 : 1,
  );
  const where = branch === null ? '' : ` on ${branch}`;
  const head = `Please work through these comments on your changes${where}:`;
  return [head, ...told.map(oneOf)].join('\n\n');
}

function oneOf({ path, line, side, quoted, text, changed }: Comment): string {
  const notes = [side === 'old' ? 'a line that was removed' : '', changed ? 'as it was' : ''];
  const note = notes.filter(Boolean).join(', ');
  return `${path}:${line}${note ? ` (${note})` : ''}\n> ${plain(quoted)}\n${plain(text.trim())}`;
}

/** Without what no terminal passes on as text. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return text.replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
}

function linesOf(hunks: DiffHunk[], side: Side): Map<number, string> {
  const lines = new Map<number, string>();
  const other = side === 'old' ? 'added' : 'deleted';
  for (const hunk of hunks) {
    let number = side === 'old' ? hunk.oldStart : hunk.newStart;
    for (const { change, text } of hunk.lines) {
      if (change === other) continue;
      lines.set(number, text);
      number += 1;
    }
  }
  return lines;
}

/** The line that says the same and is not far; an empty one could be any. */
function nearest(lines: Map<number, string>, { line, quoted }: Comment): number | null {
  if (quoted.trim() === '') return null;
  let best: number | null = null;
  for (const [number, text] of lines) {
    if (text !== quoted) continue;
    if (best === null || Math.abs(number - line) < Math.abs(best - line)) best = number;
  }
  return best;
}
