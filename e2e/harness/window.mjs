// What a person does with the window and sees in it: presses, types, clicks, looks. It knows
// the front end's marks (data-testid and the like) so that the tests need not.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { By, Key } from 'selenium-webdriver';
import { root } from '../../scripts/paths.mjs';
import { openDriver } from './driver.mjs';
import { waitFor } from './waiting.mjs';

const output = join(root, 'e2e', 'output');

const keyNames = {
  Ctrl: Key.CONTROL,
  Shift: Key.SHIFT,
  Alt: Key.ALT,
  Enter: Key.ENTER,
  Esc: Key.ESCAPE,
  Tab: Key.TAB,
  Space: Key.SPACE,
  Backspace: Key.BACK_SPACE,
  Left: Key.ARROW_LEFT,
  Right: Key.ARROW_RIGHT,
  Up: Key.ARROW_UP,
  Down: Key.ARROW_DOWN,
  PageDown: Key.PAGE_DOWN,
};
const keyOf = (name) => keyNames[name] ?? name;

/** Runs in the page: every pane as the page shows it. */
const readPanes = () =>
  [...document.querySelectorAll('[data-testid="pane"]')].map((pane) => {
    const { x, y, width, height } = pane.getBoundingClientRect();
    return {
      sessionId: Number(pane.dataset.sessionId),
      paneIndex: Number(pane.dataset.paneIndex),
      focused: pane.dataset.focused === 'true',
      zoomed: pane.dataset.zoomed === 'true',
      state: pane.dataset.state,
      dimmed: pane.querySelector('.terminal-host')?.dataset.dimmed === 'true',
      /** Whether a line in it was looked for and is highlighted. */
      highlighted: pane.querySelector('.xterm-decoration') !== null,
      // biome-ignore lint/performance/useDomNodeTextContent: xterm keeps style sheets in its element.
      text: pane.innerText,
      x,
      y,
      width,
      height,
    };
  });

const paneSelector = (id) => `[data-testid="pane"][data-session-id="${id}"]`;

