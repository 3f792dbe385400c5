// Agents in the real window: which are there, what they do, who needs a person, and what it
// costs; told in the window and on the desktop. They are scripted ones, so that each moment can
// be held.

import assert from 'node:assert/strict';
import { openDesk } from './harness/desk.mjs';
import { openDesktop } from './harness/desktop.mjs';
import { waitFor } from './harness/waiting.mjs';

const { scenario } = openDesk({ agents: '--transcript' });

/** An hour: longer than any test, until it is interrupted. */
const FOREVER = '!work 3600000';

/** The sessions by what runs in them. */
const ids = async (home) =>
  Object.fromEntries((await home.sessions()).map((one) => [one.agentType, one.sessionId]));

const textIs = (window, selector, expected) =>
  waitFor(`${expected} in ${selector}`, async () => {
    const text = await window.textOf(selector);
    if (!expected.test(text ?? '')) throw new Error(`it says ${JSON.stringify(text)}`);
    return text;
  });

const isGone = (window, selector) =>
  waitFor(`the end of ${selector}`, async () => (await window.textOf(selector)) === null);

/** Gives a prompt to one pane alone and waits until the command bar has gone. */
async function prompt(window, id, text) {
  await window.choosePanes([id]);
  await window.write(text);
  await window.press('Enter');
  await waitFor('the command bar to go', async () => (await window.commandBar()) === null);
}

scenario('home lists the agents that are there', async ({ window }) => {
  await waitFor('the version of each', async () => {
    const text = await window.text();
    return (text.match(/~\/bin\/(claude|codex|gemini)/g) ?? []).length === 3;
  });
  const text = await window.text();
  for (const name of ['Claude Code', 'OpenAI Codex', 'Gemini CLI', 'Shell']) {
    assert.ok(text.includes(name), name);
  }
  await waitFor('their versions', async () => {
    const rows = (await window.text()).match(/\d+\.\d+\.\d+~\/bin/g) ?? [];
    return rows.length === 3;
  });
  await window.screenshot('home-agents');
});

scenario('each is opened and is ready', async ({ window, home }) => {
  await window.firstPane('Claude Code');
  await window.newAgent('OpenAI Codex');
  await window.newAgent('Gemini CLI');
  await window.newShell();
  assert.equal((await window.panes()).length, 4);
  for (const id of Object.values(await ids(home))) await window.statusIs(id, 'idle');
  await window.screenshot('agents-ready');
});

scenario('who works is seen in header, bar and sidebar', async ({ window, home }) => {
  const { claude_code: claude } = await ids(home);
  await window.runIn(claude, FOREVER);
  await window.statusIs(claude, 'working');
  await textIs(window, '[data-testid="summary"]', /^4 panes · 1 working$/);
  await textIs(window, 'nav [aria-label="claude working"]', /claude working/);
});

scenario('who waits is the loudest, and the key goes there', async (desk) => {
  const { window, home } = desk;
  const { claude_code: claude, codex } = await ids(home);
  await prompt(window, codex, '!permission\n!work 20');
  const { text } = await window.statusIs(codex, 'waiting');
  assert.match(text, /permission/);
  assert.equal((await window.pane(claude)).focused, true, 'the focus stays where it was');
  await textIs(window, '[data-testid="attention"]', /^1 waiting$/);
  await textIs(window, '[data-testid="waiting"]', /^1 waiting$/);
  await textIs(window, 'nav [aria-label="codex permission"]', /permission/);
  await window.screenshot('waiting');
  await window.click(/^1 waiting$/);
  await textIs(window, '[role="menu"]', /codexpermission/);
  await window.screenshot('who-waits');
  await window.press('Esc');
  await isGone(window, '[role="menu"]');

  await window.press('Ctrl+Shift+A');
  await waitFor('the focus there', async () => (await window.pane(codex)).focused);
  await window.press('y');
  await window.statusIs(codex, 'idle');
  await isGone(window, '[data-testid="waiting"]');
  // No desktop has shown it: there is none, which is nobody's fault.
  assert.deepEqual(await window.toasts(), []);
});

