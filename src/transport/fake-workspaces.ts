// The fake daemon's workspaces, and which pane of which a session has.
import {
  type ChangeWorkspace,
  type Commands,
  MAX_PANES,
  type MoveSession,
  type SessionInfo,
  type WindowSize,
  type WorkspaceInfo,
  type Workspaces,
} from '@/protocol/generated/protocol';
import { CommandError } from './transport';

type Name = Extract<keyof Commands, `workspace:${string}`> | 'session:move';
type Handlers = { [K in Name]: (args: Commands[K]['args']) => Commands[K]['reply'] };

interface Daemon {
  /** The sessions themselves: what is changed of one is changed. */
  sessions(): SessionInfo[];
  /** Sessions have other panes. */
  announce(): void;
  tell(workspaces: Workspaces): void;
}

const MOST_WORKSPACES = 24;
const LONGEST_NAME = 64;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/;

export class FakeWorkspaces {
  #workspaces: WorkspaceInfo[] = [fresh(1, 'Workspace 1')];
  #shown = 1;
  /** The window's size, as it was told last. */
  window: WindowSize | null = null;

  constructor(private readonly daemon: Daemon) {}

  list(): Workspaces {
    return { workspaces: structuredClone(this.#workspaces), shown: this.#shown };
  }

  /** Puts others in the place of all; those without panes are gone. */
  restore(names: string[], shown: number): number[] {
    const used = new Set(this.daemon.sessions().map(({ workspaceId }) => workspaceId));
    this.#workspaces = this.#workspaces.filter(({ workspaceId }) => used.has(workspaceId));
    const made = names.map((name) => this.#make(name).workspaceId);
    this.#shown = made[shown] ?? this.#shown;
    this.#tell();
    return made;
  }

  /** The pane that a session gets in a workspace, by default the first. */
  freePane(workspaceId = this.#workspaces[0]?.workspaceId ?? 1) {
    this.#workspace(workspaceId);
    const taken = this.#panes(workspaceId).map(({ paneIndex }) => paneIndex);
    for (let index = 0; index < MAX_PANES; index += 1) {
      if (!taken.includes(index)) return { workspaceId, paneIndex: index };
    }
    throw new CommandError('max_sessions', `Max sessions reached (${MAX_PANES})`);
  }

  readonly handlers: Handlers = {
    'workspace:list': () => this.list(),
    'workspace:create': ({ name }) => {
      if (name !== undefined) check(name);
      if (this.#workspaces.length >= MOST_WORKSPACES) {
        const why = `there are ${MOST_WORKSPACES} workspaces, which is the most`;
        throw new CommandError('max_sessions', why);
      }
      const made = this.#make(name ?? this.#freeName());
      this.#tell();
      return structuredClone(made);
    },
    'workspace:change': (args) => this.#change(args),
    'workspace:delete': ({ workspaceId }) => {
      const workspace = this.#workspace(workspaceId);
      const panes = this.#panes(workspaceId).length;
      if (panes > 0) {
        throw new CommandError(
          'conflict',
          `${workspace.name} has ${panes} panes; close them first`,
        );
      }
      if (this.#workspaces.length === 1) {
        throw new CommandError('conflict', `${workspace.name} is the only workspace`);
      }
      this.#workspaces = this.#workspaces.filter((each) => each !== workspace);
      if (this.#shown === workspaceId) this.#shown = this.#workspaces[0]?.workspaceId ?? 1;
      this.#tell();
      return { success: true };
    },
    'workspace:show': ({ workspaceId, window }) => {
      this.#workspace(workspaceId);
      if (window) this.window = window;
      if (workspaceId !== this.#shown) {
        this.#shown = workspaceId;
        this.#tell();
      }
      return { success: true };
    },
    'session:move': (args) => this.#move(args),
  };

  #change({ workspaceId, position, name, ...rest }: ChangeWorkspace) {
    const workspace = this.#workspace(workspaceId);
    if (name !== undefined) workspace.name = check(name);
    Object.assign(workspace, rest);
    if (position !== undefined) {
      const last = this.#workspaces.length - 1;
      if (position > last) {
        const why = `there is no place ${position} among the tabs; the last one is ${last}`;
        throw new CommandError('invalid', why);
      }
      this.#workspaces = this.#workspaces.filter((each) => each !== workspace);
      this.#workspaces.splice(position, 0, workspace);
    }
    this.#tell();
    return { success: true };
  }

  #move({ sessionId, workspaceId, paneIndex }: MoveSession) {
    const session = this.daemon.sessions().find((each) => each.sessionId === sessionId);
    if (!session) throw new CommandError('not_found', `There is no session ${sessionId}`);
    if (session.paneIndex === null)
      throw new CommandError('invalid', `${session.name} has no pane`);
    const to = paneIndex === undefined ? this.freePane(workspaceId) : { workspaceId, paneIndex };
    const there = this.#panes(workspaceId).find((each) => each.paneIndex === to.paneIndex);
    if (there) {
      Object.assign(there, { workspaceId: session.workspaceId, paneIndex: session.paneIndex });
    }
    Object.assign(session, to);
    this.daemon.announce();
    return { success: true };
  }

  #make(name: string): WorkspaceInfo {
    const highest = Math.max(0, ...this.#workspaces.map(({ workspaceId }) => workspaceId));
    const made = fresh(highest + 1, name);
    this.#workspaces.push(made);
    return made;
  }

  #freeName(): string {
    const taken = new Set(this.#workspaces.map(({ name }) => name));
    for (let number = 1; ; number += 1) {
      if (!taken.has(`Workspace ${number}`)) return `Workspace ${number}`;
    }
  }

  #panes(workspaceId: number): SessionInfo[] {
    return this.daemon
      .sessions()
      .filter((each) => each.workspaceId === workspaceId && each.paneIndex !== null);
  }

  #workspace(workspaceId: number): WorkspaceInfo {
    const workspace = this.#workspaces.find((each) => each.workspaceId === workspaceId);
    if (!workspace) throw new CommandError('not_found', `There is no workspace ${workspaceId}`);
    return workspace;
  }

  #tell(): void {
    this.daemon.tell(this.list());
  }
}

function fresh(workspaceId: number, name: string): WorkspaceInfo {
  return { workspaceId, name, columnShares: [], rowShares: [], focused: null, zoomed: false };
}

function check(name: string): string {
  if (name === '' || name.length > LONGEST_NAME || CONTROLS.test(name)) {
    throw new CommandError('invalid', `a workspace cannot be called “${name}”`);
  }
  return name;
}
