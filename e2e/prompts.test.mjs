// Prompts from one place to several panes: the command bar and its receipts, the queue,
// broadcast and live typing, with scripted agents that write down what reached them.

import assert from 'node:assert/strict';
import { openDesk } from './harness/desk.mjs';
import { waitFor } from './harness/waiting.mjs';

const { scenario } = openDesk({ agents: '--work 20' });

/** An hour: longer than any test, until it is interrupted. */
const FOREVER = '!work 3600000';

/** The sessions by what runs in them. */
const ids = async (home) =>
  Object.fromEntries((await home.sessions()).map((one) => [one.agentType, one.sessionId]));

const chosen = ({ targets }) =>
  targets.filter((target) => target.chosen).map(({ sessionId }) => sessionId);

const barIsGone = (window) =>
  waitFor('the command bar to go', async () => (await window.commandBar()) === null);

const got = (agents, id, prompt) =>
  waitFor(`the prompt in session ${id}`, () => agents.prompts(id).at(-1) === prompt);

scenario('three agents and a shell', async ({ window, home }) => {
  await window.firstPane('Claude Code');
  await window.newAgent('OpenAI Codex');
  await window.newAgent('Gemini CLI');
  await window.newShell();
  assert.equal((await window.panes()).length, 4);
  for (const id of Object.values(await ids(home))) await window.statusIs(id, 'idle');
});

scenario('keys open the command bar and choose panes', async ({ window, home }) => {
  const { claude_code: claude, codex, gemini_cli: gemini, terminal } = await ids(home);
  await window.focusPane(claude);
  // In a terminal a slash is the program's.
  await window.press('Ctrl+Shift+Esc');
  await window.press('/');
  const bar = await waitFor('the command bar', () => window.commandBar());
  assert.deepEqual(chosen(bar), [claude]);
  await window.press('Esc');
  await barIsGone(window);
  await window.press('Enter');
  await window.openCommandBar();
  for (const digit of ['2', '3', '1']) await window.press(digit);
  await waitFor('two chosen', async () => chosen(await window.commandBar()).length === 2);
  assert.deepEqual(chosen(await window.commandBar()), [codex, gemini]);
  assert.equal((await window.commandBar()).prompt, '');
  await window.press('Ctrl+a');
  await waitFor('all chosen', async () => chosen(await window.commandBar()).length === 4);
  assert.deepEqual(chosen(await window.commandBar()), [claude, codex, gemini, terminal]);
  await window.press('Esc');
  await barIsGone(window);
  assert.equal(await window.keyboard(), claude);
});

scenario('a prompt of several lines reaches those it is for', async ({ window, home, agents }) => {
  const { claude_code: claude, codex, gemini_cli: gemini } = await ids(home);
  const prompt = 'Look at 1 & <b>2</b>:\n\ttabs, “quotes”, 🚀\n!work 1500';
  await window.choosePanes([claude, codex, gemini]);
  await window.write(prompt.replace('\t', ''));
  await window.screenshot('command-bar');
  // While something is written it stays, however late it is looked at.
  await window.press('Enter', 'x');
  await window.receiptsAre({ [claude]: 'working', [codex]: 'working', [gemini]: 'working' });
  await window.screenshot('receipts');
  await window.press('Backspace');
  for (const id of [claude, codex, gemini]) await got(agents, id, prompt.replace('\t', ''));
  // It goes by itself once all has worked, and the keyboard is where it was.
  await barIsGone(window);
  assert.equal(await window.keyboard(), claude);
  for (const id of [codex, gemini]) await window.statusIs(id, 'done');
});

scenario('a pane with a dialog says so, and is typed nothing', async ({ window, home, agents }) => {
  const { claude_code: claude, codex } = await ids(home);
  await window.focusPane(claude);
  await window.choosePanes([codex]);
  await window.write('!permission\n!work 20');
  await window.press('Enter');
  await barIsGone(window);
  await window.statusIs(codex, 'waiting');

  await window.choosePanes([claude, codex]);
  await window.write('say hello');
  await window.press('Enter');
  const { outcome } = await window.receiptsAre({ [claude]: 'working', [codex]: 'blocked' });
  assert.match(outcome, /codex blocked: .+/);
  await window.screenshot('blocked');
  assert.deepEqual(agents.disturbances(codex), []);
  assert.equal(agents.prompts(codex).at(-1), '!permission\n!work 20');

  // The person answers the dialog and comes back to what could not go.
  await window.press('Esc');
  await barIsGone(window);
  await window.press('Ctrl+Shift+A');
  await waitFor('the focus there', async () => (await window.pane(codex)).focused);
  await window.press('y');
  await window.statusIs(codex, 'idle');
  await window.openCommandBar();
  await window.receiptsAre({ [codex]: 'blocked' });
  await window.press('Alt+r');
  await got(agents, codex, 'say hello');
  assert.equal(agents.prompts(claude).filter((one) => one === 'say hello').length, 1);
  await barIsGone(window);
});

