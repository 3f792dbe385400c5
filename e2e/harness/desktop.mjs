// A desktop that takes notifications, on the session bus of one screen.

import { fakeDesktopBinary } from '../../scripts/paths.mjs';
import { background } from './background.mjs';

/**
 * Starts it. Answers `{ notifications, click(id), close() }`; a notification is
 * `{ id, title, body, actions }`, the last one last.
 */
export async function openDesktop({ environment }) {
  const notifications = [];
  const service = background(fakeDesktopBinary, [], {
    env: { PATH: process.env.PATH, ...environment },
    onLine: (line) => {
      const said = JSON.parse(line);
      if (typeof said === 'object') notifications.push(said);
    },
  });
  try {
    await service.firstLine();
  } catch (error) {
    await service.stop();
    throw error;
  }
  return { notifications, click: (id) => service.write(id), close: () => service.stop() };
}
