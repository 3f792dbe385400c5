// Every state of the window, in each theme: a picture of each in e2e/output/gallery, and nothing
// serious that axe finds. What the states do is tested elsewhere.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openDesk } from './harness/desk.mjs';
import { makeRepository, write } from './harness/repository.mjs';
import { waitFor } from './harness/waiting.mjs';

const { scenario } = openDesk({ agents: '--work 20' });

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const THEMES = ['dark', 'light'];
/** States that between them have all there is to see, for the third theme. */
const STRONG = ['home', 'settings-appearance', 'four-panes', 'command-bar', 'waiting', 'closing'];
/** Terminals draw themselves; what is in them is the programs' business. */
const NOT_OURS = [{ fromShadowDom: ['[data-terminal]', '.xterm-screen'] }];

/** What axe finds that keeps people out. */
async function serious(window) {
  const { driver } = window;
  // As a script of its own: the page's policy lets nothing be made of a text.
  if (!(await driver.executeScript(() => 'axe' in window))) await driver.executeScript(axe);
  return driver.executeAsyncScript((exclude, done) => {
    const isSerious = ({ impact }) => impact === 'serious' || impact === 'critical';
    const told = ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`;
    window.axe.run({ exclude }, { resultTypes: ['violations'] }).then(
      ({ violations }) => done(violations.filter(isSerious).map(told)),
      (error) => done([`axe failed: ${error.message}`]),
    );
  }, NOT_OURS);
}

/** A message that comes or goes; it is faint for a moment, and nobody's barrier. */
const FADING = '[data-sonner-toast]:is([data-mounted="false"], [data-removed="true"])';

/** What axe finds, and still finds once no message is on its way. */
async function standing(window) {
  const found = await serious(window);
  if (found.length === 0) return found;
  await waitFor('messages to stand still', async () => (await window.textOf(FADING)) === null);
  return serious(window);
}

/** Keeps this state in each theme, and holds it to be usable by all. */
async function keep({ window, home }, name) {
  for (const theme of STRONG.includes(name) ? [...THEMES, 'high_contrast'] : THEMES) {
    await home.synk('settings', 'set', 'appearance.theme', theme);
    await waitFor(`the theme ${theme}`, () =>
      window.driver.executeScript(
        (wanted) => document.documentElement.dataset.theme === wanted,
        theme,
      ),
    );
    await window.screenshot(`gallery/${theme}-${name}`);
    for (const one of await standing(window)) barriers.push(`${name} in ${theme}: ${one}`);
  }
}

/** What was found in this scenario; at its end there must be nothing. */
let barriers = [];
function none() {
  const found = barriers;
  barriers = [];
  assert.deepEqual(found, []);
}

/** Opens a sheet by its action, keeps it, and closes it. */
async function keepSheet(desk, action, name, ready) {
  const { window } = desk;
  await window.run(action);
  await waitFor(`the sheet of ${action}`, async () =>
    ready.test((await window.textOf('[role="dialog"]')) ?? ''),
  );
  await keep(desk, name);
  await window.press('Esc');
  await window.sheetIsGone();
}

scenario('home', async (desk) => {
  const { window, home } = desk;
  // What blinks never rests.
  await home.synk('settings', 'set', 'appearance.cursorBlink', 'false');
  makeRepository(home, { 'src/lamp.ts': 'export const watts = 40;\n' });
  await waitFor('the first page', async () =>
    /New Claude Code pane|Claude Code/.test(await window.text()),
  );
  await keep(desk, 'home');
  await window.run('Settings');
  await waitFor('the settings', async () =>
    /Ask/.test((await window.textOf('[role="dialog"]')) ?? ''),
  );
  for (const section of ['General', 'Appearance', 'Terminal', 'Keyboard', 'Process pool', 'Logs']) {
    await window.click(new RegExp(`^${section}$`));
    await keep(desk, `settings-${section.toLowerCase().replace(' ', '-')}`);
  }
  await window.press('Esc');
  await window.sheetIsGone();
  none();
});

scenario('panes', async (desk) => {
  const { window } = desk;
  await window.firstPane('Claude Code');
  await keep(desk, 'one-pane');
  await window.newAgent('OpenAI Codex');
  await window.newAgent('Gemini CLI');
  await window.newShell();
  await keep(desk, 'four-panes');
  await window.press('Ctrl+Shift+Z');
  await waitFor('the zoom', async () => (await window.panes()).some(({ zoomed }) => zoomed));
  await keep(desk, 'zoomed');
  await window.press('Ctrl+Shift+Z');
  none();
});

scenario('what lies over the grid', async (desk) => {
  const { window } = desk;
  await window.press('Ctrl+Shift+P');
  await waitFor('the palette', async () => (await window.textOf('[role="dialog"]')) !== null);
  await keep(desk, 'palette');
  await window.press('Esc');
  await window.sheetIsGone();
  await keepSheet(desk, 'Show all keys', 'keys', /grid/i);
  await keepSheet(desk, 'Search all sessions', 'search', /./);
  await keepSheet(desk, 'Costs over time', 'costs', /./);
  await keepSheet(desk, 'Worktrees', 'worktrees', /./);
  await keepSheet(desk, 'Save layout…', 'save-layout', /4 panes/);
  await window.press('Ctrl+Shift+S');
  await waitFor('the sheet', async () => (await window.textOf('[role="dialog"]')) !== null);
  await window.type('kept');
  await window.press('Enter');
  await window.sheetIsGone();
  await keepSheet(desk, 'Layouts', 'layouts', /kept/);
  none();
});

scenario('prompts', async (desk) => {
  const { window, home } = desk;
  const panes = await window.panes();
  for (const { sessionId } of panes) await window.statusIs(sessionId, 'idle');
  await window.focusPane(panes[0].sessionId);
  await window.openCommandBar();
  await window.write('Make the tests pass');
  await keep(desk, 'command-bar');
  await window.press('Ctrl+a');
  await window.type('!permission');
  await window.press('Enter');
  await window.statusIs(panes[0].sessionId, 'waiting');
  await window.press('Esc');
  await window.sheetIsGone();
  await keep(desk, 'waiting');
  await window.press('Ctrl+b');
  await waitFor('the frame', async () => /goes to all/.test(await window.text()));
  await keep(desk, 'broadcast');
  await window.press('Esc');
  await home.synk('kill', panes[3].sessionId).catch(() => {});
  none();
});

scenario('sessions that ended, were lost, and a daemon that is gone', async (desk) => {
  const { window, home } = desk;
  const [, codex] = await window.panes();
  await home.synk('new', '--pane', '--name', 'ends', '--', 'sh', '-c', 'echo done; exit 3');
  await waitFor('its end', async () =>
    (await window.panes()).some(({ state }) => state === 'exited'),
  );
  const { shimPid } = (await home.sessions()).find((one) => one.sessionId === codex.sessionId);
  process.kill(shimPid, 'SIGKILL');
  await waitFor('its loss', async () => (await window.pane(codex.sessionId)).state === 'lost');
  await keep(desk, 'ended-and-lost');
  none();
});

scenario('the review, a branch, and closing', async (desk) => {
  const { window, home } = desk;
  write(home.project, { 'src/lamp.ts': 'export const watts = 60;\nexport const name = "lamp";\n' });
  await window.inProject(home.project);
  await window.run('New pane on a branch of its own…');
  await waitFor('the sheet', async () => (await window.textOf('[role="dialog"]')) !== null);
  await keep(desk, 'branch');
  await window.press('Esc');
  await window.sheetIsGone();
  await window.press('Ctrl+Shift+T');
  await waitFor('two tabs', async () => (await window.tabs()).length === 2);
  await keep(desk, 'second-workspace');
  await window.press('Ctrl+Shift+Q');
  await waitFor('the question', async () =>
    /still running/.test((await window.textOf('[role="dialog"]')) ?? ''),
  );
  await keep(desk, 'closing');
  await window.press('Esc');
  await window.sheetIsGone();
  none();
});