scenario('what cannot go now waits, can be changed, and goes', async (desk) => {
  const { window, home, agents } = desk;
  const { codex } = await ids(home);
  await window.focusPane(codex);
  await window.runIn(codex, FOREVER);
  await window.statusIs(codex, 'working');
  await window.openCommandBar();
  await window.press('Alt+q');
  for (const [text, count] of [
    ['the first', 1],
    ['the second\nof two lines', 2],
  ]) {
    await window.write(text);
    await window.press('Enter');
    await window.receiptsAre({ [codex]: 'queued' });
    await waitFor(`${count} in the queue`, async () => (await window.pane(codex)).queued === count);
  }
  await window.screenshot('queued');
  await window.press('Alt+q');
  await window.press('Esc');
  await barIsGone(window);

  await window.click(/^2 prompts wait for codex$/);
  await window.fieldOfQueue('the first');
  await window.screenshot('queue');
  await window.press('Ctrl+a');
  await window.type('the first, changed');
  await window.press('Enter');
  await waitFor(
    'the change',
    async () => !(await window.textOf('[role="dialog"]'))?.includes('Keep'),
  );
  await window.fieldOfQueue('the second\nof two lines');
  await window.click(/^Take it out of the queue$/, -1);
  await waitFor('one left', async () => (await window.pane(codex)).queued === 1);
  await window.press('Esc');
  await waitFor('its end', async () => (await window.textOf('[role="dialog"]')) === null);
  assert.equal(await window.keyboard(), codex);

  await window.press('Esc');
  await got(agents, codex, 'the first, changed');
  await waitFor('an empty queue', async () => (await window.pane(codex)).queued === 0);
  await window.statusIs(codex, 'idle');
});

scenario('several lines to a shell are asked about first', async (desk) => {
  const { window, home, screenHas } = desk;
  const { terminal } = await ids(home);
  await window.focusPane(terminal);
  await window.openCommandBar();
  await window.write('echo one-$((1+1))\necho two-$((1+1))');
  await window.press('Enter');
  const { outcome } = await window.receiptsAre({ [terminal]: 'unconfirmed' });
  assert.match(outcome, /Run 2 lines in 1 shell\?/);
  assert.doesNotMatch(await home.screen(terminal), /one-/);
  await window.screenshot('confirm');
  await window.press('Enter');
  await screenHas(terminal, /^one-2$/m);
  await screenHas(terminal, /^two-2$/m);
  await barIsGone(window);
});

scenario('broadcast is armed and disarmed, and gives its key back', async (desk) => {
  const { window, home, screenHas } = desk;
  const { terminal } = await ids(home);
  const words = () => window.textOf('[data-testid="broadcast"]');
  await window.runIn(terminal, 'clear; echo ready; cat -v');
  await screenHas(terminal, /^ready$/m);
  await window.press('Ctrl+b');
  await waitFor('the words', async () =>
    (await words())?.includes('Next prompt goes to all 4 panes'),
  );
  await window.screenshot('broadcast');
  await window.press('Esc');
  await waitFor('its end', async () => (await words()) === null);
  assert.equal(await window.keyboard(), terminal);
  await window.press('Ctrl+b');
  await waitFor('the words', words);
  await window.press('Ctrl+b');
  await waitFor('its end', async () => (await words()) === null);
  await window.type('here');
  await window.press('Enter');
  await screenHas(terminal, /^\^Bhere$/m);
  await window.press('Ctrl+c');
});

scenario('a broadcast goes to every pane', async ({ window, home, agents, screenHas }) => {
  const { claude_code: claude, codex, gemini_cli: gemini, terminal } = await ids(home);
  await waitFor('the prompt of the shell', async () => /\$\s*$/.test(await home.screen(terminal)));
  const text = 'echo all-$((6*7))';
  await window.press('Ctrl+b');
  await waitFor('the field', () => window.textOf('[data-testid="broadcast"]'));
  await window.write(text);
  await window.press('Enter');
  for (const id of [claude, codex, gemini]) await got(agents, id, text);
  await screenHas(terminal, /^all-42$/m);
  await barIsGone(window);
  assert.equal(await window.textOf('[data-testid="broadcast"]'), null);
  assert.equal(await window.keyboard(), terminal);
});

scenario('keys go live to the panes that were chosen', async (desk) => {
  const { window, home, screenHas } = desk;
  const { claude_code: claude, codex, gemini_cli: gemini } = await ids(home);
  await window.focusPane(claude);
  await window.choosePanes([claude, codex]);
  await window.press('Alt+l');
  await barIsGone(window);
  await waitFor('the mark', async () => (await window.pane(codex)).live);
  await window.type('typed live');
  for (const id of [claude, codex]) await screenHas(id, /› typed live$/m);
  await window.screenshot('live');
  await waitFor('its end', async () => {
    // Only two that follow soon end it, which they may not on a busy machine.
    await window.press('Esc', 'Esc');
    return !(await window.pane(codex)).live;
  });
  // What follows an Escape at once is one key with it.
  await waitFor('keys in one pane alone', async () => {
    await window.type('+');
    return /› typed live\++$/m.test(await home.screen(claude));
  });
  assert.match(await home.screen(codex), /› typed live$/m);
  assert.doesNotMatch(await home.screen(gemini), /typed live/);
  await window.press('Ctrl+u');
});

scenario('all of it in light', async (desk) => {
  const { home } = desk;
  const { claude_code: claude, codex } = await ids(home);
  const window = await desk.reopen({ light: true });
  await waitFor('four panes', async () => (await window.panes()).length === 4);
  await window.focusPane(claude);
  await window.focusPane(codex);
  await window.press('Ctrl+u');
  await window.runIn(codex, '!permission');
  await window.statusIs(codex, 'waiting');
  await window.choosePanes([claude, codex]);
  await window.write('say hello\n!work 3600000');
  await window.press('Enter');
  await window.receiptsAre({ [claude]: 'working', [codex]: 'blocked' });
  await window.screenshot('light-receipts');
  await window.press('Esc');
  await barIsGone(window);
  await window.press('Ctrl+b');
  await waitFor('the frame', () => window.textOf('[data-testid="broadcast"]'));
  await window.screenshot('light-broadcast');
  await window.press('Esc');
});
