// The fake daemon's repositories, and what the commands about them answer. Every project but
// the home folder is one, with a few files in it.
import type {
  Commands,
  GetDiff,
  GitEvent,
  GitEventKind,
  MergeBranch,
  Overlap,
  SessionInfo,
} from '@/protocol/generated/protocol';
import { differences, type FakeFile } from './fake-diff';
import { type FakeCheckout, FakeRepository, type Removed } from './fake-repository';
import { CommandError } from './transport';

type Name = Extract<keyof Commands, `git:${string}`>;
type Handlers = { [K in Name]: (args: Commands[K]['args']) => Commands[K]['reply'] };

interface Daemon {
  home: string;
  sessions(): SessionInfo[];
  /** Also of those that were closed. */
  session(sessionId: number): SessionInfo;
  tell(event: GitEvent): void;
  overlap(overlaps: Overlap[]): void;
}

interface Place {
  sessionId?: number;
  projectPath?: string;
}

export class FakeGit {
  readonly #repositories = new Map<string, FakeRepository>();
  readonly #activity: GitEvent[] = [];
  /** Who changes the same files, as it was told last. */
  overlaps: Overlap[] = [];

  constructor(private readonly daemon: Daemon) {}

  /** The repository of a project; null where there is none. */
  repository(project: string): FakeRepository | null {
    if (project === this.daemon.home) return null;
    const known = this.#repositories.get(project);
    if (known) return known;
    const repository = new FakeRepository(project);
    this.#repositories.set(project, repository);
    return repository;
  }

  /** Where a new session works: a worktree when it asks for a branch that is not checked out. */
  place(project: string, branch?: string, base?: string) {
    const repository = this.repository(project);
    if (!repository) {
      if (branch !== undefined) {
        throw new CommandError('invalid', `${project} is in no repository, so it has no branches.`);
      }
      return { branch: null, worktree: null };
    }
    if (branch === undefined || branch === repository.checkout.branch) {
      return { branch: repository.checkout.branch, worktree: null };
    }
    const { made, worktree } = repository.worktree(branch, base);
    if (made) this.#happen('branch_created', worktree, '');
    return { branch, worktree: worktree.path };
  }

  /** A program in a session writes a file, or removes it. */
  write(sessionId: number, path: string, file: FakeFile | string | null): void {
    const { files } = this.#checkout(sessionId).checkout;
    if (file === null) files.delete(path);
    else files.set(path, typeof file === 'string' ? { text: file } : file);
    if (file !== null && typeof file !== 'string' && file.was) files.delete(file.was);
    this.weigh();
  }

  /** Somebody commits a file to a branch. */
  commitTo(project: string, branch: string, path: string, text: string): void {
    const repository = this.repository(project);
    if (!repository) return;
    repository.branches.set(branch, new Map(repository.filesOf(branch)).set(path, { text }));
    if (repository.checkout.branch === branch) repository.checkout.files.set(path, { text });
  }

  /** Tells that something happened in a session's repository. */
  happen(sessionId: number, kind: GitEventKind, details = ''): void {
    this.#happen(kind, this.#checkout(sessionId).checkout, details, sessionId);
  }

  /** Looks again who changes the same files, and tells it when that is new. */
  weigh(): void {
    const changes = this.daemon
      .sessions()
      .filter(({ worktree }) => worktree !== null)
      .map(({ sessionId, projectPath, worktree }) => {
        const checkout = this.#repositories.get(projectPath)?.worktrees.get(worktree ?? '');
        const changed = checkout ? differences(checkout.parted, checkout.files) : [];
        return { sessionId, worktree, projectPath, checkout, paths: changed.map((d) => d.path) };
      });
    const overlaps: Overlap[] = changes.flatMap((one, index) =>
      changes.slice(index + 1).flatMap((other) => {
        if (one.projectPath !== other.projectPath || one.worktree === other.worktree) return [];
        const files = one.paths
          .filter((path) => other.paths.includes(path))
          .map((path) => ({
            path,
            conflicts:
              one.checkout?.files.get(path)?.text !== other.checkout?.files.get(path)?.text,
          }));
        return files.length > 0 ? [{ sessions: [one.sessionId, other.sessionId], files }] : [];
      }),
    );
    if (JSON.stringify(overlaps) === JSON.stringify(this.overlaps)) return;
    this.overlaps = overlaps;
    this.daemon.overlap(overlaps);
  }

