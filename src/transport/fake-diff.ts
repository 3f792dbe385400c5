// Differences of the fake repository: two sets of files in, what `git:diff` answers out. Lines
// are compared honestly, so that what is reviewed in a test is what was written there.
import type { DiffHunk, DiffLine, FileChange, FileDiff } from '@/protocol/generated/protocol';

/** A file of the fake repository. */
export interface FakeFile {
  text: string;
  mode?: string;
  /** It is no text; `text` stands for its bytes. */
  binary?: boolean;
  /** Its size, where that is more than its text. */
  bytes?: number;
  /** What it was called where it came from. */
  was?: string;
  /** Both sides changed it and nobody has decided. */
  conflicted?: boolean;
}

export type FakeFiles = ReadonlyMap<string, FakeFile>;

/** Lines around a difference. */
const CONTEXT = 3;
/** More bytes than that are not compared. */
const MOST_BYTES = 1 << 20;

/** Every file that differs, by path. */
export function differences(before: FakeFiles, now: FakeFiles): FileDiff[] {
  const renamed = new Set([...now.values()].map(({ was }) => was));
  const paths = [...new Set([...before.keys(), ...now.keys()])].sort();
  return paths.flatMap((path) => {
    const file = now.get(path);
    const isMoved = file?.was !== undefined && before.has(file.was) && !before.has(path);
    const oldPath = isMoved ? (file?.was as string) : path;
    const old = before.get(oldPath);
    if (!file && renamed.has(path)) return [];
    return isSame(old, file) && !isMoved ? [] : [differenceOf(path, oldPath, old, file)];
  });
}

function differenceOf(
  path: string,
  oldPath: string,
  old: FakeFile | undefined,
  file: FakeFile | undefined,
): FileDiff {
  const binary = Boolean(old?.binary || file?.binary);
  const oldBytes = bytesOf(old);
  const newBytes = bytesOf(file);
  const tooLarge = !binary && Math.max(oldBytes, newBytes) > MOST_BYTES;
  const lines = binary || tooLarge ? [] : compare(linesOf(old?.text), linesOf(file?.text));
  const count = (change: DiffLine['change']) =>
    lines.filter((line) => line.change === change).length;
  return {
    path,
    oldPath: oldPath === path ? null : oldPath,
    change: changeOf(path, oldPath, old, file),
    oldMode: old ? modeOf(old) : null,
    newMode: file ? modeOf(file) : null,
    additions: count('added'),
    deletions: count('deleted'),
    binary,
    tooLarge,
    oldBytes,
    newBytes,
    hunks: binary || tooLarge ? null : hunksOf(lines),
  };
}

function changeOf(
  path: string,
  oldPath: string,
  old: FakeFile | undefined,
  file: FakeFile | undefined,
): FileChange {
  if (file?.conflicted) return 'conflicted';
  if (oldPath !== path) return 'renamed';
  if (!old) return 'added';
  return file ? 'modified' : 'deleted';
}

export function isSame(one: FakeFile | undefined, other: FakeFile | undefined): boolean {
  if (!one || !other) return one === other;
  return one.text === other.text && modeOf(one) === modeOf(other) && !other.conflicted;
}

function modeOf({ mode }: FakeFile): string {
  return mode ?? '100644';
}

function bytesOf(file: FakeFile | undefined): number {
  return file ? (file.bytes ?? file.text.length) : 0;
}

function linesOf(text: string | undefined): string[] {
  if (!text) return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

/** The lines of both, each with where it is from. */
function compare(before: string[], now: string[]): DiffLine[] {
  let head = 0;
  while (head < before.length && head < now.length && before[head] === now[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < now.length - head &&
    before.at(-1 - tail) === now.at(-1 - tail)
  ) {
    tail += 1;
  }
  const as = (change: DiffLine['change']) => (text: string) => ({
    change,
    text,
    unterminated: false,
  });
  return [
    ...now.slice(0, head).map(as('context')),
    ...compareMiddle(
      before.slice(head, before.length - tail),
      now.slice(head, now.length - tail),
    ).map(({ change, text }) => as(change)(text)),
    ...now.slice(now.length - tail).map(as('context')),
  ];
}

/** The longest lines in common stay; without a table where one side is empty. */
function compareMiddle(before: string[], now: string[]): Pick<DiffLine, 'change' | 'text'>[] {
  const deleted = (text: string) => ({ change: 'deleted' as const, text });
  const added = (text: string) => ({ change: 'added' as const, text });
  if (before.length === 0 || now.length === 0 || before.length * now.length > 4_000_000) {
    return [...before.map(deleted), ...now.map(added)];
  }
  const width = now.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        before[row] === now[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: Pick<DiffLine, 'change' | 'text'>[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < now.length) {
    const old = before[row];
    const text = now[column];
    if (old !== undefined && old === text) {
      lines.push({ change: 'context', text });
      row += 1;
      column += 1;
    } else if (
      old !== undefined &&
      (text === undefined || at(row + 1, column) >= at(row, column + 1))
    ) {
      lines.push(deleted(old));
      row += 1;
    } else if (text !== undefined) {
      lines.push(added(text));
      column += 1;
    }
  }
  return lines;
}

function hunksOf(lines: DiffLine[]): DiffHunk[] {
  const near = new Set<number>();
  lines.forEach(({ change }, index) => {
    if (change === 'context') return;
    for (let by = -CONTEXT; by <= CONTEXT; by += 1) near.add(index + by);
  });
  const hunks: DiffHunk[] = [];
  let open: DiffHunk | null = null;
  let oldLine = 0;
  let newLine = 0;
  let heading = '';
  lines.forEach((line, index) => {
    if (line.change !== 'added') oldLine += 1;
    if (line.change !== 'deleted') newLine += 1;
    if (!near.has(index)) {
      open = null;
      if (/^\S.*[{(:]$/.test(line.text)) heading = line.text;
      return;
    }
    if (!open) {
      open = { oldStart: 0, oldLines: 0, newStart: 0, newLines: 0, heading, lines: [] };
      hunks.push(open);
    }
    if (line.change !== 'added') {
      open.oldStart ||= oldLine;
      open.oldLines += 1;
    }
    if (line.change !== 'deleted') {
      open.newStart ||= newLine;
      open.newLines += 1;
    }
    open.lines.push(line);
  });
  return hunks;
}