/** Opens the window in `home` on `screen` and waits until the front end is there. */
export async function openWindow({ home, screen }) {
  const environment = { ...home.environment, ...screen.environment };
  const { driver, close } = await openDriver({ environment, cwd: home.project });
  const window = {
    driver,
    close,

    /** The panes in the order of the grid. */
    async panes() {
      const panes = await driver.executeScript(readPanes);
      return panes.sort((a, b) => a.paneIndex - b.paneIndex);
    },

    async pane(id) {
      const found = (await window.panes()).find((pane) => pane.sessionId === id);
      if (!found) throw new Error(`no pane shows session ${id}`);
      return found;
    },

    /** All text that can be seen. */
    text: () => driver.executeScript(() => document.getElementById('root').textContent),

    /** Presses one chord: "Ctrl+Shift+N", "Enter", "/". */
    async press(chord) {
      const parts = chord === '+' ? ['+'] : chord.split('+');
      const key = keyOf(parts.pop());
      const held = parts.map(keyOf);
      const actions = driver.actions();
      for (const modifier of held) actions.keyDown(modifier);
      actions.sendKeys(key);
      for (const modifier of held.reverse()) actions.keyUp(modifier);
      await actions.perform();
    },

    /** Types text into whatever has the focus. */
    type: (text) => driver.actions().sendKeys(text).perform(),

    /** Clicks the button whose name (label or text) matches. */
    async click(name) {
      const find = (source, flags) => {
        const wanted = new RegExp(source, flags);
        const nameOf = (one) => (one.getAttribute('aria-label') ?? one.textContent).trim();
        return [...document.querySelectorAll('button, [role="menuitem"], [role="option"]')].find(
          (one) => one.checkVisibility() && !one.disabled && wanted.test(nameOf(one)),
        );
      };
      const button = await waitFor(`a button ${name}`, () =>
        driver.executeScript(find, name.source, name.flags),
      );
      await button.click();
    },

    /** Clicks into a pane's terminal and waits until the pane has the focus. */
    async focusPane(id) {
      await driver.findElement(By.css(`${paneSelector(id)} .terminal-host`)).click();
      await waitFor(
        `focus in the pane of session ${id}`,
        async () => (await window.pane(id)).focused,
      );
    },

    async typeInto(id, text) {
      await window.focusPane(id);
      await window.type(text);
    },

    /** Types a line into a pane's terminal, with Enter. */
    runIn: (id, line) => window.typeInto(id, `${line}${Key.ENTER}`),

    /** Opens another shell pane, by its key. */
    newShell: () => window.press('Ctrl+Shift+N'),

    /** Closes a pane, by its key. */
    async closePane(id) {
      await window.focusPane(id);
      await window.press('Ctrl+Shift+W');
    },

    /** Selects the first line of a terminal with a triple click on its beginning. */
    async selectFirstLine(id) {
      const place = await driver.executeScript(
        (selector) => {
          const { x, y } = document.querySelector(selector).getBoundingClientRect();
          return { x: Math.round(x) + 20, y: Math.round(y) + 8 };
        },
        `${paneSelector(id)} .xterm-screen`,
      );
      const actions = driver.actions().move({ ...place, duration: 0 });
      await actions.press().release().press().release().press().release().perform();
    },

    /** Searches all sessions and answers the lines that were found, as the list shows them. */
    async search(text) {
      await window.press('Ctrl+Shift+H');
      const read = () =>
        driver.executeScript(() =>
          [...document.querySelectorAll('[role="option"] code')].map((line) => line.textContent),
        );
      await waitFor('the field of the search', () =>
        driver.executeScript(() => document.activeElement?.matches('[role="combobox"]')),
      );
      await window.press('Ctrl+a');
      await window.type(text);
      return waitFor(`lines with ${text}`, async () => {
        const lines = await read();
        return lines.length > 0 && lines.every((line) => line.includes(text)) && lines;
      });
    },

    /** The view of the past: its title and whether what was found is highlighted; null without. */
    past: () =>
      driver.executeScript(() => {
        const view = document.querySelector('[data-testid="past"]');
        if (!view) return null;
        const highlighted = view.querySelector('.xterm-decoration') !== null;
        return { title: view.getAttribute('aria-label'), highlighted };
      }),

    /** Where the grid is and how many columns and rows it says it has. */
    grid: () =>
      driver.executeScript(() => {
        const grid = document.querySelector('[data-testid="grid"]');
        const { x, y, width, height } = grid.getBoundingClientRect();
        const { columns, rows } = grid.dataset;
        return { x, y, width, height, columns: Number(columns), rows: Number(rows) };
      }),

    /** The text of the messages at the window's edge. */
    toasts: () =>
      driver.executeScript(() =>
        [...document.querySelectorAll('[data-testid="toast"]')].map((toast) => toast.textContent),
      ),

    /** Changes the window's size, in pixels. */
    resize: (width, height) => driver.manage().window().setRect({ width, height }),

    /**
     * Keeps a picture as e2e/output/<name>.png, once the window has come to rest: two pictures
     * in a row are equal, or a few have been taken of something that never rests.
     */
    async screenshot(name) {
      let picture = await driver.takeScreenshot();
      for (let attempt = 0; attempt < 8; attempt += 1) {
        const next = await driver.takeScreenshot();
        const resting = next === picture;
        picture = next;
        if (resting) break;
      }
      mkdirSync(output, { recursive: true });
      writeFileSync(join(output, `${name}.png`), picture, 'base64');
    },

    /** The window's process. */
    process: () => home.processes().find((one) => /^\S*synk-desktop( |$)/.test(one.command)),
  };
  try {
    await waitFor('the front end', async () => (await window.text()).trim().length > 0, 20_000);
    return window;
  } catch (error) {
    await close();
    throw error;
  }
}
