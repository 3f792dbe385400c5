// One repository of the fake daemon: branches with their files, worktrees with what is in no
// commit, and what was removed.
import type { TrashEntry } from '@/protocol/generated/protocol';
import { differences, type FakeFile, type FakeFiles, isSame } from './fake-diff';
import { CommandError } from './transport';

/** A checkout: the user's own, or a worktree that Synk has made. */
export interface FakeCheckout {
  path: string;
  branch: string;
  /** What it is compared with; null in the user's own checkout. */
  base: string | null;
  /** The files where it parted from its base. */
  parted: FakeFiles;
  /** The files as they are. */
  files: Map<string, FakeFile>;
  missing: boolean;
}

export interface Removed {
  entry: TrashEntry;
  restore(): FakeCheckout;
}

const FILES: [path: string, text: string][] = [
  ['README.md', '# Lighthouse\n\nA lamp and a horn.\n'],
  ['src/lamp.ts', "export function light(): string {\n  return 'on';\n}\n"],
  ['src/horn.ts', "export function sound(): string {\n  return 'loud';\n}\n"],
];

export class FakeRepository {
  readonly branches = new Map<string, FakeFiles>();
  readonly worktrees = new Map<string, FakeCheckout>();
  readonly trash: Removed[] = [];
  readonly checkout: FakeCheckout;
  #removals = 0;
  #commits = 0;

  constructor(
    readonly project: string,
    files: FakeFiles = new Map(FILES.map(([path, text]) => [path, { text }])),
  ) {
    this.branches.set('main', files);
    this.checkout = {
      path: project,
      branch: 'main',
      base: null,
      parted: files,
      files: new Map(files),
      missing: false,
    };
  }

  /** The worktree with a branch, made with the branch if need be. */
  worktree(branch: string, base = this.checkout.branch): { made: boolean; worktree: FakeCheckout } {
    const there = [...this.worktrees.values()].find((each) => each.branch === branch);
    if (there) return { made: false, worktree: there };
    if (!this.branches.has(branch)) this.branches.set(branch, this.filesOf(base));
    const worktree: FakeCheckout = {
      path: `${this.project}.worktrees/${branch.replaceAll('/', '-')}`,
      branch,
      base,
      parted: this.filesOf(base),
      files: new Map(this.filesOf(branch)),
      missing: false,
    };
    this.worktrees.set(worktree.path, worktree);
    return { made: true, worktree };
  }

  filesOf(branch: string): FakeFiles {
    const files = this.branches.get(branch);
    if (!files) throw new CommandError('not_found', `There is no branch ${branch}.`);
    return files;
  }

  /** What is in no commit. */
  uncommitted({ branch, files }: FakeCheckout) {
    return differences(this.filesOf(branch), files);
  }

  commit(checkout: FakeCheckout, paths?: string[]): string {
    const changed = this.uncommitted(checkout).map(({ path }) => path);
    const taken = changed.filter((path) => paths?.includes(path) ?? true);
    if (taken.length === 0) throw new CommandError('invalid', 'There is nothing to commit.');
    const files = new Map(this.filesOf(checkout.branch));
    for (const path of taken) copy(checkout.files, files, path);
    this.branches.set(checkout.branch, files);
    if (checkout.base === null) checkout.parted = files;
    return this.nextCommit();
  }

  /** Puts files back to the last commit. */
  discard(checkout: FakeCheckout, paths?: string[]): Removed {
    const changed = this.uncommitted(checkout).filter(({ path }) => paths?.includes(path) ?? true);
    if (changed.length === 0) throw new CommandError('invalid', 'There is nothing to discard.');
    const before = new Map(checkout.files);
    const kept = this.filesOf(checkout.branch);
    for (const { path, oldPath } of changed) {
      copy(kept, checkout.files, path);
      if (oldPath) copy(kept, checkout.files, oldPath);
    }
    return this.#remove(checkout, changed.length, true, () => {
      for (const { path, oldPath } of changed) {
        copy(before, checkout.files, path);
        if (oldPath) copy(before, checkout.files, oldPath);
      }
      return checkout;
    });
  }

  remove(worktree: FakeCheckout, deleteBranch: boolean): Removed {
    const committed = this.branches.get(worktree.branch);
    const files = this.uncommitted(worktree).length;
    this.worktrees.delete(worktree.path);
    if (deleteBranch) this.branches.delete(worktree.branch);
    return this.#remove(worktree, files, false, () => {
      if (committed) this.branches.set(worktree.branch, committed);
      this.worktrees.set(worktree.path, worktree);
      return worktree;
    });
  }

  /** Brings a branch into another. The files that both changed differently are in conflict. */
  merge(branch: string, base: string): { conflicts: string[]; commit: string } {
    const theirs = this.filesOf(branch);
    const ours = this.filesOf(base);
    const worktree = [...this.worktrees.values()].find((each) => each.branch === branch);
    const parted = worktree?.parted ?? ours;
    const changed = differences(parted, theirs);
    const conflicts = changed
      .map(({ path }) => path)
      .filter(
        (path) =>
          !isSame(parted.get(path), ours.get(path)) && !isSame(ours.get(path), theirs.get(path)),
      );
    if (conflicts.length > 0) return { conflicts, commit: '' };
    const merged = new Map(ours);
    for (const { path, oldPath } of changed) {
      copy(theirs, merged, path);
      if (oldPath) merged.delete(oldPath);
    }
    this.branches.set(base, merged);
    if (this.checkout.branch === base) {
      this.checkout.files = new Map(merged);
      this.checkout.parted = merged;
    }
    if (worktree) worktree.parted = merged;
    return { conflicts: [], commit: this.nextCommit() };
  }

  nextCommit(): string {
    this.#commits += 1;
    return (0x5eed1234 + this.#commits * 7919).toString(16).repeat(5);
  }

  #remove(checkout: FakeCheckout, files: number, discarded: boolean, restore: () => FakeCheckout) {
    this.#removals += 1;
    const removed: Removed = {
      entry: {
        id: `${checkout.branch.replaceAll('/', '-')}-${this.#removals}`,
        projectPath: this.project,
        branch: checkout.branch,
        path: checkout.path,
        at: Date.now(),
        commit: this.nextCommit(),
        files,
        discarded,
      },
      restore,
    };
    this.trash.unshift(removed);
    return removed;
  }
}

function copy(from: FakeFiles, to: Map<string, FakeFile>, path: string): void {
  const file = from.get(path);
  if (file) to.set(path, file);
  else to.delete(path);
}
