// How much each session with a worktree of its own has changed, for its header. Looked at again
// when something happened in its repository and when its program came to rest; never by a clock.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Sessions } from '@/features/sessions';
import type { SessionInfo } from '@/protocol/generated/protocol';
import type { Transport } from '@/transport';

export interface Figures {
  files: number;
  additions: number;
  deletions: number;
}

export class Changes {
  readonly store: StoreApi<Record<number, Figures>> = createStore<Record<number, Figures>>(
    () => ({}),
  );
  /** Asked about now; true when it is to be asked again after that. */
  readonly #asked = new Map<number, boolean>();
  /** What each did when it was looked at last. */
  readonly #seen = new Map<number, string>();

  constructor(
    private readonly transport: Transport,
    private readonly sessions: Sessions,
  ) {}

  /** Follows the sessions. The result ends it. */
  start(): () => void {
    const leave = [
      this.sessions.store.subscribe(() => this.#follow()),
      this.transport.on('git:event', ({ sessionId }) => {
        const project = this.#list().find((each) => each.sessionId === sessionId)?.projectPath;
        for (const each of this.#list()) {
          if (each.projectPath === project) void this.look(each.sessionId);
        }
      }),
    ];
    this.#follow();
    return () => {
      for (const end of leave) end();
    };
  }

  /** Looks at one again. */
  async look(sessionId: number): Promise<void> {
    if (this.#asked.has(sessionId)) {
      this.#asked.set(sessionId, true);
      return;
    }
    this.#asked.set(sessionId, false);
    try {
      const files = await this.transport.call('git:diff', { sessionId });
      const sum = (of: 'additions' | 'deletions') => files.reduce((all, file) => all + file[of], 0);
      this.store.setState({
        [sessionId]: {
          files: files.length,
          additions: sum('additions'),
          deletions: sum('deletions'),
        },
      });
    } catch (reason) {
      // A header without figures says what is wrong with nothing; the review does.
      console.warn(`the changes of session ${sessionId} are not known`, reason);
    }
    const again = this.#asked.get(sessionId);
    this.#asked.delete(sessionId);
    if (again) await this.look(sessionId);
  }

  #list(): SessionInfo[] {
    return this.sessions.store.getState().sessions.filter(({ worktree }) => worktree !== null);
  }

  #follow(): void {
    for (const { sessionId, status, branch } of this.#list()) {
      const does = `${status.state} ${branch}`;
      const before = this.#seen.get(sessionId);
      if (before === does) continue;
      this.#seen.set(sessionId, does);
      const rests = status.state !== 'working' && status.state !== 'starting';
      if (rests || before === undefined) void this.look(sessionId);
    }
  }
}
