// The workspaces as the daemon tells them, with what was changed here on top until the daemon
// has it, and which of them this window shows: that is the window's own. Which sessions are in
// one, the sessions say.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ChangeWorkspace, WorkspaceInfo } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';

export interface WorkspacesState {
  /** In the order of their tabs; empty until the daemon has said. */
  workspaces: WorkspaceInfo[];
  /** The one that this window shows. */
  shown: number;
  renaming: number | null;
}

/** How long what changes all the time must have rested before it is told, in milliseconds. */
export const PATIENCE_MS = 300;

/** The first workspace, which there is before the daemon has said anything. */
const FIRST = 1;

export class Workspaces {
  readonly store: StoreApi<WorkspacesState> = createStore<WorkspacesState>(() => ({
    workspaces: [],
    shown: FIRST,
    renaming: null,
  }));
  /** What the daemon has. */
  #kept: WorkspaceInfo[] = [];
  /** Changes that the daemon has not answered yet, in order. */
  #sent: ChangeWorkspace[] = [];
  /** Changes that rest, one for each workspace; later ones are put into it. */
  readonly #resting = new Map<number, ChangeWorkspace>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** What the window shows has not been told yet. */
  #showIsNew = false;
  /** The end of what was told: one thing after the other. */
  #telling: Promise<void> = Promise.resolve();
  /** Counts lists from events, so that an answer that is older than one is not used. */
  #lists = 0;
  /** A list was there, so that what is shown is this window's own choice from now on. */
  #isKnown = false;

  constructor(
    private readonly transport: Transport,
    private readonly report: (reason: unknown) => void,
    private readonly page: Window = window,
  ) {}