  readonly handlers: Handlers = {
    'git:create_worktree': ({ branch, baseBranch, ...place }) => {
      const { made, worktree } = this.#of(place).worktree(branch, baseBranch);
      return { worktreePath: worktree.path, branch, reused: !made, problems: [] };
    },
    'git:delete_worktree': ({ sessionId, path, deleteBranch = false }) => {
      const sought = sessionId === undefined ? path : this.daemon.session(sessionId).worktree;
      for (const repository of this.#repositories.values()) {
        const worktree = repository.worktrees.get(sought ?? '');
        if (!worktree) continue;
        const user = this.daemon.sessions().find((each) => each.worktree === worktree.path);
        if (user) {
          throw new CommandError(
            'conflict',
            `session ${user.sessionId} (${user.name}) works in ${worktree.path}; close it first`,
          );
        }
        const { entry } = repository.remove(worktree, deleteBranch);
        this.weigh();
        return { success: true, trashId: entry.id, notKept: [], problems: [] };
      }
      throw new CommandError('not_found', 'There is no such worktree.');
    },
    'git:worktrees': (place) =>
      this.#ofAny(place).flatMap(({ project, worktrees }) =>
        [...worktrees.values()].map(({ path, branch, base, missing }) => ({
          path,
          projectPath: project,
          branch,
          baseBranch: base,
          sessions: this.daemon
            .sessions()
            .filter(({ worktree }) => worktree === path)
            .map(({ sessionId }) => sessionId),
          missing,
        })),
      ),
    'git:status': ({ sessionId }) => {
      const { repository, checkout } = this.#checkout(sessionId);
      const changed = repository.uncommitted(checkout);
      const untracked = changed.filter(({ change }) => change === 'added').length;
      const conflicted = changed.filter(({ change }) => change === 'conflicted').length;
      const { branch, base, path, parted } = checkout;
      return {
        path,
        branch,
        head: '5eed1234',
        baseBranch: base,
        ahead: differences(parted, repository.filesOf(branch)).length > 0 ? 1 : 0,
        behind: base !== null && repository.filesOf(base) !== parted ? 1 : 0,
        staged: 0,
        changed: changed.length - untracked - conflicted,
        untracked,
        conflicted,
        uncommitted: changed.length,
      };
    },
    'git:diff': (args) => this.#diff(args),
    'git:merge': (args) => this.#merge(args),
    'git:commit': ({ sessionId, message, paths }) => {
      const { repository, checkout } = this.#checkout(sessionId);
      const commit = repository.commit(checkout, paths);
      this.#happen('commit', checkout, message.split('\n')[0] ?? '', sessionId);
      return { commit };
    },
    'git:discard': ({ sessionId, paths }) => {
      const { repository, checkout } = this.#checkout(sessionId);
      const { entry } = repository.discard(checkout, paths);
      this.weigh();
      return { trashId: entry.id };
    },
    'git:branches': (place) => [...this.#of(place).branches.keys()].sort(),
    'git:activity': ({ since }) =>
      this.#activity.filter(({ timestamp }) => since === undefined || timestamp > since),
    'git:trash': (place) => this.#ofAny(place).flatMap(({ trash }) => trash.map((t) => t.entry)),
    'git:restore': ({ id }) => {
      const removed = this.#removed().find(({ entry }) => entry.id === id);
      if (!removed) throw new CommandError('not_found', `${id} is not in the trash any more.`);
      const { path, branch } = removed.restore();
      this.weigh();
      return { worktreePath: path, branch };
    },
    'git:empty_trash': ({ id }) => {
      let removed = 0;
      for (const { trash } of this.#repositories.values()) {
        const kept = trash.filter(({ entry }) => id !== undefined && entry.id !== id);
        removed += trash.length - kept.length;
        trash.splice(0, trash.length, ...kept);
      }
      return { removed };
    },
  };

  #diff({ branch, baseBranch, paths, lines, ...place }: GetDiff) {
    const repository = this.#of(place);
    const checkout =
      place.sessionId === undefined
        ? repository.checkout
        : this.#checkout(place.sessionId).checkout;
    const now = branch === undefined ? checkout.files : repository.filesOf(branch);
    const before = baseBranch === undefined ? checkout.parted : repository.filesOf(baseBranch);
    return differences(before, now)
      .filter(({ path }) => paths?.includes(path) ?? true)
      .map((file) => (lines ? file : { ...file, hunks: null }));
  }

  #merge({ branch, baseBranch, updateCheckout, ...place }: MergeBranch) {
    const repository = this.#of(place);
    const source = [...repository.worktrees.values()].find((each) => each.branch === branch);
    if (source && repository.uncommitted(source).length > 0) {
      throw new CommandError(
        'dirty_worktree',
        `${source.path} has changes that are in no commit; commit or discard them first`,
      );
    }
    if (repository.checkout.branch === baseBranch && !updateCheckout) {
      throw new CommandError(
        'checked_out',
        `the branch “${baseBranch}” is checked out in ${repository.checkout.path}`,
      );
    }
    const { conflicts, commit } = repository.merge(branch, baseBranch);
    const where = source ?? repository.checkout;
    if (conflicts.length > 0) {
      return { success: false, conflictFiles: conflicts, commit };
    }
    this.#happen('merge', where, `Merge ${branch} into ${baseBranch}`);
    this.weigh();
    return { success: true, commit };
  }

  #checkout(sessionId: number) {
    const { projectPath, worktree } = this.daemon.session(sessionId);
    const repository = this.#of({ projectPath });
    const checkout = worktree === null ? repository.checkout : repository.worktrees.get(worktree);
    if (!checkout) throw new CommandError('not_found', `The worktree ${worktree} is gone.`);
    return { repository, checkout };
  }

  #of({ sessionId, projectPath }: Place): FakeRepository {
    const project =
      sessionId === undefined ? projectPath : this.daemon.session(sessionId).projectPath;
    const repository = project === undefined ? null : this.repository(project);
    if (!repository) throw new CommandError('invalid', `${project} is in no repository.`);
    return repository;
  }

  #ofAny(place: Place): FakeRepository[] {
    const isNamed = place.sessionId !== undefined || place.projectPath !== undefined;
    return isNamed ? [this.#of(place)] : [...this.#repositories.values()];
  }

  #removed(): Removed[] {
    return [...this.#repositories.values()].flatMap(({ trash }) => trash);
  }

  #happen(type: GitEventKind, { path, branch }: FakeCheckout, details: string, by?: number): void {
    const session = this.daemon.sessions().find(({ worktree }) => worktree === path);
    const sessionId = by ?? session?.sessionId ?? 0;
    const event = { type, sessionId, branch, details, timestamp: new Date().toISOString() };
    this.#activity.push(event);
    this.daemon.tell(event);
  }
}
