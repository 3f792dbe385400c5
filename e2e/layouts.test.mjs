// What is kept of the window: workspaces whose panes move, a layout that is saved and brought
// back in another window, the question on closing, and one window for all who open one.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { desktopBinary } from '../scripts/paths.mjs';
import { openDesk } from './harness/desk.mjs';
import { waitFor } from './harness/waiting.mjs';

const { scenario } = openDesk({ agents: '--work 20' });

/** The sessions of the grids: by workspace and place, what runs there. */
const placesOf = async (home) =>
  (await home.sessions())
    .filter(({ paneIndex }) => paneIndex !== null)
    .map(({ workspaceId, paneIndex, agentType, name }) => ({
      workspaceId,
      paneIndex,
      agentType,
      name,
    }))
    .sort((a, b) => a.workspaceId - b.workspaceId || a.paneIndex - b.paneIndex);

/** The panes on show as the page has them, without what differs from window to window. */
const gridOf = async (window) => {
  const panes = await window.panes();
  return panes.map(({ paneIndex, focused, zoomed, x, y, width, height }) => ({
    paneIndex,
    focused,
    zoomed,
    box: [x, y, width, height].map(Math.round),
  }));
};

const AGENTS = ['claude', 'codex', 'gemini', 'terminal'];

scenario('two workspaces of twelve panes, with agents of every kind', async ({ window, home }) => {
  for (let pane = 0; pane < 12; pane += 1)
    await home.synk('new', '--pane', '--agent', AGENTS[pane % 4]);
  await window.hasPanes(12);
  await window.press('Ctrl+Shift+T');
  await waitFor('two tabs', async () => (await window.tabs()).length === 2);
  await window.hasPanes(0);
  const { tabs } = { tabs: await window.tabs() };
  assert.deepEqual(
    tabs.map(({ name, selected }) => ({ name, selected })),
    [
      { name: 'Workspace 1', selected: false },
      { name: 'Workspace 2', selected: true },
    ],
  );
  // Another twelve have room in it.
  for (let pane = 0; pane < 4; pane += 1) {
    await home.synk('new', '--workspace', 'Workspace 2', '--agent', AGENTS[pane]);
  }
  await window.hasPanes(4);
  for (const { sessionId } of await home.sessions()) {
    await home.synk('wait', sessionId, '--for', 'idle', '--timeout', '60');
  }
  await window.screenshot('layouts-workspaces');
});

scenario('panes change places, and workspaces', async ({ window, home }) => {
  const before = await window.panes();
  await window.focusPane(before[0].sessionId);
  await window.press('Alt+Shift+Right');
  await waitFor('the place', async () => {
    const [first, second] = await window.panes();
    return first.sessionId === before[1].sessionId && second.sessionId === before[0].sessionId;
  });
  assert.equal(await window.keyboard(), before[0].sessionId);
  // By the mouse: grabbed by its header and let go over another.
  await window.drag(before[0].sessionId, before[3].sessionId, 'layouts-drag');
  await waitFor('the place', async () => {
    const panes = await window.panes();
    return panes[3].sessionId === before[0].sessionId && panes[1].sessionId === before[3].sessionId;
  });
  // The daemon says so too.
  const places = await placesOf(home);
  assert.equal(places.filter(({ workspaceId }) => workspaceId === 2).length, 4);
  await window.focusPane(before[2].sessionId);
  await window.run('Move pane to a workspace of its own');
  await waitFor('three tabs', async () => (await window.tabs()).length === 3);
  await window.hasPanes(1);
  await window.press('Alt+Shift+PageUp');
  await waitFor('it is back', async () => {
    const tabs = await window.tabs();
    return tabs[1].selected && (await window.panes()).length === 4;
  });
  await window.press('Ctrl+Alt+3');
  await window.hasPanes(0);
  await window.run('Close workspace');
  await waitFor('two tabs', async () => (await window.tabs()).length === 2);
});

scenario('rows and columns are made larger, and equal again', async ({ window }) => {
  await window.press('Ctrl+Alt+2');
  await window.hasPanes(4);
  const [{ width: equal }] = await window.panes();
  await window.divide(0, 120);
  const [first, second] = await waitFor('the new widths', async () => {
    const panes = await window.panes();
    return panes[0].width > equal + 80 && panes;
  });
  assert.ok(second.width < first.width - 160);
  await window.screenshot('layouts-shares');
  await window.run('Equal panes');
  await waitFor('equal widths', async () => {
    const panes = await window.panes();
    return Math.abs(panes[0].width - panes[1].width) <= 2;
  });
  await window.divide(0, 120);
  await waitFor('the new widths', async () => (await window.panes())[0].width > equal + 80);
});

