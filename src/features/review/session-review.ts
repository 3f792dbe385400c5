// The review of one session's changes: which files differ, which one is looked at, the comments
// on it, and what is done with all of it. It outlives its panel, so that nothing written is lost.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { Deliveries } from '@/features/command-bar';
import type { FileDiff, GitStatus, MergeStrategy } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';
import { type NoteAction, sentence } from '@/ui';
import { type Comment, follow, type Place, promptOf } from './comments';
import { leavesOf, treeOf } from './tree';

/** What came of what was asked for last, where there is something to say or to ask. */
export type Outcome =
  | { kind: 'committed'; commit: string }
  | { kind: 'merged'; branch: string; base: string }
  | { kind: 'conflicts'; base: string; files: string[] }
  | { kind: 'checked_out'; base: string; strategy: MergeStrategy; message: string }
  | { kind: 'dirty'; message: string }
  | { kind: 'failed'; message: string };

export interface ReviewState {
  /** Without their lines, in the order of the tree; null until the daemon has said. */
  files: FileDiff[] | null;
  status: GitStatus | null;
  /** The path of the file that is looked at. */
  chosen: string | null;
  /** Files with their lines, by path: those that were looked at since they changed. */
  lines: Record<string, FileDiff>;
  /** Why the files, or the lines, cannot be had. */
  problem: string | null;
  comments: Comment[];
  /** Where a comment is being written. */
  writing: Place | null;
  /** The comment that is being changed; null while one is being written. */
  editing: number | null;
  /** What is written, as a new comment or in place of one. */
  draft: string;
  /** The message of the next commit. */
  message: string;
  busy: 'commit' | 'merge' | 'discard' | 'send' | null;
  outcome: Outcome | null;
}

export interface Surroundings {
  note(message: string, action?: NoteAction): void;
  error(reason: unknown): void;
  nameOf(sessionId: number): string;
  /** Whether a person looks at this session's review. */
  isOnShow(sessionId: number): boolean;
}

export class SessionReview {
  readonly store: StoreApi<ReviewState> = createStore<ReviewState>(() => ({
    files: null,
    status: null,
    chosen: null,
    lines: {},
    problem: null,
    comments: [],
    writing: null,
    editing: null,
    draft: '',
    message: '',
    busy: null,
    outcome: null,
  }));
  readonly deliveries: Deliveries;
  #comments = 0;
  /** Counts refreshes, so that an older answer is not used. */
  #asked = 0;
  /** What was discarded last. */
  #discarded: string | null = null;

  constructor(
    readonly sessionId: number,
    private readonly transport: Transport,
    private readonly around: Surroundings,
  ) {
    this.deliveries = new Deliveries(transport, around.nameOf, (reason, inRound) => {
      if (!inRound || !around.isOnShow(sessionId)) around.error(reason);
    });
    this.deliveries.start();
  }

