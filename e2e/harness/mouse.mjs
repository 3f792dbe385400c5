// What a person does in the window with the mouse and its button held.

import { By } from 'selenium-webdriver';
import { paneSelector } from './page.mjs';
import { waitFor } from './waiting.mjs';

/** That part of the window; `window` is the rest of it. */
export function mouse(driver, window, withElement) {
  return {
    /** Takes a pane by its header to the middle of another one, with a picture on the way. */
    async drag(id, to, picture) {
      const target = await window.pane(to);
      const header = driver.findElement(By.css(`${paneSelector(id)} header`));
      const { x, y, height } = await header.getRect();
      const from = { x: Math.round(x + 60), y: Math.round(y + height / 2), duration: 0 };
      const middle = {
        x: Math.round(target.x + target.width / 2),
        y: Math.round(target.y + target.height / 2),
      };
      await driver.actions().move(from).press().perform();
      await driver
        .actions()
        .move({ x: from.x + 20, y: from.y + 20, duration: 50 })
        .perform();
      await driver
        .actions()
        .move({ ...middle, duration: 100 })
        .perform();
      await waitFor('what is carried', () => window.textOf('[data-testid="carried"]'));
      await window.screenshot(picture);
      await driver.actions().release().perform();
    },

    /** Moves the line between two columns or rows, so many pixels to the right or down. */
    async divide(index, by) {
      const line = (await driver.findElements(By.css('[data-testid="divider"]')))[index];
      const { x, y, width, height } = await line.getRect();
      // In its middle another one may cross it.
      const at =
        height > width
          ? { x: Math.round(x + width / 2), y: Math.round(y + height / 4), duration: 0 }
          : { x: Math.round(x + width / 4), y: Math.round(y + height / 2), duration: 0 };
      const along = height > width ? { x: at.x + by, y: at.y } : { x: at.x, y: at.y + by };
      await driver
        .actions()
        .move(at)
        .press()
        .move({ ...along, duration: 100 })
        .release()
        .perform();
    },

    /** Selects the first line of a terminal: draws the mouse over it, in whatever time. */
    async selectFirstLine(id) {
      const { left, right, y } = await driver.executeScript(
        (selector) => {
          const { shadowRoot } = document.querySelector(selector);
          const screen = shadowRoot.querySelector('.xterm-screen').getBoundingClientRect();
          const [left, right] = [screen.left + 1, screen.right - 1].map(Math.round);
          return { left, right, y: Math.round(screen.top) + 8 };
        },
        `${paneSelector(id)} .terminal-host`,
      );
      const actions = driver.actions().move({ x: left, y, duration: 0 }).press();
      await actions.move({ x: right, y, duration: 0 }).release().perform();
    },

    /**
     * Waits for a message that matches and keeps the mouse on it, as whoever reads it does: until
     * that moves, it stays.
     */
    async readToast(expected) {
      const find = (source, flags) =>
        [...document.querySelectorAll('[data-testid="toast"]')].find((toast) =>
          new RegExp(source, flags).test(toast.textContent),
        );
      await withElement(
        `a message ${expected}`,
        () => driver.executeScript(find, expected.source, expected.flags),
        (toast) => driver.actions().move({ origin: toast, duration: 0 }).perform(),
      );
    },
  };
}
