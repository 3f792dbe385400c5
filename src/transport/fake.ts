// A transport with a daemon inside: sessions with shells that echo, in memory. It keeps the
// promises of the real one (a snapshot after each attach, offsets, logs that outlive their
// sessions), so that the front end can be tested, and looked at in a browser, without a
// daemon. It counts no credit: an acknowledgement is only taken. Never part of a build.
import type {
  CleanedSessions,
  CleanSessions,
  Commands,
  Cost,
  CreateSession,
  DestroySession,
  ErrorCode,
  Events,
  PoolStatus,
  RestartSession,
  SearchSessions,
  SessionInfo,
} from '@/protocol/generated/protocol';
import { commandOf, FAKE_AGENTS, FAKE_HOME } from './fake-agents';
import { dayOf, FakeCosts, sum } from './fake-costs';
import { FakeDispatch } from './fake-dispatch';
import { FakeGit } from './fake-git';
import { FakeLayouts } from './fake-layouts';
import { FakeMachine } from './fake-machine';
import { FakeSession, readyStatus } from './fake-session';
import { FakeSettings } from './fake-settings';
import { FakeWorkspaces } from './fake-workspaces';
import { Listeners } from './listeners';
import { CommandError, type Transport } from './transport';

export { FAKE_HOME };

type Handlers = {
  [K in keyof Commands]: (args: Commands[K]['args']) => Commands[K]['reply'];
};

export interface Call {
  name: keyof Commands;
  args: unknown;
}

export class FakeTransport implements Transport {
  readonly ready = Promise.resolve();
  /** Every call, in order. */
  readonly calls: Call[] = [];
  readonly machine = new FakeMachine();
  readonly native = this.machine.native;
  readonly #listeners = new Listeners();
  readonly #sessions = new Map<number, FakeSession>();
  /** Sessions that were closed: their logs are kept. */
  readonly #closed = new Map<number, FakeSession>();
  readonly #failures = new Map<keyof Commands, CommandError>();
  readonly settings = new FakeSettings((changed) => this.emit('settings:changed', changed));
  readonly #costs = new FakeCosts();
  readonly git = new FakeGit({
    home: FAKE_HOME,
    sessions: () => this.#list(),
    session: (sessionId) => this.#session(sessionId, true).info,
    tell: (event) => this.emit('git:event', event),
    overlap: (overlaps) => this.emit('git:overlaps', { overlaps }),
  });
  readonly workspaces = new FakeWorkspaces({
    sessions: () => this.#infos(),
    announce: () => this.#announce(),
    tell: (workspaces) => this.emit('workspace:changed', workspaces),
  });
  readonly layouts = new FakeLayouts({
    folder: `${FAKE_HOME}/.config/synk/sessions`,
    workspaces: this.workspaces,
    sessions: () => this.#infos(),
    create: (session) => this.#create(session),
  });
  readonly #dispatch: FakeDispatch;
  #nextId = 1;

