// Everything that the window is made of, put together once: the transport, the stores over
// it, and what a person can do that takes more than one of them. Plain TypeScript; React
// binds to the stores.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { GridView } from '@/features/grid';
import { HistorySearch, Past } from '@/features/history';
import { Pool } from '@/features/pool';
import { chooseProject, createProjects, type ProjectsStore } from '@/features/projects';
import { Sessions } from '@/features/sessions';
import { Settings } from '@/features/settings';
import { Terminals } from '@/features/terminal';
import type { AgentType, SearchHit } from '@/protocol/generated/protocol';
import type { Transport } from '@/transport';

export interface ChromeState {
  /** The sheet over the grid. */
  sheet: 'palette' | 'keys' | 'search' | 'settings' | null;
  sidebar: boolean;
}

export class Synk {
  readonly sessions: Sessions;
  readonly terminals: Terminals;
  readonly grid: GridView;
  readonly projects: ProjectsStore;
  readonly search: HistorySearch;
  readonly pool: Pool;
  readonly settings: Settings;
  readonly past = new Past();
  readonly chrome: StoreApi<ChromeState> = createStore(() => ({ sheet: null, sidebar: true }));

  constructor(
    readonly transport: Transport,
    /** Shows a failure to the person. */
    readonly report: (reason: unknown) => void,
  ) {
    this.sessions = new Sessions(transport, report);
    this.terminals = new Terminals(transport);
    this.grid = new GridView(this.sessions, this.terminals);
    this.projects = createProjects();
    this.search = new HistorySearch(transport);
    this.pool = new Pool(transport);
    this.settings = new Settings(transport, report);
  }

  /** Listens to the daemon and fills the stores. The result ends it. */
  start(): () => void {
    const leave = [
      this.sessions.start(),
      this.grid.start(),
      this.pool.start(),
      this.settings.start(),
      this.#leavePast(),
    ];
    return () => {
      for (const end of leave) end();
    };
  }

  /** Opens a pane in the current project and gives it the keyboard. */
  async create(agentType: AgentType): Promise<void> {
    const projectPath = this.projects.getState().current ?? this.sessions.store.getState().homeDir;
    if (projectPath === null) return;
    try {
      const size = this.grid.nextTerminalSize();
      this.grid.focusNew(await this.sessions.create({ agentType, projectPath, ...size }));
      chooseProject(this.projects, projectPath);
    } catch (reason) {
      this.report(reason);
    }
  }

  async close(sessionId: number): Promise<void> {
    await this.grid.close(sessionId).catch(this.report);
  }

  async restart(sessionId: number): Promise<void> {
    await this.sessions.restart(sessionId).catch(this.report);
  }

  /** Runs every session again that was lost. */
  async runLost(): Promise<void> {
    await Promise.all(this.lost().map(({ sessionId }) => this.restart(sessionId)));
  }

  lost() {
    return this.sessions.store.getState().sessions.filter(({ state }) => state === 'lost');
  }

  /** Moves the focus to a pane, which is to be seen as it is now. */
  select(sessionId: number): void {
    this.past.close();
    this.grid.focus(sessionId);
  }

  /** Puts the keyboard back where it was before a menu or a sheet took it. */
  restoreKeyboard(): void {
    if (this.chrome.getState().sheet !== null) return;
    if (this.past.isOpen()) this.past.region?.focus();
    else this.grid.restoreKeyboard();
  }

  /** Shows a line that was found: in its pane while it is still there, else as it once was. */
  async goTo(index: number): Promise<void> {
    const { hits } = this.search.store.getState();
    const hit = hits[index];
    if (hit && !(await this.#reveal(hit))) this.past.open(hits, index);
  }

  /** Gives a background session a pane and the keyboard. Resolves to whether that worked. */
  async show(sessionId: number): Promise<boolean> {
    try {
      await this.sessions.show(sessionId);
      this.grid.focusNew(sessionId);
      return true;
    } catch (reason) {
      this.report(reason);
      return false;
    }
  }

  async pickFolder(): Promise<void> {
    try {
      const path = await this.transport.native.pickFolder();
      if (path !== null) chooseProject(this.projects, path);
    } catch (reason) {
      this.report(reason);
    }
  }

  /** Copies what is selected in the focused terminal; nothing when nothing is. */
  async copy(): Promise<void> {
    const text = this.#focusedTerminal()?.selection();
    if (!text) return;
    await this.transport.native.writeClipboard(text).catch(this.report);
  }

  async paste(): Promise<void> {
    const terminal = this.#focusedTerminal();
    if (!terminal) return;
    try {
      await terminal.paste(this.transport.native.readClipboard());
    } catch (reason) {
      this.report(reason);
    }
  }

  /** Whether the line is in a pane now, to be seen. */
  async #reveal(hit: SearchHit): Promise<boolean> {
    const { sessionId } = hit;
    const session = this.sessions.store
      .getState()
      .sessions.find((each) => each.sessionId === sessionId);
    if (!session || session.incompatible !== null) return false;
    if (session.paneIndex !== null) this.select(sessionId);
    else if (!(await this.show(sessionId))) return false;
    return this.terminals.reveal(sessionId, hit);
  }

  /** Whatever moves within the grid is meant to be seen there. */
  #leavePast(): () => void {
    return this.grid.store.subscribe((now, before) => {
      const moved =
        now.focused !== before.focused ||
        now.zoomed !== before.zoomed ||
        now.searching !== before.searching ||
        now.renaming !== before.renaming;
      if (moved) this.past.close();
    });
  }

  #focusedTerminal() {
    return this.terminals.get(this.grid.store.getState().focused);
  }
}