  /** Asks what differs, and for the lines of the chosen file. What is looked at stays. */
  async refresh(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    const { sessionId } = this;
    try {
      const [unsorted, status] = await Promise.all([
        this.transport.call('git:diff', { sessionId }),
        this.transport.call('git:status', { sessionId }),
      ]);
      if (mine !== this.#asked) return;
      const files = leavesOf(treeOf(unsorted));
      const chosen = this.store.getState().chosen ?? files[0]?.path ?? null;
      const { lines } = this.store.getState();
      this.store.setState({
        files,
        status,
        chosen,
        problem: null,
        // The lines on show stay until the new ones are here.
        lines: chosen !== null && lines[chosen] ? { [chosen]: lines[chosen] } : {},
      });
      if (chosen !== null) await this.#load(chosen);
    } catch (reason) {
      if (mine === this.#asked) this.#complain(reason);
    }
  }

  choose(path: string): void {
    if (path === this.store.getState().chosen) return;
    this.store.setState({ chosen: path, problem: null });
    if (!this.store.getState().lines[path]) void this.#load(path);
  }

  /** The next file, or the one before. */
  step(by: 1 | -1): void {
    const { files, chosen } = this.store.getState();
    if (!files || files.length === 0) return;
    const at = files.findIndex(({ path }) => path === chosen);
    const next = files[Math.max(0, Math.min(at + by, files.length - 1))];
    if (next) this.choose(next.path);
  }

  /** A comment is to be written there. What was being written elsewhere is kept first. */
  write(place: Place): void {
    const { writing } = this.store.getState();
    if (writing && isSamePlace(writing, place)) return;
    this.keepDraft();
    this.store.setState({ writing: place, draft: '' });
  }

  /** A comment is to be changed. What was being written elsewhere is kept first. */
  edit(id: number): void {
    this.keepDraft();
    const comment = this.store.getState().comments.find((each) => each.id === id);
    if (comment) this.store.setState({ editing: id, draft: comment.text });
  }

  type(draft: string): void {
    this.store.setState({ draft });
  }

  /** What is written becomes a comment, or the text of one; without anything written it ends. */
  keepDraft(): void {
    const { writing, editing, draft } = this.store.getState();
    const text = draft.trim();
    this.dropDraft();
    if (text === '') return;
    if (editing !== null) {
      this.#setComments((all) =>
        all.map((each) => (each.id === editing ? { ...each, text } : each)),
      );
    } else if (writing) {
      this.#comments += 1;
      const comment = { ...writing, id: this.#comments, text, changed: false, sent: false };
      this.#setComments((all) => [...all, comment]);
    }
  }

  dropDraft(): void {
    this.store.setState({ writing: null, editing: null, draft: '' });
  }

  remove(id: number): void {
    this.#setComments((all) => all.filter((each) => each.id !== id));
  }

  clearSent(): void {
    this.#setComments((all) => all.filter(({ sent }) => !sent));
  }

  /** Sends all comments as one prompt. What cannot go now waits for its agent. */
  async send(sessionId: number): Promise<void> {
    this.keepDraft();
    const { comments, status, busy } = this.store.getState();
    const open = comments.filter(({ sent }) => !sent);
    if (open.length === 0 || busy !== null) return;
    const text = promptOf(open, status?.branch ?? null);
    const ids = open.map(({ id }) => id);
    // They are there to be sent again; others may have been sent since, and stay so.
    const takeBack = () => this.#markSent(ids, false);
    this.store.setState({ busy: 'send', outcome: null });
    this.#markSent(ids, true);
    try {
      await this.deliveries.send({ text, submit: true, queue: true }, [sessionId], takeBack);
    } catch (reason) {
      takeBack();
      this.#fail(reason);
    }
    this.store.setState({ busy: null });
    this.#tellUnseen();
  }

  /** The comments, to be pasted somewhere else. What is being written is kept first. */
  text(): string {
    this.keepDraft();
    const { comments, status } = this.store.getState();
    return promptOf(
      comments.filter(({ sent }) => !sent),
      status?.branch ?? null,
    );
  }

  setMessage(message: string): void {
    this.store.setState({ message });
  }

  forgetOutcome(): void {
    this.store.setState({ outcome: null });
  }

  async commit(): Promise<void> {
    const { message } = this.store.getState();
    if (message.trim() === '') return;
    await this.#act('commit', async () => {
      const { sessionId } = this;
      const { commit } = await this.transport.call('git:commit', {
        sessionId,
        message: message.trim(),
      });
      this.store.setState({ message: '', outcome: { kind: 'committed', commit } });
    });
  }

