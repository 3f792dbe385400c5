// What a person does with the window and sees in it: presses, types, clicks, looks. It knows
// the front end's marks (data-testid and the like) so that the tests need not.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { By, Key } from 'selenium-webdriver';
import { root } from '../../scripts/paths.mjs';
import { openDriver } from './driver.mjs';
import { mouse } from './mouse.mjs';
import { paneSelector, readPanes, standsStill } from './page.mjs';
import { prompts } from './prompts.mjs';
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
  PageUp: Key.PAGE_UP,
  PageDown: Key.PAGE_DOWN,
};
const keyOf = (name) => keyNames[name] ?? name;

/**
 * Opens the window in `home` on `screen` and waits until the front end is there. `more` is added
 * to its environment.
 */
export async function openWindow({ home, screen }, more = {}) {
  const environment = { ...home.environment, ...screen.environment, ...more };
  const { driver, close } = await openDriver({ environment, cwd: home.project });

  /**
   * Waits for what `find` finds, until it stands still, and has `act` use it: a message slides in,
   * and a click on where it was would hit something else. What the page replaced is found again.
   */
  const withElement = (what, find, act) =>
    waitFor(what, async () => {
      const element = await find();
      if (!element || !(await driver.executeAsyncScript(standsStill, element))) return false;
      await act(element);
      return true;
    });
  const click = (what, find) => withElement(what, find, (element) => element.click());

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

    /** What draws each pane's terminal. */
    renderers: () =>
      driver.executeScript(() =>
        [...document.querySelectorAll('[data-renderer]')].map((one) => one.dataset.renderer),
      ),

    /** Waits until so many panes are on show. */
    hasPanes: (count) =>
      waitFor(`${count} panes`, async () => (await window.panes()).length === count),

    sheetIsGone: () =>
      waitFor('the sheet to go', async () => (await window.textOf('[role="dialog"]')) === null),

    /** Waits until what the selector finds first says what matches, and answers what it says. */
    says: (selector, expected) =>
      waitFor(`${expected} in ${selector}`, async () => {
        const text = await window.textOf(selector);
        if (!expected.test(text ?? '')) throw new Error(`it says ${JSON.stringify(text)}`);
        return text;
      }),

    /** All text that can be seen. */
    text: () => driver.executeScript(() => document.getElementById('root').textContent),

    /** Presses chords, one right after the other: "Ctrl+Shift+N", "Enter", "/". */
    async press(...chords) {
      const actions = driver.actions();
      for (const chord of chords) {
        const parts = chord === '+' ? ['+'] : chord.split('+');
        const key = keyOf(parts.pop());
        const held = parts.map(keyOf);
        for (const modifier of held) actions.keyDown(modifier);
        actions.sendKeys(key);
        for (const modifier of held.reverse()) actions.keyUp(modifier);
      }
      await actions.perform();
    },

    /** Presses what closes the window, which then says no more. */
    lastPress: (...chords) => window.press(...chords).catch(() => {}),

    /** Types text into whatever has the focus. */
    type: (text) => driver.actions().sendKeys(text).perform(),

    /** Clicks the button whose name (label or text) matches; of several the one at `place`. */
    async click(name, place = 0) {
      const find = (source, flags, at) => {
        const wanted = new RegExp(source, flags);
        const nameOf = (one) => (one.getAttribute('aria-label') ?? one.textContent).trim();
        return [...document.querySelectorAll('button, [role="menuitem"], [role="option"]')]
          .filter((one) => one.checkVisibility() && !one.disabled && wanted.test(nameOf(one)))
          .at(at);
      };
      await click(`a button ${name}`, () =>
        driver.executeScript(find, name.source, name.flags, place),
      );
    },

    /** Clicks what a selector finds first. */
    clickOn: (selector) => click(selector, () => driver.findElement(By.css(selector))),

    /** Clicks into a pane's terminal and waits until that has the keyboard. */
    async focusPane(id) {
      // Before it has a field for the keyboard, it takes none.
      const terminal = `${paneSelector(id)} .terminal-host[data-terminal]`;
      await window.clickOn(terminal);
      await waitFor(
        `the keyboard in session ${id}`,
        async () => (await window.keyboard()) === id && (await window.pane(id)).focused,
      );
    },

    async typeInto(id, text) {
      await window.focusPane(id);
      await window.type(text);
    },

    /** Types a line into a pane's terminal, with Enter. */
    runIn: (id, line) => window.typeInto(id, `${line}${Key.ENTER}`),

    /** Does what opens a pane, waits until that is there and has the keyboard, and answers it. */
    async opens(act) {
      const before = (await window.panes()).map(({ sessionId }) => sessionId);
      await act();
      return waitFor('a new pane with the keyboard', async () => {
        const id = await window.keyboard();
        const pane = (await window.panes()).find(({ sessionId }) => sessionId === id);
        return !before.includes(id) && pane?.focused && pane;
      });
    },

    /** Opens the first pane, from the home screen. */
    firstPane: (name) => window.opens(() => window.click(new RegExp(`^New ${name} pane$`))),

    /** Opens another shell pane, by its key. */
    newShell: () => window.opens(() => window.press('Ctrl+Shift+N')),

    /** Opens a pane of an agent, from the palette. */
    newAgent: (name) => window.opens(() => window.run(`New ${name} pane`)),

    /** Waits until a pane's terminal shows a text: searches for it as a person does. */
    async shows(id, text) {
      await window.focusPane(id);
      await waitFor(`${text} in the terminal of session ${id}`, async () => {
        await window.press('Ctrl+Shift+F', 'Ctrl+a');
        await window.type(text);
        return (await window.text()).includes('1 of 1');
      });
      await window.press('Esc');
    },

    /** Runs an action from the palette, by its name. */
    async run(name) {
      await window.press('Ctrl+Shift+P');
      await waitFor('the palette', () =>
        driver.executeScript(() => document.activeElement?.matches('[role="combobox"]')),
      );
      await window.type(name);
      await window.press('Enter');
    },

    /** Makes a folder the project that new panes start in, as one that was chosen before. */
    async inProject(path) {
      await driver.executeScript((folder) => {
        const chosen = { current: folder, recent: [folder] };
        localStorage.setItem('synk.projects', JSON.stringify(chosen));
        location.reload();
      }, path);
      await waitFor(`the project ${path}`, () =>
        driver.executeScript((name) => {
          const menu = document.querySelector('[aria-label^="Project: "]');
          return menu?.textContent.includes(name);
        }, path.split('/').at(-1)),
      );
    },

    /** The workspaces' tabs, in their order; none while there is only one. */
    tabs: () =>
      driver.executeScript(() =>
        [...document.querySelectorAll('[role="tab"][data-workspace-id]')].map((tab) => ({
          workspaceId: Number(tab.dataset.workspaceId),
          name: tab.querySelector('span')?.textContent,
          selected: tab.getAttribute('aria-selected') === 'true',
          waiting: Number(tab.dataset.waiting),
        })),
      ),

    /** Closes a pane, by its key. */
    async closePane(id) {
      await window.focusPane(id);
      await window.press('Ctrl+Shift+W');
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
        const { shadowRoot } = view.querySelector('.past-host');
        const highlighted = Boolean(shadowRoot?.querySelector('.xterm-decoration'));
        return { title: view.getAttribute('aria-label'), highlighted };
      }),

    /** Waits until a pane's program is shown as that: "working", "waiting" … */
    statusIs: (id, status, wait) =>
      waitFor(
        `session ${id} to be shown as ${status}`,
        async () => {
          const pane = await window.pane(id);
          if (pane.status !== status) throw new Error(`it is shown as ${pane.status}`);
          return pane;
        },
        wait,
      ),

    /** The session whose terminal the keyboard is in; null when it is elsewhere. */
    keyboard: () =>
      driver.executeScript(() => {
        const host = document.activeElement?.closest('.terminal-host');
        return host ? Number(host.closest('[data-testid="pane"]').dataset.sessionId) : null;
      }),

    /** The text of what a selector finds first; null without. */
    textOf: (selector) =>
      driver.executeScript(
        (wanted) => document.querySelector(wanted)?.textContent ?? null,
        selector,
      ),

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

    /** Counts frames for so many milliseconds; `longest` is the longest time between two. */
    frames: (milliseconds) =>
      driver.executeAsyncScript((time, done) => {
        const began = performance.now();
        let [count, longest, last] = [0, 0, began];
        const next = (now) => {
          count += 1;
          longest = Math.max(longest, now - last);
          last = now;
          if (now - began < time) requestAnimationFrame(next);
          else done({ count, longest });
        };
        requestAnimationFrame(next);
      }, milliseconds),

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
      const file = join(output, `${name}.png`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, picture, 'base64');
    },

    /** The window's process. */
    process: () => home.processes().find((one) => /^\S*synk-desktop( |$)/.test(one.command)),
  };
  Object.assign(window, mouse(driver, window, withElement), prompts(driver, window, click));
  try {
    await waitFor('the front end', async () => (await window.text()).trim().length > 0);
    return window;
  } catch (error) {
    await close();
    throw error;
  }
}
