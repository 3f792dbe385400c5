// The moment from which the window can be used: its page is painted and every terminal on show
// has its screen. The shell writes it down, and the benchmark of the start reads it there.
import type { Synk } from './synk';

/** The next frame but one is painted: what was there before this is on the screen then. */
const painted = () =>
  new Promise<void>((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });

const loaded = ({ sessions, workspaces }: Synk) =>
  new Promise<void>((resolve) => {
    const leave: (() => void)[] = [];
    const look = () => {
      const { loaded } = sessions.store.getState();
      if (!loaded || workspaces.store.getState().workspaces.length === 0) return;
      for (const end of leave) end();
      resolve();
    };
    leave.push(sessions.store.subscribe(look), workspaces.store.subscribe(look));
    look();
  });

/** The sessions whose terminals are on show. */
function onShow(synk: Synk): number[] {
  const { focused, zoomed } = synk.grid.store.getState();
  return synk
    .panes()
    .filter(
      ({ sessionId, incompatible }) => incompatible === null && (!zoomed || sessionId === focused),
    )
    .map(({ sessionId }) => sessionId);
}

export async function tellInteractive(synk: Synk): Promise<void> {
  await loaded(synk);
  await painted();
  await synk.terminals.shown(onShow(synk));
  await painted();
  await synk.transport.native.interactive();
}
