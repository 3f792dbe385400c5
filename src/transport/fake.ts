// A transport with a daemon inside: sessions with shells that echo, in memory. It keeps the
// promises of the real one (a snapshot after each attach, offsets, no output beyond the
// unacknowledged window), so that the front end can be tested, and looked at in a browser,
// without a daemon. Never part of a build.
import type {
  AgentInfo,
  Commands,
  CreateSession,
  ErrorCode,
  Events,
  SessionInfo,
} from '@/protocol/generated/protocol';
import { MAX_PANES } from '@/protocol/generated/protocol';
import { FakeShell } from './fake-shell';
import { Listeners } from './listeners';
import { CommandError, type Native, type Transport } from './transport';

export const FAKE_HOME = '/home/ada';

const AGENTS: AgentInfo[] = [
  { agentType: 'terminal', name: 'Shell', command: '/bin/bash', path: '/bin/bash', install: null },
  {
    agentType: 'claude_code',
    name: 'Claude Code',
    command: 'claude',
    path: `${FAKE_HOME}/.local/bin/claude`,
    install: 'npm install -g @anthropic-ai/claude-code',
  },
  {
    agentType: 'gemini_cli',
    name: 'Gemini CLI',
    command: 'gemini',
    path: null,
    install: 'npm install -g @google/gemini-cli',
  },
  {
    agentType: 'codex',
    name: 'Codex',
    command: 'codex',
    path: '/usr/local/bin/codex',
    install: 'npm install -g @openai/codex',
  },
];

type Handlers = {
  [K in keyof Commands]: (args: Commands[K]['args']) => Commands[K]['reply'];
};

export interface Call {
  name: keyof Commands;
  args: unknown;
}

interface FakeSession {
  info: SessionInfo;
  shell: FakeShell;
  attached: boolean;
  offset: number;
}

export class FakeTransport implements Transport {
  readonly ready = Promise.resolve();
  /** Every call, in order. */
  readonly calls: Call[] = [];
  /** What the clipboard holds, what was opened, and what a person will pick. */
  readonly machine = { clipboard: '', opened: [] as string[], folder: null as string | null };
  readonly native: Native = {
    readClipboard: async () => this.machine.clipboard,
    writeClipboard: async (text) => {
      this.machine.clipboard = text;
    },
    openUrl: async (url) => {
      this.machine.opened.push(url);
    },
    pickFolder: async () => this.machine.folder,
  };
  readonly #listeners = new Listeners();
  readonly #sessions = new Map<number, FakeSession>();
  readonly #failures = new Map<keyof Commands, CommandError>();
  #nextId = 1;

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

  /** Everything that a session's shell has put out. */
  outputOf(sessionId: number): string {
    return this.#session(sessionId).shell.output;
  }

