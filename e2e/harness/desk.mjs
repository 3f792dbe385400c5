// What one test file works at: a screen, a home and a window, opened before its tests and
// closed after them, whatever happened in between.

import { after, before, test } from 'node:test';
import { installAgents } from './agents.mjs';
import { createHome } from './home.mjs';
import { openScreen } from './screen.mjs';
import { waitFor } from './waiting.mjs';
import { openWindow } from './window.mjs';

/** A test may take this long; the slowest watches memory for a minute, on an idle machine. */
const limit = 300_000;

const fileName = (name) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/**
 * Registers the opening and closing for this file and answers the desk: `home`, `window`,
 * `reopen()` for a new window, `screenHas()` to await text in a terminal, and
 * `scenario(name, body)`, a test that keeps a picture of the window when it fails. The
 * scenarios of a file build on one another. With options for scripted agents, `agents` says what
 * reached those; without, there are none.
 */
export function openDesk({ agents } = {}) {
  const desk = {
    /** `light`: on a desktop whose theme is light. */
    async reopen({ light = false } = {}) {
      await desk.window?.close();
      desk.window = await openWindow(desk, light ? { XDG_CURRENT_DESKTOP: 'test' } : {});
      return desk.window;
    },
    /** Waits until a session's screen shows what matches, and answers the match. */
    screenHas: (id, pattern, wait) =>
      waitFor(
        `${pattern} on the screen of session ${id}`,
        async () => {
          const screen = await desk.home.screen(id);
          const match = screen.match(pattern);
          if (!match) throw new Error(`the screen shows:\n${screen}`);
          return match;
        },
        wait,
      ),
    scenario(name, body) {
      test(name, { timeout: limit }, async (context) => {
        try {
          await body(desk, context);
        } catch (error) {
          await desk.window?.screenshot(`failed-${fileName(name)}`).catch(() => {});
          throw error;
        }
      });
    },
  };
  before(
    async () => {
      desk.screen = await openScreen();
      desk.home = createHome(desk.screen.environment);
      if (agents !== undefined) desk.agents = installAgents(desk.home, agents);
      desk.window = await openWindow(desk);
    },
    { timeout: limit },
  );
  after(
    async () => {
      // Each must be closed even when closing another fails; the first failure is the report.
      const failures = [];
      for (const one of [desk.window, desk.home, desk.desktop, desk.screen]) {
        await one?.close().catch((error) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
    { timeout: limit },
  );
  return desk;
}
