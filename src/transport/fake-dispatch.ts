// How the fake daemon delivers prompts: it decides by a session's status as the real one does,
// types into the session's shell, and lets receipts advance in steps of a pace. Prompts that
// wait go as soon as their session is ready.
import type {
  EditQueued,
  QueuedPrompt,
  Receipt,
  ReceiptState,
  SendPrompt,
  Success,
} from '@/protocol/generated/protocol';
import type { FakeSession } from './fake-session';
import { CommandError } from './transport';

const MOST_BYTES = 1 << 20;
/** Control characters that no terminal passes on as text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;

interface Daemon {
  session(sessionId: number): FakeSession;
  /** Something about a session changed. */
  announce(): void;
  tell(receipt: Receipt): void;
  /** Milliseconds from one state of a receipt to the next. */
  readonly pace: number;
}

type Prompt = Pick<QueuedPrompt, 'text' | 'submit'>;

export class FakeDispatch {
  readonly #queues = new Map<number, QueuedPrompt[]>();
  #nextId = 1;

  constructor(private readonly daemon: Daemon) {}

  send({ sessionIds, text, submit = true, queue, confirmed }: SendPrompt): Receipt[] {
    if (text === '') throw new CommandError('invalid', 'dispatch:send: the prompt is empty');
    if (new TextEncoder().encode(text).length > MOST_BYTES) {
      throw new CommandError('invalid', 'dispatch:send: the prompt is longer than 1 MiB');
    }
    const sessions = sessionIds.map((sessionId) => this.daemon.session(sessionId));
    const receipts = sessions.map((session) => {
      const promptId = this.#nextId;
      this.#nextId += 1;
      const { sessionId } = session.info;
      const receipt = (state: ReceiptState, reason: string | null = null): Receipt => ({
        promptId,
        sessionId,
        state,
        reason,
        at: Date.now(),
      });
      if (CONTROLS.test(text)) {
        return receipt('refused', 'It has a control character that no terminal passes on as text.');
      }
      const lines = text.split('\n').length;
      if (session.info.agentType === 'terminal' && submit && lines > 1 && !confirmed) {
        return receipt('unconfirmed', `${lines} lines would run as commands.`);
      }
      const obstacle = obstacleOf(session);
      if (obstacle === null) {
        this.#deliver(session, promptId, { text, submit });
        return receipt('sent');
      }
      if (!queue || obstacle.state === 'exited') return receipt(obstacle.state, obstacle.reason);
      const waiting = { promptId, sessionId, text, submit, at: Date.now(), held: false };
      this.#keep(session, [...this.queue(sessionId), waiting]);
      return receipt('queued', obstacle.reason);
    });
    this.daemon.announce();
    return receipts;
  }

  queue(sessionId: number): QueuedPrompt[] {
    return [...(this.#queues.get(sessionId) ?? [])];
  }

  edit({ promptId, text }: EditQueued): Success {
    for (const [sessionId, queue] of this.#queues) {
      const prompt = queue.find((each) => each.promptId === promptId);
      if (!prompt) continue;
      const session = this.daemon.session(sessionId);
      if (text === undefined) {
        this.#keep(
          session,
          queue.filter((each) => each !== prompt),
        );
        this.#tell(promptId, sessionId, 'withdrawn');
      } else {
        this.#keep(
          session,
          queue.map((each) => (each === prompt ? { ...each, text } : each)),
        );
      }
      this.daemon.announce();
      return { success: true };
    }
    throw new CommandError('not_found', `Prompt ${promptId} does not wait any more.`);
  }

  /** Sends what waits for a session, if it is ready now. */
  release(session: FakeSession): void {
    const [next, ...rest] = this.queue(session.info.sessionId);
    if (!next || obstacleOf(session) !== null) return;
    this.#keep(session, rest);
    this.#tell(next.promptId, next.sessionId, 'sent');
    this.#deliver(session, next.promptId, next);
  }

  #deliver(session: FakeSession, promptId: number, { text, submit }: Prompt): void {
    const { sessionId, agentType } = session.info;
    const typed =
      agentType === 'terminal' ? text.replaceAll('\n', '\r') : text.replaceAll('\n', ' ');
    session.type(submit ? `${typed}\r` : typed);
    const steps: ReceiptState[] = submit ? ['accepted', 'working'] : ['draft'];
    const step = () => {
      const state = steps.shift();
      if (!state) return;
      if (state === 'accepted' && agentType !== 'terminal') session.report('working');
      this.#tell(promptId, sessionId, state);
      this.daemon.announce();
      setTimeout(step, this.daemon.pace);
    };
    setTimeout(step, this.daemon.pace);
  }

  #keep(session: FakeSession, queue: QueuedPrompt[]): void {
    this.#queues.set(session.info.sessionId, queue);
    session.info.queuedPrompts = queue.length;
  }

  #tell(promptId: number, sessionId: number, state: ReceiptState): void {
    const reason = state === 'draft' ? 'The text stands in its composer.' : null;
    this.daemon.tell({ promptId, sessionId, state, reason, at: Date.now() });
  }
}

function obstacleOf({ info }: FakeSession): { state: ReceiptState; reason: string } | null {
  if (info.state !== 'running') {
    return { state: 'exited', reason: 'Its program does not run; start it again first.' };
  }
  switch (info.status.state) {
    case 'waiting':
      return { state: 'blocked', reason: 'A dialog is open in it; answer that first.' };
    case 'starting':
    case 'working':
    case 'unknown':
      return { state: 'not_ready', reason: 'It has not said that it is ready for a prompt.' };
    default:
      return null;
  }
}
