// The worktrees that Synk has made and what was removed, as the daemon tells them, and what a
// person can do with one. Whatever is removed can be had back, and the message says how.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TrashEntry, WorktreeInfo } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';
import type { NoteAction } from '@/ui';

export interface WorktreesState {
  /** Null until the daemon has said. */
  worktrees: WorktreeInfo[] | null;
  /** Newest first. */
  trash: TrashEntry[];
  problem: string | null;
  /** What is being removed or restored now: paths and ids. */
  busy: string[];
}

/** What is to be known before one is removed. */
export const LOST = 'Once removed, all but what git ignores can be had back.';

export class Worktrees {
  readonly store: StoreApi<WorktreesState> = createStore<WorktreesState>(() => ({
    worktrees: null,
    trash: [],
    problem: null,
    busy: [],
  }));
  #onShow = false;
  /** Done when nothing more is to be asked; null while nothing is. */
  #asking: Promise<void> | null = null;
  /** Something happened that the answers under way may not know. */
  #again = false;
  /** Takes away what offers to bring something back, by its id in the trash. */
  readonly #offers = new Map<string, () => void>();

  constructor(
    private readonly transport: Transport,
    private readonly tell: (message: string, action?: NoteAction) => () => void,
    private readonly report: (reason: unknown) => void,
  ) {}

  /** The person looks at them. The result ends it. */
  begin(): () => void {
    this.#onShow = true;
    void this.load();
    const leave = [
      this.transport.on('git:event', () => void this.load()),
      this.transport.on('session:changed', () => void this.load()),
    ];
    return () => {
      this.#onShow = false;
      for (const end of leave) end();
    };
  }

  /** Asks for both, once at a time: what is asked for meanwhile is asked once, after that. */
  load(): Promise<void> {
    this.#again = true;
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  /** A pane is closed whose worktree stays: says so, and offers to remove it. */
  kept(path: string, branch: string | null): void {
    this.tell(`Worktree ${branch ?? path} kept. ${LOST}`, {
      label: 'Remove',
      run: () => void this.remove(path, branch),
    });
  }

  /** `deleteBranch`: the branch goes as well; with the worktree it can be had back. */
  async remove(path: string, branch: string | null, deleteBranch = false): Promise<void> {
    await this.#act(path, async () => {
      const { trashId, notKept, problems } = await this.transport.call('git:delete_worktree', {
        path,
        ...(deleteBranch && { deleteBranch }),
      });
      const lost =
        notKept.length > 0
          ? `. Not kept: ${notKept.length} ${notKept.length === 1 ? 'file' : 'files'} that git ignores.`
          : '';
      const what = deleteBranch ? 'Worktree and branch' : 'Worktree';
      const said = `${what} ${branch ?? path} removed${lost}`;
      for (const problem of problems) this.report(new CommandError('internal', problem));
      // One whose folder was gone already left nothing behind.
      if (trashId === null) this.tell(said);
      else {
        const undo = { label: 'Undo', run: () => void this.restore(trashId) };
        this.#offers.set(trashId, this.tell(said, undo));
      }
    });
  }

  async restore(id: string): Promise<void> {
    await this.#act(id, async () => {
      const { branch, worktreePath } = await this.transport.call('git:restore', { id });
      this.#forgetOffer(id);
      this.tell(`${branch ?? worktreePath} is back`);
    });
  }

  /** There is no way back after this. */
  async deleteForGood(id: string): Promise<void> {
    await this.#act(id, async () => {
      await this.transport.call('git:empty_trash', { id });
      this.#forgetOffer(id);
    });
  }

  async #ask(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        const [worktrees, trash] = await Promise.all([
          this.transport.call('git:worktrees', {}),
          this.transport.call('git:trash', {}),
        ]);
        trash.sort((one, other) => other.at - one.at);
        this.store.setState({ worktrees, trash, problem: null });
      } catch (reason) {
        this.store.setState({ problem: CommandError.from(reason).message });
      }
    }
    this.#asking = null;
  }

  #forgetOffer(id: string): void {
    this.#offers.get(id)?.();
    this.#offers.delete(id);
  }

  async #act(what: string, act: () => Promise<void>): Promise<void> {
    if (this.store.getState().busy.includes(what)) return;
    this.store.setState(({ busy }) => ({ busy: [...busy, what] }));
    try {
      await act();
    } catch (reason) {
      this.report(reason);
    } finally {
      this.store.setState(({ busy }) => ({ busy: busy.filter((each) => each !== what) }));
      if (this.#onShow) await this.load();
    }
  }
}
