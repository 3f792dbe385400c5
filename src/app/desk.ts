// What a person can do with workspaces that takes more than one store: making and closing them,
// and carrying panes between them.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Carried, createCarry, type Target } from '@/features/workspaces';
import { CommandError } from '@/transport';
import type { Synk } from './synk';

export interface DeskState {
  /** The workspace that is to be closed although it has panes: the person is asked. */
  closing: number | null;
}

export class Desk {
  readonly store: StoreApi<DeskState> = createStore<DeskState>(() => ({ closing: null }));
  readonly carry = createCarry((carried, target) => void this.#drop(carried, target));

  constructor(private readonly synk: Synk) {}

  /** Follows which workspace is on show. The result ends it. */
  start(): () => void {
    const { workspaces, past, live } = this.synk;
    return workspaces.store.subscribe((now, before) => {
      const { closing } = this.store.getState();
      const isGone = !now.workspaces.some(({ workspaceId }) => workspaceId === closing);
      if (closing !== null && isGone) this.store.setState({ closing: null });
      if (now.shown === before.shown) return;
      past.close();
      // Nobody types where they cannot see it.
      live.end();
    });
  }

  /** Makes a workspace and shows it. Null when that failed, which is said. */
  async create(): Promise<number | null> {
    const { workspaces, report } = this.synk;
    try {
      const workspaceId = await workspaces.create();
      workspaces.show(workspaceId);
      return workspaceId;
    } catch (reason) {
      report(reason);
      return null;
    }
  }

  /** Closes a workspace; with panes in it the person is asked first. */
  async close(workspaceId: number): Promise<void> {
    const { workspaces, report } = this.synk;
    // The only one stays. Nothing offers to close it.
    if (workspaces.store.getState().workspaces.length < 2) return;
    if (this.synk.panes(workspaceId).length > 0) {
      this.store.setState({ closing: workspaceId });
      return;
    }
    await workspaces.remove(workspaceId).catch(report);
  }

  keep(): void {
    this.store.setState({ closing: null });
  }

  /** Closes a workspace and ends the sessions of its panes, also those that others watch. */
  async closeWithPanes(workspaceId: number): Promise<void> {
    this.keep();
    const { sessions, workspaces, report } = this.synk;
    const ids = this.synk.panes(workspaceId).map(({ sessionId }) => sessionId);
    try {
      await Promise.all(ids.map((sessionId) => sessions.close(sessionId, true)));
      await workspaces.remove(workspaceId);
    } catch (reason) {
      report(reason);
    }
  }

  /** The focused pane goes into a workspace beside this one, and the person with it. */
  async moveBeside(step: number): Promise<void> {
    const beside = this.synk.workspaces.beside(step);
    if (beside) await this.#moveAlong(beside.workspaceId);
  }

  /** The focused pane goes into a new workspace, and the person with it. */
  async moveToNew(): Promise<void> {
    const { workspaces, report } = this.synk;
    try {
      await this.#moveAlong(await workspaces.create());
    } catch (reason) {
      report(reason);
    }
  }

  /** Says why there is no pane; where the grid is full, a new workspace can have it. */
  reportFull(reason: unknown, again: () => Promise<unknown>): void {
    const { report } = this.synk;
    if (CommandError.from(reason).code !== 'max_sessions') {
      report(reason);
      return;
    }
    const count = this.synk.panes().length;
    report(new Error(`This workspace has ${count} ${count === 1 ? 'pane' : 'panes'}.`), {
      label: 'Open in a new workspace',
      run: () => void this.create().then((made) => made !== null && again()),
    });
  }

  async #moveAlong(workspaceId: number): Promise<void> {
    const { grid, sessions, workspaces, report } = this.synk;
    const { focused } = grid.store.getState();
    const { shown: from } = workspaces.store.getState();
    if (focused === null) return;
    const moving = sessions.move({ sessionId: focused, workspaceId });
    const goTo = (where: number) => {
      workspaces.show(where);
      grid.focusNew(focused);
    };
    goTo(workspaceId);
    try {
      await moving;
    } catch (reason) {
      goTo(from);
      report(reason);
    }
  }

  async #drop(carried: Carried, target: Target): Promise<void> {
    const { grid, sessions, workspaces, report } = this.synk;
    try {
      if (carried.kind === 'tab') {
        if (target.kind === 'place') workspaces.place(carried.workspaceId, target.position);
        return;
      }
      const { sessionId } = carried.session;
      if (target.kind === 'pane') await grid.swapWith(sessionId, target.sessionId);
      if (target.kind === 'workspace') {
        await sessions.move({ sessionId, workspaceId: target.workspaceId });
      }
      if (target.kind === 'new') {
        await sessions.move({ sessionId, workspaceId: await workspaces.create() });
      }
    } catch (reason) {
      report(reason);
    }
  }
}