  readonly #handlers: Handlers = {
    'session:create': (args) => this.#create(args),
    'session:destroy': ({ sessionId }) => {
      this.#session(sessionId);
      this.#sessions.delete(sessionId);
      this.#announce();
      return { success: true };
    },
    'session:write': ({ sessionId, data }) => {
      this.#session(sessionId).shell.type(data);
      return null;
    },
    'session:resize': ({ sessionId, cols, rows }) => {
      Object.assign(this.#session(sessionId).info, { cols, rows });
      return null;
    },
    'session:list': () => this.#list(),
    'session:rename': ({ sessionId, name }) => {
      this.#session(sessionId).info.name = name;
      this.#announce();
      return { success: true };
    },
    'session:restart': ({ sessionId }) => {
      const session = this.#session(sessionId);
      session.shell = this.#startShell(session.info);
      Object.assign(session.info, { state: 'running', exitCode: null, pid: 4000 + sessionId });
      this.#announce();
      this.#snapshot(session);
      return { success: true };
    },
    'session:show': ({ sessionId }) => {
      const { info } = this.#session(sessionId);
      info.paneIndex ??= this.#freePane();
      this.#announce();
      return { paneIndex: info.paneIndex };
    },
    'session:screen': ({ sessionId }) => ({ text: this.#session(sessionId).shell.output }),
    'agent:list': () => AGENTS,
    'daemon:status': () => ({
      version: '0.1.0',
      pid: 1,
      sessions: this.#sessions.size,
      homeDir: FAKE_HOME,
    }),
    'daemon:stop': () => ({ kept: this.#sessions.size, ended: 0 }),
    'session:attach': ({ sessionId, cols, rows }) => {
      const session = this.#session(sessionId);
      Object.assign(session.info, { cols, rows });
      session.attached = true;
      this.#snapshot(session);
      return null;
    },
    'session:detach': ({ sessionId }) => {
      this.#session(sessionId).attached = false;
      return null;
    },
    'session:ack': ({ sessionId }) => {
      this.#session(sessionId);
      return null;
    },
  };

  #create(args: CreateSession) {
    const sessionId = this.#nextId;
    const paneIndex = args.background ? null : this.#freePane();
    this.#nextId += 1;
    const info: SessionInfo = {
      sessionId,
      paneIndex,
      name: args.name ?? this.#freeName(args),
      agentType: args.agentType,
      projectPath: args.projectPath,
      workingDir: args.workingDir ?? args.projectPath,
      branch: args.branch ?? (args.projectPath === FAKE_HOME ? null : 'main'),
      command: args.command ?? [AGENTS.find((a) => a.agentType === args.agentType)?.command ?? ''],
      pid: 4000 + sessionId,
      cols: args.cols ?? 80,
      rows: args.rows ?? 24,
      state: 'running',
      exitCode: null,
      attachedClients: 0,
      createdAt: Date.now(),
    };
    const session = { info, shell: this.#startShell(info), attached: false, offset: 0 };
    this.#sessions.set(sessionId, session);
    this.#announce();
    return { sessionId, paneIndex };
  }

  #startShell(info: SessionInfo): FakeShell {
    const shell = new FakeShell(
      info.workingDir.replace(FAKE_HOME, '~'),
      (text) => this.#output(info.sessionId, text, false),
      (code) => this.#exited(info.sessionId, code),
    );
    shell.start();
    return shell;
  }

  #snapshot({ info, shell }: FakeSession): void {
    this.#output(info.sessionId, `\x1bc${shell.output}`, true);
  }

  #output(sessionId: number, text: string, snapshot: boolean): void {
    const session = this.#sessions.get(sessionId);
    if (!session?.attached) return;
    const bytes = new TextEncoder().encode(text);
    if (!snapshot) session.offset += bytes.length;
    const dataB64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    this.emit('session:output', { sessionId, dataB64, offset: session.offset, snapshot });
  }

  #exited(sessionId: number, exitCode: number): void {
    Object.assign(this.#session(sessionId).info, { state: 'exited', exitCode, pid: null });
    this.emit('session:exit', { sessionId, exitCode });
    this.#announce();
  }

  #session(sessionId: number): FakeSession {
    const session = this.#sessions.get(sessionId);
    if (!session) throw new CommandError('not_found', `There is no session ${sessionId}`);
    return session;
  }

  #list(): SessionInfo[] {
    return [...this.#sessions.values()].map(({ info }) => ({ ...info }));
  }

  #announce(): void {
    this.emit('session:changed', { sessions: this.#list() });
  }

  #freePane(): number {
    const taken = new Set(this.#list().map(({ paneIndex }) => paneIndex));
    for (let index = 0; index < MAX_PANES; index += 1) if (!taken.has(index)) return index;
    throw new CommandError('max_sessions', `Max sessions reached (${MAX_PANES})`);
  }

  #freeName({ agentType }: CreateSession): string {
    const agent = AGENTS.find((candidate) => candidate.agentType === agentType);
    const base = agentType === 'terminal' ? 'shell' : (agent?.command ?? agentType);
    const taken = new Set(this.#list().map(({ name }) => name));
    if (!taken.has(base)) return base;
    for (let number = 2; ; number += 1)
      if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
  }
}

/**
 * A fake to look at: `?fake=4` has four panes, `&background=2` two sessions without a pane,
 * `&long` long names, `&exited` a first pane whose program has ended, `&away` a daemon that is lost,
 * `&unavailable` one that never answers.
 */
export async function createDemonstration(address: URLSearchParams): Promise<FakeTransport> {
  const fake = new FakeTransport();
  fake.machine.folder = `${FAKE_HOME}/src/harbour`;
  const kinds = ['claude_code', 'codex', 'gemini_cli', 'terminal'] as const;
  const panes = Number(address.get('fake') || 0);
  const background = Number(address.get('background') || 0);
  for (let index = 0; index < panes + background; index += 1) {
    const { sessionId } = await fake.call('session:create', {
      agentType: kinds[index % kinds.length] ?? 'terminal',
      projectPath: `${FAKE_HOME}/src/lighthouse`,
      background: index >= panes,
      ...(address.has('long') && {
        name: `${'a rather long name '.repeat(3)}${index}`,
        branch: 'feature/with-a-branch-name-that-nobody-will-read',
      }),
    });
    const data = index % 2 === 0 ? 'colours\r' : 'echo hello\r';
    await fake.call('session:write', { sessionId, data });
    if (index === 0 && address.has('exited')) {
      await fake.call('session:write', { sessionId, data: 'exit 3\r' });
    }
  }
  if (address.has('unavailable')) {
    fake.fail('session:list', {
      code: 'unavailable',
      message: 'The daemon did not start: no such file: synk. Reinstall Synk and try again.',
    });
  }
  if (address.has('away')) {
    setTimeout(() => fake.emit('daemon:connection', { state: 'connecting', message: null }), 500);
  }
  return fake;
}