  /** `pace`: milliseconds from one state of a receipt to the next. */
  constructor(pace = 5) {
    this.#dispatch = new FakeDispatch({
      pace,
      session: (sessionId) => this.#session(sessionId),
      announce: () => this.#announce(),
      tell: (receipt) => this.emit('dispatch:receipt', receipt),
    });
  }

  async call<K extends keyof Commands>(
    name: K,
    args: Commands[K]['args'],
  ): Promise<Commands[K]['reply']> {
    this.calls.push({ name, args });
    // An answer never comes before the caller has gone on, as from a real daemon.
    await Promise.resolve();
    const failure = this.#failures.get(name);
    if (failure) throw failure;
    return (this.#handlers[name] as (args: Commands[K]['args']) => Commands[K]['reply'])(args);
  }

  on<E extends keyof Events>(event: E, handler: (payload: Events[E]) => void): () => void {
    // Who comes late is told the newest.
    if (event === 'git:overlaps' && this.git.overlaps.length > 0) {
      queueMicrotask(() => handler({ overlaps: this.git.overlaps } as Events[E]));
    }
    return this.#listeners.add(event, handler);
  }

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    this.#listeners.emit(event, payload);
  }

  /** Makes a command fail from now on; without an error it works again. */
  fail(name: keyof Commands, error?: { code: ErrorCode; message: string }): void {
    if (error) this.#failures.set(name, new CommandError(error.code, error.message));
    else this.#failures.delete(name);
  }

  /** The arguments of every call of one command. */
  callsOf<K extends keyof Commands>(name: K): Commands[K]['args'][] {
    return this.calls.filter((call) => call.name === name).map((call) => call.args as never);
  }

  /** Lets something happen to a session that no command can bring about, and tells of it. */
  happen(sessionId: number, event: (session: FakeSession) => void): void {
    const session = this.#session(sessionId);
    event(session);
    this.#dispatch.release(session);
    this.#announce();
  }

  /** A session's agent used something on a day, today by default. */
  spend(sessionId: number, model: string, delta: Cost, at = Date.now()): void {
    const { info } = this.#session(sessionId);
    const { agentType, projectPath } = info;
    const models = [...(info.cost?.models ?? []).filter((each) => each !== model), model];
    const cost = sum(info.cost?.cost ?? null, delta);
    const cumulative = { cost, models, source: 'transcript' as const, at };
    info.cost = cumulative;
    this.#costs.add({ day: dayOf(at), agentType, projectPath, model, cost: delta });
    this.emit('cost:updated', { sessionId, delta, cumulative });
  }

  /** Lets something happen to the pool of waiting shells, and tells of it. */
  disturbPool(pool: Partial<PoolStatus>): void {
    this.settings.disturb(pool);
    this.emit('pool:status', this.#poolStatus());
  }

  readonly #handlers: Handlers = {
    'session:create': (args) => this.#create(args),
    'session:destroy': (args) => this.#destroy(args),
    'session:write': ({ sessionId, data }) => {
      this.#session(sessionId).type(data);
      return null;
    },
    'session:resize': ({ sessionId, cols, rows }) => {
      Object.assign(this.#session(sessionId).info, { cols, rows });
      return null;
    },
    'session:list': ({ all }) => [...this.#list(), ...(all ? this.#list(this.#closed) : [])],
    'session:rename': ({ sessionId, name }) => {
      this.#session(sessionId).info.name = name;
      this.#announce();
      return { success: true };
    },
    'session:restart': (args) => this.#restart(args),
    'session:show': ({ sessionId, workspaceId }) => {
      const { info } = this.#session(sessionId);
      const there = info.paneIndex;
      const free = () => this.workspaces.freePane(workspaceId ?? info.workspaceId);
      const place = there === null ? free() : { paneIndex: there };
      Object.assign(info, place);
      this.#announce();
      return { paneIndex: place.paneIndex };
    },
    'session:screen': ({ sessionId }) => ({ text: this.#session(sessionId).output }),
    'session:search': (args) => this.#search(args),
    'session:replay': ({ sessionId, offset }) => {
      const { info, log } = this.#session(sessionId, true);
      const { text, at, incomplete } = log.until(offset);
      const { cols, rows } = info;
      return { dataB64: toBase64(`\x1bc${text}`), cols, rows, at, incomplete };
    },
    'session:clean': (args) => this.#clean(args),
    'session:status': ({ sessionId }) => {
      const { status } = this.#session(sessionId).info;
      const { source, state, waitingFor, since: at } = status;
      const seen = `${source} says ${state}`;
      return { status, evidence: [{ source, state, waitingFor, seen, at, decides: true }] };
    },
    'session:seen': ({ sessionIds }) => {
      for (const sessionId of sessionIds) {
        const session = this.#session(sessionId);
        if (session.info.status.state === 'done') session.report('idle');
        this.#dispatch.release(session);
      }
      this.#announce();
      return { success: true };
    },
    'dispatch:send': (args) => this.#dispatch.send(args),
    'dispatch:queue': ({ sessionId }) => this.#dispatch.queue(sessionId),
    'dispatch:edit': (args) => this.#dispatch.edit(args),
    'cost:list': (args) => this.#costs.list(args),
    'settings:get': () => this.settings.get(),
    'settings:set': (args) => {
      this.settings.set(args);
      this.emit('pool:status', this.#poolStatus());
      return { success: true };
    },
    'settings:import_palette': (args) => this.settings.importPalette(args),
    'pool:status': () => this.#poolStatus(),
    'agent:list': () => FAKE_AGENTS,
    'daemon:status': () => ({
      version: '0.1.0',
      pid: 1,
      sessions: this.#sessions.size,
      homeDir: FAKE_HOME,
    }),
    'daemon:stop': () => ({ kept: this.#sessions.size, ended: 0 }),
    'session:attach': ({ sessionId, cols, rows }) => {
      const session = this.#session(sessionId);
      session.attach(cols, rows);
      this.#snapshot(session);
      this.#announce();
      return null;
    },
    'session:detach': ({ sessionId }) => {
      this.#session(sessionId).detach();
      this.#announce();
      return null;
    },
    'session:ack': ({ sessionId }) => {
      this.#session(sessionId);
      return null;
    },
    ...this.git.handlers,
    ...this.workspaces.handlers,
    ...this.layouts.handlers,
  };

  #create(args: CreateSession) {
    const sessionId = this.#nextId;
    const place = args.background
      ? { workspaceId: args.workspaceId ?? 1, paneIndex: null }
      : this.workspaces.freePane(args.workspaceId);
    const { branch, worktree } = this.git.place(args.projectPath, args.branch, args.baseBranch);
    const folder = args.workingDir ?? worktree ?? args.projectPath;
    this.#nextId += 1;
    const info: SessionInfo = {
      sessionId,
      ...place,
      name: args.name ?? this.#freeName(args),
      agentType: args.agentType,
      projectPath: args.projectPath,
      workingDir: folder,
      branch,
      worktree,
      command: args.command ?? [commandOf(args.agentType)],
      pid: 4000 + sessionId,
      cols: args.cols ?? 80,
      rows: args.rows ?? 24,
      state: 'running',
      exitCode: null,
      attachedClients: 0,
      createdAt: Date.now(),
      shimPid: 3000 + sessionId,
      currentDir: folder,
      lastAttachedAt: null,
      endedAt: null,
      closedAt: null,
      resumeId: null,
      missingEnv: Object.keys(args.env ?? {}),
      incompatible: null,
      restartsWhenIdle: false,
      status: readyStatus(args.agentType),
      queuedPrompts: 0,
      cost: null,
    };
    const session = new FakeSession(info, FAKE_HOME, {
      onOutput: (text) => this.#output(sessionId, text, false),
      onExit: (exitCode) => {
        session.exit(exitCode);
        this.emit('session:exit', { sessionId, exitCode });
        this.#announce();
      },
    });
    this.#sessions.set(sessionId, session);
    this.#announce();
    this.git.weigh();
    return { sessionId, paneIndex: place.paneIndex };
  }

  #destroy({ sessionId, force }: DestroySession) {
    const session = this.#session(sessionId);
    const { info, others } = session;
    if (others > 0 && !force) {
      throw new CommandError('attached', `${others} other clients are attached to ${info.name}.`);
    }
    Object.assign(info, { closedAt: Date.now(), paneIndex: null, pid: null });
    session.detach();
    this.#sessions.delete(sessionId);
    this.#closed.set(sessionId, session);
    this.#announce();
    this.git.weigh();
    return { success: true };
  }

  #restart({ sessionId, whenIdle }: RestartSession) {
    const session = this.#session(sessionId);
    if (whenIdle === undefined) {
      session.restart();
      this.#snapshot(session);
    } else {
      session.info.restartsWhenIdle = whenIdle;
    }
    this.#announce();
    return { success: true };
  }

  #search({ text, sessionId, matchCase, limit = 200 }: SearchSessions) {
    const withCase = matchCase ?? text !== text.toLowerCase();
    const searched = sessionId === undefined ? this.#all() : [this.#session(sessionId, true)];
    const hits = searched
      .flatMap((session) => session.search(text, withCase))
      .sort((one, other) => other.at - one.at);
    return { hits: hits.slice(0, limit), more: hits.length > limit };
  }

  #clean({ olderThanSeconds, dryRun }: CleanSessions): CleanedSessions {
    const before = Date.now() - olderThanSeconds * 1000;
    const old = this.#all().filter(
      ({ info }) =>
        info.attachedClients === 0 &&
        (info.closedAt ?? info.lastAttachedAt ?? info.createdAt) < before,
    );
    if (!dryRun) {
      for (const { info } of old) {
        this.#sessions.delete(info.sessionId);
        this.#closed.delete(info.sessionId);
      }
      this.#announce();
    }
    const removed = old.map(({ info: { sessionId, name, state, closedAt } }) => ({
      sessionId,
      name,
      wasRunning: state === 'running' && closedAt === null,
    }));
    return { removed, freedBytes: old.reduce((sum, { log }) => sum + log.offset, 0) };
  }

  #snapshot({ info, output }: FakeSession): void {
    this.#output(info.sessionId, `\x1bc${output}`, true);
  }

  #output(sessionId: number, text: string, snapshot: boolean): void {
    const session = this.#sessions.get(sessionId);
    if (!session?.attached) return;
    const { offset } = session.log;
    this.emit('session:output', { sessionId, dataB64: toBase64(text), offset, snapshot });
  }

  #session(sessionId: number, mayBeClosed = false): FakeSession {
    const session =
      this.#sessions.get(sessionId) ?? (mayBeClosed ? this.#closed.get(sessionId) : undefined);
    if (!session) throw new CommandError('not_found', `There is no session ${sessionId}`);
    return session;
  }

  #all(): FakeSession[] {
    return [...this.#sessions.values(), ...this.#closed.values()];
  }

  /** What is known of each; what is changed of it is changed. */
  #infos(): SessionInfo[] {
    return [...this.#sessions.values()].map(({ info }) => info);
  }

  #list(sessions = this.#sessions): SessionInfo[] {
    return [...sessions.values()].map(({ info }) => ({ ...info }));
  }

  #announce(): void {
    this.emit('session:changed', { sessions: this.#list() });
    this.emit('pool:status', this.#poolStatus());
  }

  #poolStatus(): PoolStatus {
    return this.settings.poolStatus(this.#list().filter(({ state }) => state === 'running').length);
  }

  #freeName({ agentType }: CreateSession): string {
    const base = agentType === 'terminal' ? 'shell' : commandOf(agentType);
    const taken = new Set(this.#list().map(({ name }) => name));
    if (!taken.has(base)) return base;
    for (let number = 2; ; number += 1)
      if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
  }
}

function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
