// The saved layouts as the daemon tells them, and what a person can do with one. What became of
// the last restore stays to be read.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FailedPane, SavedSession, SaveSession } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';

/** What became of a layout that was restored. */
export interface Restored {
  name: string;
  /** Sessions that are in their panes now. */
  back: number;
  /** Those of them that were started for it. */
  started: number;
  /** What is not there, or not as it was. */
  failed: FailedPane[];
}

export interface LayoutsState {
  /** Newest first; null until the daemon has said. */
  saved: SavedSession[] | null;
  /** Why they cannot be listed. */
  problem: string | null;
  /** The layout that is being restored, renamed or deleted now, by its path. */
  busy: string | null;
  /** Why something could not be done with one, by its path. */
  refused: Record<string, string>;
  restored: Restored | null;
}

/** What became of a save: `conflict` when another one is called so. */
export type Saved = { ok: true } | { ok: false; conflict: boolean; message: string };

export class Layouts {
  readonly store: StoreApi<LayoutsState> = createStore<LayoutsState>(() => ({
    saved: null,
    problem: null,
    busy: null,
    refused: {},
    restored: null,
  }));

  #restoring = false;

  constructor(
    private readonly transport: Transport,
    /** Sessions are in panes that were not: the window follows. */
    private readonly onRestored: (restored: Restored) => Promise<void>,
    /** Something could not be done; told in the list as well, which may not be on show any more. */
    private readonly onRefused: (reason: unknown) => void,
  ) {}

  /** Asks now, and whenever the daemon is back. The result ends it. */
  start(): () => void {
    const leave = this.transport.on('daemon:connection', ({ state }) => {
      if (state === 'connected') void this.load();
    });
    void this.load();
    return leave;
  }

  /** The person looks at the list. */
  begin(): void {
    this.store.setState({ refused: {} });
    void this.load();
  }

  /** What became of the last restore has been read. */
  forget(): void {
    this.store.setState({ restored: null });
  }

  async load(): Promise<void> {
    try {
      await this.transport.ready;
      const saved = await this.transport.call('persistence:list_saved', {});
      saved.sort((one, other) => other.savedAt - one.savedAt);
      this.store.setState({ saved, problem: null });
    } catch (reason) {
      this.store.setState({ problem: CommandError.from(reason).message });
    }
  }

  /** Saves what is open now. Never rejects. */
  async save(layout: SaveSession): Promise<Saved> {
    try {
      await this.transport.call('persistence:save_session', { ...layout });
    } catch (reason) {
      const { code, message } = CommandError.from(reason);
      return { ok: false, conflict: code === 'conflict', message };
    }
    await this.load();
    return { ok: true };
  }

  /** Panes are being brought back now. */
  isRestoring(): boolean {
    return this.#restoring;
  }

  async restore({ path, name }: SavedSession): Promise<void> {
    await this.#act(path, async () => {
      this.#restoring = true;
      const reply = await this.transport.call('persistence:load_session', { path });
      const { sessionCount, started, failed } = reply;
      const restored = { name, back: sessionCount, started, failed };
      this.store.setState({ restored });
      await this.onRestored(restored);
    });
  }

  async rename({ path }: SavedSession, name: string): Promise<void> {
    await this.#act(path, async () => {
      await this.transport.call('persistence:rename_saved', { path, name });
    });
  }

  async remove({ path }: SavedSession): Promise<void> {
    await this.#act(path, async () => {
      await this.transport.call('persistence:delete_saved', { path });
    });
  }

  /** One thing at a time: a layout that is restored twice would be there twice. */
  async #act(path: string, act: () => Promise<void>): Promise<void> {
    if (this.store.getState().busy !== null) return;
    const { [path]: _, ...refused } = this.store.getState().refused;
    this.store.setState({ busy: path, refused, restored: null });
    try {
      await act();
    } catch (reason) {
      const { message } = CommandError.from(reason);
      this.store.setState({ refused: { ...refused, [path]: message } });
      this.onRefused(reason);
    } finally {
      this.#restoring = false;
      this.store.setState({ busy: null });
      await this.load();
    }
  }
}

/** What was open when it was last saved by itself; undefined where there is nothing to bring back. */
export function lastOpen(saved: SavedSession[] | null): SavedSession | undefined {
  return saved?.find(
    ({ automatic, problem, agents }) => automatic && problem === null && agents.length > 0,
  );
}

/** "3 panes are back, 2 of them started anew, with one problem". */
export function describeRestored({ back, started, failed }: Restored): string {
  const panes = (count: number) => `${count} ${count === 1 ? 'pane is' : 'panes are'}`;
  const said = [`${panes(back)} back`];
  if (started > 0) said.push(started === back ? 'started anew' : `${started} of them started anew`);
  if (failed.length === 1) said.push('with one problem');
  if (failed.length > 1) said.push(`with ${failed.length} problems`);
  return said.join(', ');
}
