// What the settings change in the window, at once: its look, its terminals and its keys; and the
// message that their file is wrong, for as long as it is.
import { showLasting } from '@/ui';
import type { Synk } from './synk';

/** Follows the settings from now on. The result ends it. */
export function followSettings(synk: Synk): () => void {
  const { settings, look, terminals, keyboard } = synk;
  const follow = () => {
    const now = settings.store.getState().settings;
    if (now === null) return;
    // The terminals read their colours from the page, which has them by then.
    look.follow(now.appearance);
    terminals.style.follow(now, look.store.getState().still);
    keyboard.bind(now.keyboard.bindings);
  };
  let endMessage: (() => void) | null = null;
  const complain = (wrong: string | null) => {
    endMessage?.();
    const open = () => synk.chrome.setState({ sheet: 'settings' });
    endMessage = wrong === null ? null : showLasting(wrong, { label: 'Settings', run: open });
  };
  const leave = [
    settings.store.subscribe((now, before) => {
      if (now.settings !== before.settings) follow();
      if (now.wrong !== before.wrong) complain(now.wrong);
    }),
    // The desktop has turned dark or light, or wants less motion.
    look.store.subscribe(follow),
    look.start(),
  ];
  return () => {
    for (const end of leave) end();
    endMessage?.();
  };
}
