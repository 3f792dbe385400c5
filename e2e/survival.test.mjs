// What dies and what must not: the window and the daemon are killed, and the shells work on; a
// shim is killed, and its session comes back. What was printed is found again.

import assert from 'node:assert/strict';
import { openDesk } from './harness/desk.mjs';
import { waitFor } from './harness/waiting.mjs';

const { scenario } = openDesk();

/** The shells' processes: as long as these live, nothing was lost. */
const shells = (home) => home.programs();

const daemon = (home) =>
  home.processes().find((one) => one.name === 'synk' && / daemon( |$)/.test(one.command));

scenario('three shells, each with a mark of its own', async ({ window, home, screenHas }) => {
  await window.firstPane('Shell');
  for (let count = 2; count <= 3; count += 1) await window.newShell();
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
  assert.equal((await window.panes()).length, 4);
});

const sessionOf = async (home, id) => (await home.sessions()).find((one) => one.sessionId === id);

scenario('kill -9 of one shim loses one session, and its last screen stays', async (desk) => {
  const { window, home, screenHas } = desk;
  const [{ sessionId: lost }, ...others] = await window.panes();
  await window.runIn(lost, 'mkdir -p deep && cd deep && clear && echo last-words-$((6*7))');
  await screenHas(lost, /^last-words-42$/m);
  // The shim looks where its program is once that has been quiet for a moment.
  const { shimPid } = await waitFor('the shell in its new folder', async () => {
    const session = await sessionOf(home, lost);
    return session.currentDir.endsWith('/deep') && session;
  });
  // What a killed shim has shown and not yet written is lost with it.
  await waitFor('its last words in the log', async () =>
    (await home.synk('logs', lost)).includes('last-words-42'),
  );
  process.kill(shimPid, 'SIGKILL');

  const pane = await waitFor('the pane of a lost session', async () => {
    const now = await window.pane(lost);
    return now.state === 'lost' && now.dimmed && now;
  });
  assert.match(pane.text, /This session was lost just now/);
  await waitFor('its new shim', async () => {
    const session = await sessionOf(home, lost);
    return session.state === 'lost' && session.shimPid !== shimPid;
  });
  await screenHas(lost, /^last-words-42$/m);
  await window.screenshot('lost');
  // Its shell hears from the system that its terminal is gone.
  await waitFor('the end of its shell', () => shells(home).length === others.length);
  for (const { sessionId } of others) {
    assert.equal((await window.pane(sessionId)).state, 'running');
    await window.runIn(sessionId, `clear; echo works-on-${sessionId}`);
    await screenHas(sessionId, new RegExp(`^works-on-${sessionId}$`, 'm'));
  }
});

scenario('Enter runs a lost session again, where it was', async (desk) => {
  const { window, home, screenHas } = desk;
  const [{ sessionId }] = await window.panes();
  await window.focusPane(sessionId);
  await window.press('Enter');
  await waitFor('it runs, and is dimmed no more', async () => {
    const pane = await window.pane(sessionId);
    return pane.state === 'running' && !pane.dimmed;
  });
  await window.runIn(sessionId, 'clear; echo again in $(basename $PWD)');
  await screenHas(sessionId, /^again in deep$/m);
  assert.equal((await sessionOf(home, sessionId)).state, 'running');
  await window.screenshot('run-again');
});

scenario('a word is found in all sessions, and Enter goes to it', async (desk) => {
  const { window, home, screenHas } = desk;
  const panes = await window.panes();
  const [first, second] = panes;
  await window.runIn(second.sessionId, 'clear; echo needle-$((7*6))-here; seq 200');
  // It is searched for in the log, which comes after the screen.
  await waitFor('all of it in the log', async () =>
    /needle-42-here[\s\S]*\n200\r/.test(await home.synk('logs', second.sessionId, '--lines', 1000)),
  );
  await window.focusPane(first.sessionId);
  const lines = await window.search('needle-42');
  assert.deepEqual(lines, ['needle-42-here']);
  await window.screenshot('search');
  await window.press('Enter');
  await waitFor('the line in its pane', async () => {
    const pane = await window.pane(second.sessionId);
    return pane.focused && pane.highlighted;
  });
  await window.screenshot('found');
  // The keyboard is where the line is.
  await window.type('clear; echo typed-here');
  await window.press('Enter');
  await screenHas(second.sessionId, /^typed-here$/m);
});

scenario('what a closed session printed is shown as it was', async (desk) => {
  const { window, home, screenHas } = desk;
  const last = (await window.panes()).at(-1);
  await window.runIn(last.sessionId, 'clear; echo gone-$((5*5))-by');
  await screenHas(last.sessionId, /^gone-25-by$/m);
  await window.closePane(last.sessionId);
  await waitFor('its end', async () => !(await sessionOf(home, last.sessionId)));
  await window.search('gone-25');
  await window.press('Enter');
  const past = await waitFor('the past', async () => {
    const view = await window.past();
    return view?.highlighted && view;
  });
  assert.match(past.title, /, as it was at \d\d:\d\d:\d\d$/);
  await window.screenshot('past');
  await window.press('Esc');
  await waitFor('the present', async () => (await window.past()) === null);
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
