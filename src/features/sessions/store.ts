// The sessions as the daemon tells them, and what a person can do with one. The newest list
// replaces the one before. Nothing is guessed ahead of the daemon but where a pane is that was
// just moved, until the daemon has answered.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  AgentInfo,
  AgentType,
  ConnectionState,
  MoveSession,
  SessionExit,
  SessionInfo,
  SessionState,
} from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';
import { moved } from './moves';

/** The exit code in the event of a session whose shim was lost. */
const LOST = -1;

export interface SessionsState {
  /** By id, as the daemon sends them. */
  sessions: SessionInfo[];
  /** Milliseconds since 1970 at which a session was first seen in its state, by id. */
  since: Record<number, number>;
  agents: AgentInfo[];
  /** The folder that `~` stands for; null until the daemon has said. */
  homeDir: string | null;
  /** Whether a list has arrived at all. */
  loaded: boolean;
  connection: ConnectionState;
  /** Why there is no connection, when that is known. */
  problem: string | null;
}

/** What a new pane is made from. */
export interface NewSession {
  agentType: AgentType;
  projectPath: string;
  /** The branch to work on, in a worktree of its own unless it is checked out in the project. */
  branch?: string;
  /** Where a new branch begins. */
  baseBranch?: string;
  /** The workspace that it gets a pane in. */
  workspaceId: number;
  cols: number;
  rows: number;
}

export class Sessions {
  readonly store: StoreApi<SessionsState> = createStore(() => ({
    sessions: [],
    since: {},
    agents: [],
    homeDir: null,
    loaded: false,
    connection: 'connecting',
    problem: null,
  }));
  /** As the daemon tells them. */
  #told: SessionInfo[] = [];
  /** Moves that the daemon has not answered yet, in order. */
  #moves: MoveSession[] = [];
  /** Counts lists from events, so that an answer that is older than one is not used. */
  #lists = 0;
  /** The same for the agents. */
  #agentLists = 0;
  readonly #closeListeners = new Set<(session: SessionInfo) => void>();

  constructor(
    private readonly transport: Transport,
    private readonly onError: (reason: unknown) => void,
  ) {}

