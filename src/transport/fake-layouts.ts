// The fake daemon's saved layouts: the panes of a moment by their agents, projects and
// workspaces. Restored, those that still run stay, and the others are started.
import type {
  Commands,
  CreateSession,
  FailedPane,
  SavedSession,
  SessionInfo,
} from '@/protocol/generated/protocol';
import type { FakeWorkspaces } from './fake-workspaces';
import { CommandError } from './transport';

type Name = Extract<keyof Commands, `persistence:${string}`>;
type Handlers = { [K in Name]: (args: Commands[K]['args']) => Commands[K]['reply'] };

type SavedPane = Pick<SessionInfo, 'sessionId' | 'agentType' | 'name' | 'projectPath'> & {
  /** Its workspace's place among the saved ones. */
  workspace: number;
};

interface Layout {
  info: SavedSession;
  workspaces: string[];
  shown: number;
  panes: SavedPane[];
}

interface Daemon {
  folder: string;
  workspaces: FakeWorkspaces;
  sessions(): SessionInfo[];
  create(session: CreateSession): void;
}

export class FakeLayouts {
  readonly #layouts = new Map<string, Layout>();
  /** Names of sessions that cannot be brought back, and why. */
  readonly broken = new Map<string, string>();

  constructor(private readonly daemon: Daemon) {}

  /** Saves what is open now. */
  save(name: string, more: Partial<SavedSession> = {}): string {
    const { workspaces, shown } = this.daemon.workspaces.list();
    const places = workspaces.map(({ workspaceId }) => workspaceId);
    const panes = this.daemon
      .sessions()
      .filter(({ paneIndex }) => paneIndex !== null)
      .map(({ sessionId, agentType, name: called, projectPath, workspaceId }) => ({
        sessionId,
        agentType,
        name: called,
        projectPath,
        workspace: places.indexOf(workspaceId),
      }));
    const path = this.#pathOf(name);
    const info = {
      name,
      path,
      savedAt: Date.now(),
      automatic: false,
      agents: panes.map(({ agentType }) => agentType),
      projects: [...new Set(panes.map(({ projectPath }) => projectPath))],
      workspaces: workspaces.length,
      problem: null,
      ...more,
    };
    this.#layouts.set(path, {
      info,
      workspaces: workspaces.map((each) => each.name),
      shown: places.indexOf(shown),
      panes,
    });
    return path;
  }

  readonly handlers: Handlers = {
    'persistence:save_session': ({ name = readableDate(), replace }) => {
      this.#check(name);
      if (this.#layouts.has(this.#pathOf(name)) && !replace) this.#refuse(name);
      return { savedPath: this.save(name) };
    },
    'persistence:load_session': ({ path }) => this.#load(this.#layout(path)),
    'persistence:list_saved': () =>
      [...this.#layouts.values()]
        .map(({ info }) => ({ ...info }))
        .sort((one, other) => other.savedAt - one.savedAt),
    'persistence:rename_saved': ({ path, name }) => {
      const layout = this.#layout(path);
      this.#check(name);
      const savedPath = this.#pathOf(name);
      if (savedPath !== path && this.#layouts.has(savedPath)) this.#refuse(name);
      this.#layouts.delete(path);
      layout.info = { ...layout.info, name, path: savedPath };
      this.#layouts.set(savedPath, layout);
      return { savedPath };
    },
    'persistence:delete_saved': ({ path }) => {
      this.#layout(path);
      this.#layouts.delete(path);
      return { success: true };
    },
  };

  #load({ info, workspaces, shown, panes }: Layout) {
    if (info.problem !== null) throw new CommandError('invalid', info.problem);
    const running = new Set(this.daemon.sessions().map(({ sessionId }) => sessionId));
    const missing = panes.filter(({ sessionId }) => !running.has(sessionId));
    const failed: FailedPane[] = [];
    const isAllThere = missing.length === 0;
    const made = isAllThere ? [] : this.daemon.workspaces.restore(workspaces, shown);
    for (const { name, workspace, agentType, projectPath } of missing) {
      const workspaceId = made[workspace];
      const message = this.broken.get(name);
      if (message !== undefined || workspaceId === undefined) {
        failed.push({ name, workspace: workspaces[workspace] ?? '', message: message ?? '' });
      } else {
        this.daemon.create({ agentType, projectPath, name, workspaceId });
      }
    }
    return {
      sessionCount: panes.length - failed.length,
      started: missing.length - failed.length,
      failed,
    };
  }

  #layout(path: string): Layout {
    const layout = this.#layouts.get(path);
    if (!layout) throw new CommandError('not_found', `${path} is not there any more`);
    return layout;
  }

  #pathOf(name: string): string {
    return `${this.daemon.folder}/${name}.json`;
  }

  #check(name: string): void {
    if (name === '' || name.length > 64 || name.startsWith('.') || name.includes('/')) {
      throw new CommandError('invalid', `a layout cannot be called “${name}”`);
    }
  }

  #refuse(name: string): never {
    throw new CommandError('conflict', `a layout is called “${name}” already`);
  }
}

function readableDate(): string {
  return new Date().toISOString().slice(0, 16).replace('T', ' ').replace(':', '.');
}