scenario('what is done counts until somebody looks', async ({ window, home }) => {
  const { gemini_cli: gemini } = await ids(home);
  await prompt(window, gemini, 'say hello');
  await window.statusIs(gemini, 'done');
  await textIs(window, '[data-testid="attention"]', /^1 done$/);
  await window.screenshot('done');
  await window.focusPane(gemini);
  await window.statusIs(gemini, 'idle');
  await isGone(window, '[data-testid="attention"]');
});

scenario('the desktop is told of a pane that nobody looks at', async (desk) => {
  const { window, home, screen } = desk;
  const { gemini_cli: gemini, codex } = await ids(home);
  desk.desktop = await openDesktop(screen);
  const { desktop } = desk;
  await window.focusPane(gemini);
  await prompt(window, codex, '!permission\n!work 20');
  // A session is told of once in ten seconds at the most.
  const [told] = await waitFor('the notification', () => {
    const { notifications } = desktop;
    return notifications.length > 0 && notifications;
  });
  assert.equal(told.title, 'codex: waits for permission');
  assert.equal(told.body, 'approve Bash: touch x');
  assert.deepEqual(told.actions, ['default', 'Show']);
  await waitFor('the pane that was told of', async () => {
    // The window hears clicks only once it has heard that the notification is there.
    desktop.click(told.id);
    return (await window.pane(codex)).focused;
  });
  await window.press('y');
  await window.statusIs(codex, 'idle');
  assert.equal(desktop.notifications.length, 1, 'what is done under the eyes is no news');
});

scenario('costs stand in header, status line and panel', async (desk) => {
  const { window, home } = desk;
  const { claude_code: claude } = await ids(home);
  await window.focusPane(claude);
  await window.press('Esc');
  await window.statusIs(claude, 'idle');
  // What was interrupted is in its composer again.
  await window.press('Ctrl+u');
  const used = '!usage input=12000 output=3400 cache_read=560000 cache_write=78000';
  await prompt(window, claude, `${used}\n${used} model=no-such-model\n!work 20`);
  const cost = await waitFor('the cost in the header', async () => {
    const pane = await window.pane(claude);
    return /^\$\d+\.\d\d\+$/.test(pane.cost) && pane.cost;
  });
  await waitFor(
    'the same cost today',
    async () => (await window.textOf('[data-testid="cost-today"]')) === `${cost} today`,
  );
  const [row] = JSON.parse(await home.synk('cost', '--json')).rows.filter(
    ({ model }) => model !== 'no-such-model',
  );
  assert.equal(cost, `$${(row.cost.nanodollars / 1e9).toFixed(2)}+`);
  await window.screenshot('cost');
  await window.click(/today$/);
  await textIs(window, '[data-testid="cost-sum"]', /^\$\d+\.\d\d\+$/);
  await window.screenshot('costs');
  await window.click(/^By model$/);
  await textIs(window, '[role="dialog"] table', /no-such-model/);
  await window.press('Esc');
  await isGone(window, '[role="dialog"]');
  assert.equal(await window.keyboard(), claude, 'the keyboard is where it was');
});

scenario('all of it in light', async (desk) => {
  const { home } = desk;
  const { claude_code: claude, codex, gemini_cli: gemini } = await ids(home);
  await desk.window.focusPane(claude);
  await prompt(desk.window, codex, '!question');
  await desk.window.statusIs(codex, 'waiting');
  await prompt(desk.window, gemini, 'say hello');
  await desk.window.statusIs(gemini, 'done');
  const window = await desk.reopen({ light: true });
  await waitFor('four panes', async () => (await window.panes()).length === 4);
  await window.runIn(claude, FOREVER);
  await window.statusIs(claude, 'working');
  await window.screenshot('light-agents');
  await window.click(/^1 waiting · 1 done$/);
  await textIs(window, '[role="menu"]', /codex/);
  await window.screenshot('light-who-waits');
  await window.press('Esc');
  await window.click(/today$/);
  await textIs(window, '[data-testid="cost-sum"]', /^\$/);
  await window.screenshot('light-costs');
  await window.press('Esc');
});
