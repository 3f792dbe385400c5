// What comes to the window from elsewhere, and is gone to: what it was opened for, and the panes
// of a layout that was restored.
import { describeRestored, type Restored } from '@/features/layouts';
import { chooseProject } from '@/features/projects';
import type { Opened } from '@/transport';
import { showNote } from '@/ui';
import type { Synk } from './synk';

export class Arrivals {
  /** A session that the window was opened for, and that no list has had yet. */
  #awaited: number | null = null;

  constructor(private readonly synk: Synk) {}

  /** Listens to the window. The result ends it. */
  start(): () => void {
    const leave = [
      this.synk.transport.native.onOpened((opened) => this.#open(opened)),
      this.synk.sessions.store.subscribe(() => this.#look()),
      this.synk.workspaces.store.subscribe(() => this.#look()),
    ];
    return () => {
      for (const end of leave) end();
    };
  }

  /** Shows what was brought back, and stays with what could not be. */
  async goToRestored(restored: Restored): Promise<void> {
    const { chrome, grid, layouts, sessions, workspaces } = this.synk;
    // The lists with the last of them may still be on their way.
    await Promise.all([sessions.load(), workspaces.load(true)]);
    grid.adopt();
    if (restored.failed.length > 0) {
      chrome.setState({ sheet: 'layouts' });
      return;
    }
    layouts.forget();
    showNote(`${restored.name}: ${describeRestored(restored)}.`);
    if (chrome.getState().sheet === 'layouts') chrome.setState({ sheet: null });
  }

  #open({ sessionId, path }: Opened): void {
    if (path !== undefined) chooseProject(this.synk.projects, path);
    if (sessionId === undefined) return;
    this.#awaited = sessionId;
    this.#look();
  }

  /** Goes to the session once it and its workspace are there: lists may still be on their way. */
  #look(): void {
    const session = this.#awaited === null ? undefined : this.synk.sessionOf(this.#awaited);
    if (!session) return;
    const isPlaced = session.paneIndex === null || this.synk.workspaces.get(session.workspaceId);
    if (!isPlaced) return;
    this.#awaited = null;
    void this.synk.goToSession(session.sessionId);
  }
}
