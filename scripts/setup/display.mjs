// Whether a window can be shown at all. Asked before any long work.

import { Problem } from '../run.mjs';

/** Throws a Problem on Linux without a display. */
export function requireDisplay(environment = process.env, platform = process.platform) {
  if (platform !== 'linux' || environment.DISPLAY || environment.WAYLAND_DISPLAY) return;
  throw new Problem(
    'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open: ' +
      'run this in a desktop session, or over “ssh -X”; the tests (npm test) bring a display of their own.',
  );
}
