// Eleven agents that have something else to say all the time: a twelfth pane still echoes, and
// the command bar still opens.

import assert from 'node:assert/strict';
import { openDesk } from './harness/desk.mjs';
import { processorSeconds } from './harness/usage.mjs';
import { waitFor } from './harness/waiting.mjs';

const { scenario } = openDesk({ agents: '' });

const AGENTS = 11;
/** How long a key may take to what it does while both processors are busy. */
const limit = 3_000;

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** Processor seconds that the page's process has taken so far. */
const pageSeconds = (home) =>
  processorSeconds(
    home
      .processes()
      .filter(({ name }) => name.startsWith('WebKitWebProc'))
      .map(({ pid }) => pid),
  );

/** Watches the page for three seconds: frames a second, the longest between two, and its work. */
async function watched({ window, home }) {
  const before = pageSeconds(home);
  const { count, longest } = await window.frames(3000);
  const busy = (pageSeconds(home) - before) / 3;
  return {
    framesPerSecond: Math.round(count / 3),
    longestMs: Math.round(longest),
    processor: `${Math.round(busy * 100)} %`,
  };
}

scenario('eleven agents and a shell', async ({ window, home }) => {
  await window.firstPane('Shell');
  for (let count = 1; count <= AGENTS; count += 1) {
    await home.synk('new', '--pane', '--agent', count % 2 === 0 ? 'claude' : 'codex');
  }
  const panes = await waitFor('twelve panes', async () => {
    const found = await window.panes();
    return found.length === 12 && found;
  });
  for (const { sessionId } of panes) await window.statusIs(sessionId, 'idle');
});

scenario('they chatter, and a shell echoes all the same', async (desk, context) => {
  const { window, home, screenHas } = desk;
  const [{ sessionId: shell }, ...agents] = await window.panes();
  await window.runIn(shell, 'clear; cat');
  await screenHas(shell, /^\s*$/, limit);
  const measure = async () => {
    const echoes = [];
    let typed = '';
    for (const letter of 'abcdefghijkl') {
      const began = performance.now();
      typed += letter;
      await window.type(letter);
      await screenHas(shell, new RegExp(`^${typed}$`, 'm'), limit);
      echoes.push(performance.now() - began);
    }
    await window.press('Ctrl+u');
    return echoes;
  };
  await window.focusPane(shell);
  const calm = await measure();
  const calmPage = await watched(desk);
  await window.press('Ctrl+b');
  await waitFor('the field', () => window.textOf('[data-testid="broadcast"]'));
  await window.write('!chatter 3600000');
  await window.press('Enter');
  for (const { sessionId } of agents) await window.statusIs(sessionId, 'working');
  await window.press('Esc');
  await waitFor('the command bar to go', async () => (await window.commandBar()) === null);
  await window.focusPane(shell);
  await window.press('Enter');
  const page = await watched(desk);
  const busy = await measure();
  context.diagnostic(`typed to seen in ms, calm: ${calm.map(Math.round).join(' ')}`);
  context.diagnostic(`typed to seen in ms, busy: ${busy.map(Math.round).join(' ')}`);
  context.diagnostic(`the page in calm: ${JSON.stringify(calmPage)}`);
  context.diagnostic(`the page while they chatter: ${JSON.stringify(page)}`);
  assert.ok(middle(busy) < limit);
  const agentsAtWork = (await home.sessions()).filter(
    ({ agentType, status }) => agentType !== 'terminal' && status.state === 'working',
  );
  assert.equal(agentsAtWork.length, AGENTS);
  await window.screenshot('busy');
});
