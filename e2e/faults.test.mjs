// The window dies at any moment of a flood, as often as SYNK_ROUNDS says: no number is missing
// from the log, and the screen ends as it should.

import assert from 'node:assert/strict';
import { logOf, moment, NUMBERS, tally } from './harness/counting.mjs';
import { openDesk } from './harness/desk.mjs';
import { waitFor } from './harness/waiting.mjs';

const ROUNDS = Number(process.env.SYNK_ROUNDS ?? 2);

const { scenario } = openDesk();

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
    const begin = home.logBytes(id);
    await desk.window.runIn(id, `clear; seq 1 ${NUMBERS}; echo all-done-$((${round}+1000))`);
    await moment(home, id, begin, round);
    process.kill(desk.window.process().pid, 'SIGKILL');
    await screenHas(id, new RegExp(`${NUMBERS}\nall-done-${round + 1000}\n`));
    // The log comes after the screen.
    const counted = await waitFor('the end of the log', async () => {
      const lines = await logOf(home, id);
      const begun = lines.indexOf(`all-done-${round + 999}`) + 1;
      return lines.includes(`all-done-${round + 1000}`) && tally(lines.slice(begun));
    });
    assert.deepEqual(counted, { last: NUMBERS, lost: 0, doubled: 0 });
    await desk.reopen();
  });
}
