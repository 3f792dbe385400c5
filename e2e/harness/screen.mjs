// A screen and a session bus that belong to one test file alone, so that no test sees another
// one's windows, clipboard or services.

import { background } from './background.mjs';

/** Starts both. Answers the environment in which a window opens there, and `close()`. */
export async function openScreen({ width = 1280, height = 800 } = {}) {
  // The server chooses a free number itself and says which.
  const args = ['-displayfd', '1', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'];
  const server = background('Xvfb', [...args, '-noreset']);
  const bus = background('dbus-daemon', [
    '--session',
    '--nofork',
    '--nopidfile',
    '--print-address=1',
  ]);
  const close = async () => {
    await bus.stop();
    await server.stop();
  };
  try {
    const [display, address] = await Promise.all([server.firstLine(), bus.firstLine()]);
    const environment = {
      DISPLAY: `:${display}`,
      DBUS_SESSION_BUS_ADDRESS: address,
      GDK_BACKEND: 'x11',
      // No screen reader listens here; its services would only be more processes to end.
      NO_AT_BRIDGE: '1',
    };
    return { environment, close };
  } catch (error) {
    await close();
    throw error;
  }
}
