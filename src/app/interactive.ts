// The moment from which the window can be used: its page is painted and every terminal on show
// has its screen. The shell writes it down, and the benchmark of the start reads it there.
import type { Synk } from './synk';

/** The next frame but one is painted: what was there before this is on the screen then. */
const painted = () =>
  new Promise<void>((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });

const loaded = ({ sessions: { store } }: Synk) =>
  new Promise<void>((resolve) => {
    if (store.getState().loaded) return resolve();
    const leave = store.subscribe((state) => {
      if (!state.loaded) return;
      leave();
      resolve();
    });
  });

export async function tellInteractive(synk: Synk): Promise<void> {
  await loaded(synk);
  await painted();
  await synk.terminals.allShown();
  await painted();
  await synk.transport.native.interactive();
}
