// What is measured inside of the window's page: when a key was pressed there, and when what came
// of it was drawn. xterm moves its field for the keyboard along with the cursor once it has parsed
// output, and draws in the frame after that; so this sees the same with every renderer.

import { waitFor } from '../e2e/harness/waiting.mjs';

/** Where `cat` leaves the cursor after a file that ends with {@link LAST}: row 1, this column. */
const COLUMN = 37;
/** How long an echo may take: under many floods the window gets little of the processor. */
const ECHO_MS = 120_000;
/** The last bytes of a file whose end is to be seen. */
export const LAST = `\x1b[1;${COLUMN}H`;

/**
 * Runs in the page: measures from a key to the end of the frame that draws what it did. With a
 * column, that is when the cursor is there in the first row.
 */
const watch = (id, key, column) => {
  const pane = document.querySelector(`[data-testid="pane"][data-session-id="${id}"]`);
  const field = pane.querySelector('[data-terminal]').shadowRoot.querySelector('textarea');
  const seen = { pressed: null, drawn: null };
  window.synkBench?.stop();
  const onKey = (event) => {
    if (event.key === key) seen.pressed ??= performance.now();
  };
  const moved = new MutationObserver(() => {
    if (seen.pressed === null) return;
    const { left, top, width } = field.style;
    const at = Math.round(Number.parseFloat(left) / Number.parseFloat(width)) + 1;
    if (column !== null && (Number.parseFloat(top) !== 0 || at !== column)) return;
    moved.disconnect();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      seen.drawn = performance.now();
    };
    // A frame's callbacks come before it is drawn, and a message after that.
    requestAnimationFrame(() => port2.postMessage(null));
  });
  field.addEventListener('keydown', onKey, { capture: true });
  moved.observe(field, { attributes: true, attributeFilter: ['style'] });
  window.synkBench = {
    seen,
    stop: () => {
      moved.disconnect();
      field.removeEventListener('keydown', onKey, { capture: true });
    },
  };
};

/** Presses a key in the pane that has the keyboard; answers the milliseconds until it is drawn. */
async function press(window, id, [name, key], column, limit) {
  await window.driver.executeScript(watch, id, key, column);
  await window.press(name);
  const { pressed, drawn } = await waitFor(
    'what the key does',
    async () => {
      const seen = await window.driver.executeScript(() => window.synkBench.seen);
      if (seen.drawn !== null) return seen;
      // Said should it never be: whether the key got there, or what it does did not come back.
      throw new Error(`${name} was ${seen.pressed === null ? 'not heard' : 'heard'} in ${id}`);
    },
    limit,
  );
  return drawn - pressed;
}

/**
 * Types so many keys, one after the other; answers the milliseconds of each echo. Every other one
 * takes the letter before it back, so that none is written into the last column, where the cursor
 * stays.
 */
export async function echoes(window, id, count) {
  await window.focusPane(id);
  const times = [];
  for (let typed = 0; typed < count; typed += 1) {
    const key = typed % 2 === 0 ? 'x' : 'Backspace';
    times.push(await press(window, id, [key, key], null, ECHO_MS));
  }
  // The line is of no use to the program.
  await window.press('Ctrl+u');
  return times;
}

/** Has a line run that prints a file; answers the seconds from Enter until its end is drawn. */
export async function printed(window, id, line) {
  await window.focusPane(id);
  await window.type(line);
  return (await press(window, id, ['Enter', 'Enter'], COLUMN, 300_000)) / 1000;
}
