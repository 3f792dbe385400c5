// Everything that the window is made of, put together once: the transport, the stores over
// it, and what a person can do that takes more than one of them. Plain TypeScript; React
// binds to the stores.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { GridView } from '@/features/grid';
import { chooseProject, createProjects, type ProjectsStore } from '@/features/projects';
import { Sessions } from '@/features/sessions';
import { Terminals } from '@/features/terminal';
import type { AgentType } from '@/protocol/generated/protocol';
import type { Transport } from '@/transport';

export interface ChromeState {
  /** The sheet over the grid. */
  sheet: 'palette' | 'keys' | null;
  sidebar: boolean;
}

export class Synk {
  readonly sessions: Sessions;
  readonly terminals: Terminals;
  readonly grid: GridView;
  readonly projects: ProjectsStore;
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
  }

  /** Listens to the daemon and fills the stores. The result ends it. */
  start(): () => void {
    const leave = [this.sessions.start(), this.grid.start()];
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
    await this.sessions.close(sessionId).catch(this.report);
  }

  async restart(sessionId: number): Promise<void> {
    await this.sessions.restart(sessionId).catch(this.report);
  }

  /** Gives a background session a pane and the keyboard. */
  async show(sessionId: number): Promise<void> {
    try {
      await this.sessions.show(sessionId);
      this.grid.focusNew(sessionId);
    } catch (reason) {
      this.report(reason);
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
      terminal.paste(await this.transport.native.readClipboard());
    } catch (reason) {
      this.report(reason);
    }
  }

  #focusedTerminal() {
    return this.terminals.get(this.grid.store.getState().focused);
  }
}
