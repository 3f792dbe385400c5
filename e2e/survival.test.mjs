// What dies and what must not: the window and the daemon are killed, and the shells work on.

import assert from 'node:assert/strict';
import { openDesk } from './harness/desk.mjs';
import { waitFor } from './harness/waiting.mjs';

const { scenario } = openDesk();

/** The shells' processes: as long as these live, nothing was lost. */
const shells = (home) =>
  home
    .processes()
    .filter((one) => one.name === 'bash')
    .map((one) => one.pid)
    .sort();

const daemon = (home) =>
  home.processes().find((one) => one.name === 'synk' && / daemon( |$)/.test(one.command));

scenario('three shells, each with a mark of its own', async ({ window, home, screenHas }) => {
  await window.click(/^New shell pane$/i);
  for (let count = 2; count <= 3; count += 1) {
    await waitFor(`${count - 1} panes`, async () => (await window.panes()).length === count - 1);
    await window.newShell();
  }
  await waitFor('three panes', async () => (await window.panes()).length === 3);
  for (const { sessionId } of await window.panes()) {
    await screenHas(sessionId, /\$\s*$/);
    await window.runIn(sessionId, `mark=kept-${sessionId}; echo set-$mark`);
    await screenHas(sessionId, new RegExp(`^set-kept-${sessionId}$`, 'm'));
  }
  assert.equal(shells(home).length, 3);
});

scenario('kill -9 of the window loses nothing, and a new one shows it', async (desk) => {
  const { home, screenHas } = desk;
  const before = { shells: shells(home), panes: await desk.window.panes() };
  const { pid } = desk.window.process();
  process.kill(pid, 'SIGKILL');
  await waitFor('the end of the window', () => !desk.window.process());
  assert.deepEqual(shells(home), before.shells);

  const window = await desk.reopen();
  const panes = await waitFor('three panes', async () => {
    const found = await window.panes();
    return found.length === 3 && found;
  });
  const place = ({ sessionId, paneIndex }) => ({ sessionId, paneIndex });
  assert.deepEqual(panes.map(place), before.panes.map(place));
  for (const { sessionId } of panes) {
    await window.runIn(sessionId, 'clear; echo still-$mark');
    await screenHas(sessionId, new RegExp(`^still-kept-${sessionId}$`, 'm'));
  }
  assert.deepEqual(shells(home), before.shells);
  await window.screenshot('reopened');
});

scenario('kill -9 of the daemon loses nothing, and the next verb adopts it', async (desk) => {
  const { window, home, screenHas } = desk;
  const before = { shells: shells(home), daemon: daemon(home).pid };
  process.kill(before.daemon, 'SIGKILL');
  const sessions = await home.sessions();
  assert.equal(sessions.length, 3);
  assert.ok(sessions.every((one) => one.state === 'running'));
  assert.deepEqual(shells(home), before.shells);
  assert.notEqual(daemon(home).pid, before.daemon);

  // The window finds its way back by itself: bytes never stopped, and commands work again.
  const [{ sessionId }] = await window.panes();
  await window.runIn(sessionId, 'clear; echo after-$mark');
  await screenHas(sessionId, new RegExp(`^after-kept-${sessionId}$`, 'm'));
  await window.newShell();
  await waitFor('a fourth pane', async () => (await window.panes()).length === 4);
});

scenario('a session from the command line shows up in the window', async (desk) => {
  const { window, home } = desk;
  const { sessionId } = JSON.parse(await home.synk('new', '--name', 'from-outside', '--json'));
  await window.screenshot('from-outside');
  await waitFor('its name in the window', async () =>
    (await window.text()).includes('from-outside'),
  );
  await home.synk('kill', sessionId);
  await waitFor('its end', async () => !(await window.text()).includes('from-outside'));
});