  /** Listens, then asks. The result ends it. */
  start(): () => void {
    const leave = [
      this.transport.on('session:changed', ({ sessions }) => {
        this.#lists += 1;
        this.#replace(sessions);
      }),
      this.transport.on('session:exit', (exit) => this.#exited(exit)),
      this.transport.on('agent:changed', ({ agents }) => {
        this.#agentLists += 1;
        this.store.setState({ agents });
      }),
      this.transport.on('cost:updated', ({ sessionId, cumulative }) => {
        this.#change(sessionId, { cost: cumulative });
      }),
      this.transport.on('daemon:connection', ({ state, message }) => {
        const before = this.store.getState().connection;
        this.store.setState({ connection: state, problem: message });
        if (state === 'connected' && before !== 'connected') void this.load();
      }),
      this.transport.on('app:error', ({ message }) => this.onError(new Error(message))),
    ];
    void this.load();
    return () => {
      for (const end of leave) end();
    };
  }

  /** Asks for everything again. */
  async load(): Promise<void> {
    try {
      await this.transport.ready;
      const lists = this.#lists;
      const agentLists = this.#agentLists;
      const [sessions, status, agents] = await Promise.all([
        this.transport.call('session:list', {}),
        this.transport.call('daemon:status', {}),
        this.transport.call('agent:list', {}),
      ]);
      if (lists === this.#lists) this.#replace(sessions);
      this.store.setState({
        ...(agentLists === this.#agentLists && { agents }),
        homeDir: status.homeDir,
        connection: 'connected',
        problem: null,
      });
    } catch (reason) {
      this.store.setState({
        connection: 'connecting',
        problem: CommandError.from(reason).message,
      });
    }
  }

  /** Rejects with a CommandError; `max_sessions` when the grid is full. */
  async create(session: NewSession): Promise<number> {
    const { sessionId } = await this.transport.call('session:create', { ...session });
    return sessionId;
  }

  /** Rejects with `attached` when other clients are attached and it is not forced. */
  async close(sessionId: number, force = false): Promise<void> {
    const { sessions } = this.store.getState();
    const session = sessions.find((each) => each.sessionId === sessionId);
    await this.transport.call('session:destroy', force ? { sessionId, force } : { sessionId });
    if (session) for (const listener of this.#closeListeners) listener(session);
  }

  /** Told of each session that is closed from this window. The result ends it. */
  onClose(listener: (session: SessionInfo) => void): () => void {
    this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  async restart(sessionId: number): Promise<void> {
    await this.transport.call('session:restart', { sessionId });
  }

  /** Restarts a session once nothing runs in it, or calls that off. */
  async restartWhenIdle(sessionId: number, whenIdle: boolean): Promise<void> {
    await this.transport.call('session:restart', { sessionId, whenIdle });
  }

  async rename(sessionId: number, name: string): Promise<void> {
    await this.transport.call('session:rename', { sessionId, name });
  }

  /** Gives a background session a pane. Rejects with `max_sessions` when the grid is full. */
  async show(sessionId: number, workspaceId: number): Promise<void> {
    await this.transport.call('session:show', { sessionId, workspaceId });
  }

  /** Gives a session another pane, which is seen at once. Rejects with a CommandError. */
  async move(move: MoveSession): Promise<void> {
    this.#moves = [...this.#moves, move];
    this.#show();
    let isDone = false;
    try {
      await this.transport.call('session:move', { ...move });
      isDone = true;
    } finally {
      this.#moves = this.#moves.filter((each) => each !== move);
      // The list that shows it may still be on its way.
      if (isDone) this.#told = moved(this.#told, move);
      this.#show();
    }
  }

  #replace(told: SessionInfo[]): void {
    this.#told = told;
    this.#show(true);
  }

  #show(loaded = this.store.getState().loaded): void {
    const sessions = this.#moves.reduce(moved, this.#told);
    const { sessions: before, since: sinceBefore } = this.store.getState();
    const known = new Map(before.map((session) => [session.sessionId, session]));
    const since: Record<number, number> = {};
    for (const { sessionId, state, createdAt, endedAt } of sessions) {
      const seen = known.get(sessionId)?.state;
      if (hasEnded(state) && endedAt !== null) since[sessionId] = endedAt;
      else if (seen === undefined) since[sessionId] = createdAt;
      else since[sessionId] = seen === state ? (sinceBefore[sessionId] ?? createdAt) : Date.now();
    }
    // With a dozen agents lists come many times a second, and most of each is as it was.
    const kept = sessions.map((session) => asBefore(known.get(session.sessionId), session));
    this.store.setState({ sessions: kept, since, loaded });
  }

  #exited({ sessionId, exitCode }: SessionExit): void {
    const lost = exitCode === LOST;
    const end = {
      state: lost ? ('lost' as const) : ('exited' as const),
      exitCode: lost ? null : exitCode,
      pid: null,
      endedAt: Date.now(),
    };
    this.#change(sessionId, end);
  }

  #change(sessionId: number, changes: Partial<SessionInfo>): void {
    if (!this.#told.some((session) => session.sessionId === sessionId)) return;
    this.#replace(
      this.#told.map((session) =>
        session.sessionId === sessionId ? { ...session, ...changes } : session,
      ),
    );
  }
}

/** The session itself, or the object that it was in before when nothing of it differs. */
function asBefore(before: SessionInfo | undefined, now: SessionInfo): SessionInfo {
  return before && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

/** Whether nothing runs: its last screen is all there is, until it is run again. */
export function hasEnded(state: SessionState): boolean {
  return state === 'exited' || state === 'lost';
}