scenario('a layout is saved, everything is stopped, and it comes back', async (desk) => {
  const { home } = desk;
  let { window } = desk;
  // Each grid has a focus; one is zoomed.
  const second = await window.panes();
  await window.focusPane(second[2].sessionId);
  await window.press('Ctrl+Alt+1');
  await window.hasPanes(12);
  const first = await window.panes();
  await window.focusPane(first[5].sessionId);
  await window.press('Ctrl+Alt+2');
  await window.hasPanes(4);
  const grid = await gridOf(window);
  const places = await placesOf(home);
  await window.press('Ctrl+Shift+S');
  await window.says('[role="dialog"]', /16 panes in 2 workspaces/);
  await window.type('everything');
  await window.screenshot('layouts-save');
  await window.press('Enter');
  await window.sheetIsGone();
  const folder = join(home.environment.SYNK_HOME, 'config', 'sessions');
  const saved = JSON.parse(readFileSync(join(folder, 'everything.json'), 'utf8'));
  assert.equal(saved.schemaVersion, 1);
  assert.equal(saved.workspaces.flatMap(({ panes }) => panes).length, 16);

  await home.synk('stop', '--all');
  window = await desk.reopen();
  await window.hasPanes(0);
  assert.equal((await home.sessions()).length, 0);
  await window.screenshot('layouts-home');
  await window.press('Ctrl+Shift+L');
  await window.says('[role="dialog"]', /everything/);
  await window.screenshot('layouts-list');
  await window.clickOn('[role="dialog"] [aria-label="Restore everything"]');
  await waitFor('sixteen sessions', async () => (await placesOf(home)).length === 16, 60_000);
  await waitFor('the message', async () =>
    /16 panes are back/.test((await window.toasts()).join()),
  );
  await window.sheetIsGone();
  await window.hasPanes(4);
  assert.deepEqual(await placesOf(home), places);
  await waitFor('the same grid', async () => {
    assert.deepEqual(await gridOf(window), grid);
    return true;
  });
  await window.press('Ctrl+Alt+1');
  await window.hasPanes(12);
  assert.equal((await window.panes())[5].focused, true);
  await window.screenshot('layouts-restored');
  // Again: all of them still run, and nothing is there twice.
  await home.synk('layout', 'load', 'everything');
  assert.deepEqual(await placesOf(home), places);
});

scenario('a second window is the first one, and a folder gets a pane there', async (desk) => {
  const { home, screen, window } = desk;
  const other = spawn(desktopBinary, [], {
    env: { ...home.environment, ...screen.environment },
    stdio: 'inherit',
  });
  const [code] = await once(other, 'exit');
  assert.equal(code, 0);
  await window.press('Ctrl+Alt+2');
  await window.hasPanes(4);
  await home.synk('open', home.user);
  await window.hasPanes(5);
  await waitFor('the focus there', async () => (await window.panes()).at(-1).focused);
  const opened = (await home.sessions()).find(({ projectPath }) => projectPath === home.user);
  assert.equal(await waitFor('the keyboard', () => window.keyboard()), opened.sessionId);
  assert.equal(home.processes().filter(({ name }) => name.startsWith('synk-desktop')).length, 1);
});

scenario('closing asks once, and what was answered counts', async (desk) => {
  const { home } = desk;
  let { window } = desk;
  const running = await home.sessions();
  await window.press('Ctrl+Shift+Q');
  await window.says('[role="dialog"]', /still running/);
  await window.screenshot('layouts-closing');
  await window.press('Esc');
  await window.sheetIsGone();
  await window.press('Ctrl+Shift+Q');
  await window.says('[role="dialog"]', /still running/);
  await window.lastPress('Enter');
  await waitFor('the end of the window', () => window.process() === undefined);
  assert.deepEqual(
    (await home.sessions()).map(({ sessionId, pid }) => ({ sessionId, pid })),
    running.map(({ sessionId, pid }) => ({ sessionId, pid })),
  );

  window = await desk.reopen();
  await waitFor('the panes', async () => (await window.panes()).length > 0);
  await window.press('Ctrl+Shift+Q');
  await window.says('[role="dialog"]', /still running/);
  await window.lastPress('Tab', 'Enter');
  await waitFor('the end of the window', () => window.process() === undefined, 60_000);
  assert.deepEqual(await placesOf(home), []);
  const files = readdirSync(join(home.environment.SYNK_HOME, 'config', 'sessions'));
  assert.equal(files.filter((name) => /^\d{4}-/.test(name)).length, 1, files.join());

  // What was open can be brought back from the first page.
  window = await desk.reopen();
  await waitFor('the first page', async () => /everything/.test(await window.text()));
  await window.screenshot('layouts-home-after');
});
