// What the settings change in the window, at once: its look, its terminals and its keys; and the
// message that their file is wrong, for as long as it is.
import { DEFAULT_SETTINGS } from '@/protocol/generated/protocol';
import { showLasting } from '@/ui';
import type { Synk } from './synk';

/** Follows the settings from now on. The result ends it. */
export function followSettings(synk: Synk): () => void {
  const { settings, look, terminals, keyboard } = synk;
  const follow = () => {
    const now = settings.store.getState().settings;
    // The terminals read their colours from the page, which has them by then.
    if (now !== null) look.follow(now.appearance);
    terminals.style.follow(now ?? DEFAULT_SETTINGS, look.store.getState().still);
    if (now !== null) keyboard.bind(now.keyboard.bindings);
  };
  let shown: string | null = null;
  let endMessage = () => {};
  const complain = () => {
    const { wrong } = settings.store.getState();
    // Their page says it, too.
    const next = synk.chrome.getState().sheet === 'settings' ? null : wrong;
    if (next === shown) return;
    endMessage();
    shown = next;
    const run = () => synk.chrome.setState({ sheet: 'settings' });
    endMessage = next === null ? () => {} : showLasting(next, { label: 'Settings', run });
  };
  const leave = [
    settings.store.subscribe((now, before) => {
      if (now.settings !== before.settings) follow();
      complain();
    }),
    synk.chrome.subscribe(complain),
    // The desktop has turned dark or light, or wants less motion.
    look.store.subscribe(follow),
    look.start(),
  ];
  return () => {
    for (const end of leave) end();
    endMessage();
  };
}
