// One session of the fake daemon: what is known of it, its shell, its log, and what can
// happen to it. Telling the page about it is the transport's part.
import type {
  AgentType,
  SearchHit,
  SessionInfo,
  SessionStatus,
  StatusState,
} from '@/protocol/generated/protocol';
import { FakeLog } from './fake-log';
import { FakeShell } from './fake-shell';
import { CommandError } from './transport';

export interface FakeSessionListener {
  /** Output of the program, which is in the log by now. */
  onOutput(text: string): void;
  onExit(exitCode: number): void;
}

export class FakeSession {
  readonly log = new FakeLog();
  /** Whether the page watches it. */
  attached = false;
  #others = 0;
  #shell: FakeShell;

  constructor(
    readonly info: SessionInfo,
    private readonly home: string,
    private readonly listener: FakeSessionListener,
  ) {
    this.#shell = this.#start(info.workingDir);
  }

  /** Everything that its program has put out since it was started. */
  get output(): string {
    return this.#shell.output;
  }

  get others(): number {
    return this.#others;
  }

  /** A program that has ended or was lost takes no input. */
  type(data: string): void {
    if (this.info.state === 'running') this.#shell.type(data);
  }

  attach(cols: number, rows: number): void {
    const { incompatible } = this.info;
    if (incompatible !== null) {
      throw new CommandError(
        'version_mismatch',
        `This session runs in the shim of Synk ${incompatible}, which this version cannot show.`,
      );
    }
    Object.assign(this.info, { cols, rows, lastAttachedAt: Date.now() });
    this.attached = true;
    this.#count();
  }

  detach(): void {
    this.attached = false;
    this.#count();
  }

  /** So many clients other than the page watch it. */
  watchedBy(others: number): void {
    this.#others = others;
    this.#count();
  }

  exit(exitCode: number): void {
    Object.assign(this.info, { state: 'exited', exitCode, pid: null, endedAt: Date.now() });
    this.report('exited', { source: 'session' });
  }

  /** Its shim is killed: another one shows the last screen, and who watched has to attach. */
  lose(at = Date.now()): void {
    this.#newShim();
    Object.assign(this.info, { state: 'lost', exitCode: null, pid: null, endedAt: at });
    this.report('exited', { source: 'session', since: at });
  }

  /** It turns out to be held by the shim of another version. */
  outdate(version: string): void {
    this.detach();
    this.info.incompatible = version;
  }

  restart(): void {
    const { info } = this;
    const folder = info.state === 'lost' ? (info.currentDir ?? info.workingDir) : info.workingDir;
    if (info.incompatible !== null) this.#newShim();
    Object.assign(info, {
      state: 'running',
      exitCode: null,
      endedAt: null,
      pid: 4000 + info.sessionId,
      incompatible: null,
      restartsWhenIdle: false,
      status: readyStatus(info.agentType),
    });
    this.#shell = this.#start(folder);
  }

  /** Its program does something else now. */
  report(state: StatusState, more: Partial<SessionStatus> = {}): void {
    const { source } = readyStatus(this.info.agentType);
    const since = Date.now();
    this.info.status = { state, waitingFor: null, source, since, message: null, ...more };
  }

  search(text: string, matchCase: boolean): SearchHit[] {
    const { sessionId, name, closedAt } = this.info;
    return this.log
      .search(text, matchCase)
      .map((hit) => ({ sessionId, name, closed: closedAt !== null, ...hit }));
  }

  #newShim(): void {
    this.info.shimPid += 1000;
    this.#others = 0;
    this.detach();
  }

  #count(): void {
    this.info.attachedClients = this.#others + Number(this.attached);
  }

  #start(folder: string): FakeShell {
    const shell = new FakeShell(
      folder.replace(this.home, '~'),
      (text) => {
        this.log.append(text);
        this.listener.onOutput(text);
      },
      (code) => this.listener.onExit(code),
      this.info.agentType !== 'terminal',
    );
    shell.start();
    return shell;
  }
}

/** How a program is that was started just now: ready, as a shell or an agent says it. */
export function readyStatus(agentType: AgentType): SessionStatus {
  const source = agentType === 'terminal' ? 'shell' : 'program';
  return { state: 'idle', waitingFor: null, source, since: Date.now(), message: null };
}
