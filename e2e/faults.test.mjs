// The window dies at any moment of a flood, as often as SYNK_ROUNDS says: no number is missing
// from the log, and the screen ends as it should.

import assert from 'node:assert/strict';
import { openDesk } from './harness/desk.mjs';
import { waitFor } from './harness/waiting.mjs';

const ROUNDS = Number(process.env.SYNK_ROUNDS ?? 2);
const NUMBERS = 1_000_000;
/** What seq puts out for that, in bytes. */
const FLOOD_BYTES = 6_800_000;

const { scenario } = openDesk();

/** A session's whole log, as lines. */
const logOf = async (home, id) => {
  const log = await home.synk('logs', String(id), '--lines', String(2 * NUMBERS));
  return log.split('\r\n');
};

/** The session of the one pane, once the window shows it. */
const theShell = (window) =>
  waitFor('the pane', async () => (await window.panes())[0]?.sessionId ?? false);

scenario('a shell that counts', async ({ window, screenHas }) => {
  const { sessionId } = await window.firstPane('Shell');
  await screenHas(sessionId, /\$\s*$/);
});

for (let round = 1; round <= ROUNDS; round += 1) {
  scenario(`kill -9 of the window in a flood, ${round}`, async (desk) => {
    const { home, screenHas } = desk;
    const id = await theShell(desk.window);
    const moment = (round * 1_234_567) % FLOOD_BYTES;
    const begin = home.logBytes(id);
    await desk.window.runIn(id, `clear; seq 1 ${NUMBERS}; echo all-done-$((${round}+1000))`);
    await waitFor('output', () => home.logBytes(id) >= begin + moment);
    process.kill(desk.window.process().pid, 'SIGKILL');
    await screenHas(id, new RegExp(`${NUMBERS}\nall-done-${round + 1000}\n`));
    const lines = await logOf(home, id);
    // The line of the first number begins with what the shell put out before it.
    const second = lines.lastIndexOf('2');
    const expected = Array.from({ length: NUMBERS - 1 }, (_, index) => String(index + 2));
    assert.deepEqual(lines.slice(second, second + NUMBERS - 1), expected);
    await desk.reopen();
  });
}
