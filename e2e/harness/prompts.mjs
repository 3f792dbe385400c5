// The command bar and the prompts that wait, as a person uses them.

import { readCommandBar } from './page.mjs';
import { waitFor } from './waiting.mjs';

/** That part of the window; `window` is the rest of it. */
export function prompts(driver, window, click) {
  return {
    /** The command bar as it is shown; null while it is closed. */
    commandBar: () => driver.executeScript(readCommandBar),

    /** Opens the command bar, by its key, and waits until it takes keys. */
    async openCommandBar() {
      await window.press('Ctrl+Shift+Space');
      return waitFor('the command bar', async () => {
        const bar = await window.commandBar();
        return bar?.focused && bar;
      });
    },

    /** Opens the command bar and chooses exactly these panes, by their keys. */
    async choosePanes(sessionIds) {
      const { targets } = await window.openCommandBar();
      for (const [place, { sessionId, chosen }] of targets.entries()) {
        if (sessionIds.includes(sessionId) !== chosen) await window.press(String(place + 1));
      }
      await waitFor('the panes to be chosen', async () => {
        const bar = await window.commandBar();
        return bar.targets.every((one) => sessionIds.includes(one.sessionId) === one.chosen);
      });
    },

    /** Waits until a prompt that waits is on show, and gives its field the keyboard. */
    async fieldOfQueue(text) {
      const find = (wanted) =>
        [...document.querySelectorAll('[aria-label="Prompt that waits"]')].find(
          (one) => one.value === wanted,
        );
      await click(`a prompt that waits: ${text}`, () => driver.executeScript(find, text));
    },

    /** Writes a prompt of any lines into the field that has the focus. */
    async write(prompt) {
      const [first, ...others] = prompt.split('\n');
      await window.type(first);
      for (const line of others) {
        await window.press('Shift+Enter');
        await window.type(line);
      }
    },

    /** Waits until the command bar shows these receipts, by session. */
    receiptsAre: (expected, wait) =>
      waitFor(
        `receipts ${JSON.stringify(expected)}`,
        async () => {
          const bar = await window.commandBar();
          const shown = bar?.targets.filter(({ receipt }) => receipt !== null) ?? [];
          const receipts = Object.fromEntries(
            shown.map(({ sessionId, receipt }) => [sessionId, receipt]),
          );
          const asExpected = Object.entries(expected).every(([id, one]) => receipts[id] === one);
          if (!asExpected) throw new Error(`they are ${JSON.stringify(receipts)}`);
          return bar;
        },
        wait,
      ),
  };
}