  async merge(strategy: MergeStrategy, updateCheckout = false): Promise<void> {
    const { status } = this.store.getState();
    const branch = status?.branch ?? null;
    const base = status?.baseBranch ?? null;
    if (branch === null || base === null) return;
    await this.#act('merge', async () => {
      try {
        const { success, conflictFiles = [] } = await this.transport.call('git:merge', {
          sessionId: this.sessionId,
          branch,
          baseBranch: base,
          strategy,
          ...(updateCheckout && { updateCheckout }),
        });
        this.store.setState({
          outcome: success
            ? { kind: 'merged', branch, base }
            : { kind: 'conflicts', base, files: conflictFiles },
        });
      } catch (reason) {
        const { code, message } = CommandError.from(reason);
        if (code === 'checked_out' && !updateCheckout) {
          this.store.setState({ outcome: { kind: 'checked_out', base, strategy, message } });
        } else if (code === 'dirty_worktree') {
          this.store.setState({ outcome: { kind: 'dirty', message } });
        } else throw reason;
      }
    });
  }

  /** Puts one file, or all, back to the last commit. */
  async discard(path?: string): Promise<void> {
    await this.#act('discard', async () => {
      const { sessionId } = this;
      const { trashId } = await this.transport.call('git:discard', {
        sessionId,
        ...(path !== undefined && { paths: [path] }),
      });
      this.#discarded = trashId;
      this.around.note(path === undefined ? 'All changes discarded' : `${path} discarded`, {
        label: 'Undo',
        run: () => void this.undoDiscard(trashId),
      });
    });
  }

  /** Brings back what was discarded, by default last. */
  async undoDiscard(trashId = this.#discarded): Promise<void> {
    if (trashId === null) return;
    if (this.store.getState().busy !== null) {
      this.around.error(new Error('Something else is being done; try again.'));
      return;
    }
    if (trashId === this.#discarded) this.#discarded = null;
    await this.#act('discard', async () => {
      await this.transport.call('git:restore', { id: trashId });
      this.around.note('What was discarded is back');
    });
  }

  async #load(path: string): Promise<void> {
    const asked = this.#asked;
    const { sessionId } = this;
    try {
      const [file] = await this.transport.call('git:diff', {
        sessionId,
        paths: [path],
        lines: true,
      });
      if (asked !== this.#asked) return;
      const { [path]: _, ...others } = this.store.getState().lines;
      this.store.setState({ lines: file ? { ...others, [path]: file } : others });
      this.#setComments((all) => follow(all, path, file?.hunks ?? []));
    } catch (reason) {
      if (asked === this.#asked && this.store.getState().chosen === path) this.#complain(reason);
    }
  }

  async #act(busy: NonNullable<ReviewState['busy']>, act: () => Promise<void>): Promise<void> {
    if (this.store.getState().busy !== null) return;
    this.store.setState({ busy, outcome: null });
    try {
      await act();
    } catch (reason) {
      this.#fail(reason);
    }
    this.store.setState({ busy: null });
    this.#tellUnseen();
    await this.refresh();
  }

  #markSent(ids: number[], sent: boolean): void {
    this.#setComments((all) =>
      all.map((each) => (ids.includes(each.id) ? { ...each, sent } : each)),
    );
  }

  #setComments(change: (comments: Comment[]) => Comment[]): void {
    this.store.setState(({ comments }) => ({ comments: change(comments) }));
  }

  #fail(reason: unknown): void {
    const { message } = CommandError.from(reason);
    this.store.setState({ outcome: { kind: 'failed', message } });
  }

  /** An outcome is seen in an open review alone: what went wrong or asks is told otherwise. */
  #tellUnseen(): void {
    const { outcome } = this.store.getState();
    const words = outcome && wordsOf(outcome);
    if (words === null || this.around.isOnShow(this.sessionId)) return;
    const name = this.around.nameOf(this.sessionId);
    this.around.error(new Error(`Review of ${name}: ${words}`));
  }

  #complain(reason: unknown): void {
    this.store.setState({ problem: CommandError.from(reason).message });
  }
}

/** What is to be told of an outcome; null where all is done as it was asked. */
function wordsOf(outcome: Outcome): string | null {
  switch (outcome.kind) {
    case 'committed':
    case 'merged':
      return null;
    case 'conflicts':
      return `Both sides changed the same files, so nothing was merged into ${outcome.base}.`;
    case 'checked_out':
      return `${sentence(outcome.message)} Nothing was merged yet; open the review to decide.`;
    default:
      return sentence(outcome.message);
  }
}

/** Files with something that is in no commit. */
export function openFiles(status: GitStatus | null): number {
  return status?.uncommitted ?? 0;
}

export function isSamePlace(one: Place, other: Place): boolean {
  return one.path === other.path && one.side === other.side && one.line === other.line;
}