  /** Listens, then asks. The result ends it. */
  start(): () => void {
    const onResize = () => this.#rest();
    const onHide = () => void this.flush();
    this.page.addEventListener('resize', onResize);
    this.page.addEventListener('pagehide', onHide);
    const leave = [
      this.transport.on('workspace:changed', ({ workspaces, shown }) => {
        this.#lists += 1;
        this.#replace(workspaces, shown);
      }),
      this.transport.on('daemon:connection', ({ state }) => {
        if (state === 'connected') void this.load();
      }),
    ];
    void this.load();
    return () => {
      this.page.removeEventListener('resize', onResize);
      this.page.removeEventListener('pagehide', onHide);
      if (this.#timer !== null) clearTimeout(this.#timer);
      for (const end of leave) end();
    };
  }

  /** Asks for all again; `follow`: and shows what the daemon says is shown. */
  async load(follow = false): Promise<void> {
    try {
      await this.transport.ready;
      const lists = this.#lists;
      const { workspaces, shown } = await this.transport.call('workspace:list', {});
      if (lists === this.#lists) this.#replace(workspaces, shown);
      if (follow) this.show(shown);
    } catch (reason) {
      // That there is no daemon is said by who asks it for the sessions.
      if (CommandError.from(reason).code !== 'unavailable') this.report(reason);
    }
  }

  get(workspaceId: number): WorkspaceInfo | undefined {
    return this.store.getState().workspaces.find((each) => each.workspaceId === workspaceId);
  }

  /** The one on show; undefined until the daemon has said. */
  current(): WorkspaceInfo | undefined {
    return this.get(this.store.getState().shown);
  }

  show(workspaceId: number): void {
    const { shown } = this.store.getState();
    if (workspaceId === shown || !this.get(workspaceId)) return;
    this.store.setState({ shown: workspaceId });
    this.#rest();
  }

  /** The one at a place, counted from 0. */
  showAt(index: number): void {
    const workspace = this.store.getState().workspaces[index];
    if (workspace) this.show(workspace.workspaceId);
  }

  /** The one that is so many tabs away from the one on show, round and round. */
  beside(step: number): WorkspaceInfo | undefined {
    const { workspaces, shown } = this.store.getState();
    const index = workspaces.findIndex((each) => each.workspaceId === shown);
    const { length } = workspaces;
    return index < 0 || length < 2 ? undefined : workspaces[(index + step + length) % length];
  }

  /** Makes one, and does not show it. Rejects with a CommandError. */
  async create(): Promise<number> {
    const made = await this.transport.call('workspace:create', {});
    // The event that tells of it may still be on its way.
    if (!this.#kept.some((each) => each.workspaceId === made.workspaceId)) {
      this.#kept = [...this.#kept, made];
      this.#combine();
    }
    return made.workspaceId;
  }

  /** Deletes an empty one. Rejects with `conflict` when it is not. */
  async remove(workspaceId: number): Promise<void> {
    this.#resting.delete(workspaceId);
    await this.transport.call('workspace:delete', { workspaceId });
    this.#replace(this.#kept.filter((each) => each.workspaceId !== workspaceId));
  }

  rename(workspaceId: number | null): void {
    this.store.setState({ renaming: workspaceId });
  }

  /** Puts a tab at a place, counted from 0. */
  place(workspaceId: number, position: number): void {
    const { workspaces } = this.store.getState();
    const index = workspaces.findIndex((each) => each.workspaceId === workspaceId);
    const to = Math.max(0, Math.min(position, workspaces.length - 1));
    if (index >= 0 && index !== to) this.change({ workspaceId, position: to }, true);
  }

  /** Puts a tab so many places further. */
  shift(workspaceId: number, step: number): void {
    const { workspaces } = this.store.getState();
    const index = workspaces.findIndex((each) => each.workspaceId === workspaceId);
    this.place(workspaceId, index + step);
  }

  /** Changes one, which is seen at once and told when it rests, or now. The last one counts. */
  change(change: ChangeWorkspace, now = false): void {
    const { workspaceId } = change;
    const before = this.get(workspaceId);
    if (!before || isSame(before, change)) return;
    this.#resting.set(workspaceId, { ...this.#resting.get(workspaceId), ...change });
    this.#combine();
    if (now) void this.flush();
    else this.#wait();
  }

  /** Tells the daemon what rests. Resolves once it has all. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const changes = [...this.#resting.values()];
    this.#resting.clear();
    this.#sent.push(...changes);
    const isNew = this.#showIsNew;
    this.#showIsNew = false;
    this.#telling = this.#telling.then(async () => {
      for (const change of changes) await this.#tell(change);
      if (isNew) await this.#tellShown();
    });
    return this.#telling;
  }

  async #tell(change: ChangeWorkspace): Promise<void> {
    try {
      await this.transport.call('workspace:change', { ...change });
      this.#kept = changed(this.#kept, change);
    } catch (reason) {
      // One that is gone, or a daemon that is away, takes no focus; names are worth a word.
      if (change.name !== undefined || change.position !== undefined) this.report(reason);
    } finally {
      this.#sent = this.#sent.filter((each) => each !== change);
      this.#combine();
    }
  }

  async #tellShown(): Promise<void> {
    const { shown } = this.store.getState();
    const { innerWidth: width, innerHeight: height } = this.page;
    const window = { width: Math.round(width), height: Math.round(height) };
    try {
      await this.transport.call('workspace:show', { workspaceId: shown, window });
    } catch (reason) {
      // It is told again with the next change; nothing is lost but where a later window begins.
      console.warn('what the window shows could not be told', CommandError.from(reason));
    }
  }

  /** What the window shows, or its size, is another one: it is told when it rests. */
  #rest(): void {
    if (!this.#isKnown) return;
    this.#showIsNew = true;
    this.#wait();
  }

  #wait(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PATIENCE_MS);
  }

  #replace(workspaces: WorkspaceInfo[], shown?: number): void {
    const before = this.store.getState();
    this.#kept = workspaces;
    this.#combine(this.#isKnown ? before.shown : (shown ?? before.shown));
    this.#isKnown = true;
  }

  #combine(wanted = this.store.getState().shown): void {
    const { workspaces: before, renaming } = this.store.getState();
    const all = [...this.#sent, ...this.#resting.values()];
    const workspaces = all.reduce(changed, this.#kept);
    const isThere = (id: number | null) => workspaces.some((each) => each.workspaceId === id);
    // In the place of one that is gone its neighbour is shown.
    const place = before.findIndex((each) => each.workspaceId === wanted);
    const neighbour = workspaces[Math.min(Math.max(place, 0), workspaces.length - 1)];
    this.store.setState({
      workspaces,
      shown: isThere(wanted) ? wanted : (neighbour?.workspaceId ?? wanted),
      renaming: isThere(renaming) ? renaming : null,
    });
  }
}

/** Whether a change says nothing new. */
function isSame(workspace: WorkspaceInfo, { position, ...rest }: ChangeWorkspace): boolean {
  if (position !== undefined) return false;
  return JSON.stringify({ ...workspace, ...rest }) === JSON.stringify(workspace);
}

function changed(workspaces: WorkspaceInfo[], change: ChangeWorkspace): WorkspaceInfo[] {
  const { position, ...rest } = change;
  const next = workspaces.map((each) =>
    each.workspaceId === change.workspaceId ? { ...each, ...rest } : each,
  );
  if (position === undefined) return next;
  const moved = next.filter((each) => each.workspaceId === change.workspaceId);
  const others = next.filter((each) => each.workspaceId !== change.workspaceId);
  return [...others.slice(0, position), ...moved, ...others.slice(position)];
}
