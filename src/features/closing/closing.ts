// What happens when the person closes the window: what runs may go on, be saved and ended, or
// just be ended. Nothing is forced: until all of it is done the window stays.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Layouts } from '@/features/layouts';
import { hasEnded, panesOf, type Sessions, shownState } from '@/features/sessions';
import type { Closing as ClosingSetting, SessionInfo } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';

/** What can be done with what runs. */
export type Answer = Exclude<ClosingSetting, 'ask'>;

export interface ClosingState {
  phase:
    | 'open'
    /** The person is asked. */
    | 'asking'
    /** The answer is being remembered, the layout saved. */
    | 'saving'
    | 'stopping';
  /** The sessions that are ended, and how many of them have. */
  ended: number;
  ending: number;
  /** Why the window is still there. */
  problem: string | null;
}

interface Window {
  sessions: Sessions;
  layouts: Layouts;
  /** What the settings say; null where they are not known. */
  setting(): ClosingSetting | null;
  /** Tells the daemon what it does not know yet. */
  flush(): Promise<void>;
}

const OPEN: ClosingState = { phase: 'open', ended: 0, ending: 0, problem: null };

export class Closing {
  readonly store: StoreApi<ClosingState> = createStore<ClosingState>(() => OPEN);

  constructor(
    private readonly transport: Transport,
    private readonly window: Window,
    private readonly report: (reason: unknown) => void,
  ) {}

  /** Listens to the window. The result ends it. */
  start(): () => void {
    return this.transport.native.onCloseAsked(() => void this.asked());
  }

  /** The window is to be closed. Asked again while the question is open, it still waits. */
  async asked(): Promise<void> {
    if (this.store.getState().phase !== 'open') return;
    const setting = this.window.setting() ?? 'ask';
    const asks = setting === 'ask' && this.running().length > 0;
    if (asks) this.store.setState({ ...OPEN, phase: 'asking' });
    else await this.answer(setting === 'ask' ? 'keep' : setting);
  }

  /** The person stays. */
  stay(): void {
    const { phase } = this.store.getState();
    if (phase === 'asking') this.store.setState(OPEN);
  }

  /** `always`: nor is the person asked the next time. Never rejects. */
  async answer(answer: Answer, always = false): Promise<void> {
    this.store.setState({ ...OPEN, phase: 'saving' });
    try {
      if (always) {
        const settings = { general: { closing: answer } };
        await this.transport.call('settings:set', { settings });
      }
      await this.window.flush();
      if (answer === 'save_and_stop') await this.#save();
      if (answer !== 'keep') await this.#stop();
      await this.transport.native.closeWindow();
      this.store.setState(OPEN);
    } catch (reason) {
      const problem = CommandError.from(reason).message;
      // Whoever was not asked is asked now, with the reason.
      this.store.setState({ ...OPEN, phase: 'asking', problem });
      if (this.alive().length === 0) {
        this.store.setState(OPEN);
        this.report(reason);
      }
    }
  }

  /** The sessions of the panes whose programs do something. */
  running(): SessionInfo[] {
    return this.alive().filter(isAtWork);
  }

  /** The sessions of the panes whose programs have not ended. */
  alive(): SessionInfo[] {
    const { sessions } = this.window.sessions.store.getState();
    return panesOf(sessions).filter(({ state }) => !hasEnded(state));
  }

  async #save(): Promise<void> {
    const saved = await this.window.layouts.save({});
    if (!saved.ok) throw new CommandError('internal', saved.message);
  }

  async #stop(): Promise<void> {
    const { sessions } = this.window.sessions.store.getState();
    const panes = panesOf(sessions);
    this.store.setState({ phase: 'stopping', ended: 0, ending: panes.length });
    const ends = panes.map(async ({ sessionId }) => {
      await this.transport.call('session:destroy', { sessionId, force: true });
      this.store.setState(({ ended }) => ({ ended: ended + 1 }));
    });
    const failed = (await Promise.allSettled(ends)).filter(({ status }) => status === 'rejected');
    const [first] = failed as PromiseRejectedResult[];
    if (!first) return;
    const { code, message } = CommandError.from(first.reason);
    const others = failed.length > 1 ? ` So it is with ${failed.length - 1} more.` : '';
    throw new CommandError(code, `A session could not be ended: ${message}${others}`);
  }
}

/** An agent that runs, or a shell in which something does. A prompt alone is nothing to lose. */
function isAtWork(session: SessionInfo): boolean {
  if (hasEnded(session.state)) return false;
  const shown = shownState(session);
  return session.agentType !== 'terminal' || shown === 'working' || shown === 'waiting';
}
