// Four panes that never stop writing: the fifth still answers, memory does not grow, and
// Ctrl-C ends them at once.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { openDesk } from './harness/desk.mjs';
import { residentMebibytes } from './harness/usage.mjs';
import { waitFor } from './harness/waiting.mjs';

const { scenario } = openDesk();

const minute = 60_000;
const interval = 3_000;
/** How long a key may take to what it does while all processors are busy. */
const limit = 3_000;
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Resident memory of the window, its web process, the daemon and the shims, in MiB. */
const residentMemory = (home) =>
  residentMebibytes(
    home
      .processes()
      .filter((one) => /^(synk|WebKit)/.test(one.name))
      .map(({ pid }) => pid),
  );

const floods = (home) => home.processes().filter((one) => one.name === 'yes');
const average = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** The four flooded panes and the one to type in. */
const roles = async (window) => {
  const ids = (await window.panes()).map((pane) => pane.sessionId);
  return { flooded: ids.slice(0, 4), quiet: ids[4] };
};

scenario('yes runs in four of five panes', async ({ window, home, screenHas }) => {
  await window.firstPane('Shell');
  for (let count = 1; count < 5; count += 1) await window.newShell();
  for (const { sessionId } of await window.panes()) await screenHas(sessionId, /\$\s*$/);
  for (const id of (await roles(window)).flooded) await window.runIn(id, 'yes');
  await waitFor('four floods', () => floods(home).length === 4);
});

scenario('the fifth pane echoes and memory stays flat for a minute', async (desk, context) => {
  const { window, home, screenHas } = desk;
  const { quiet } = await roles(window);
  await window.runIn(quiet, 'clear; cat');
  await screenHas(quiet, /^\s*$/, limit);
  const samples = [];
  const echoes = [];
  let typed = '';
  const end = performance.now() + minute;
  while (performance.now() < end) {
    const began = performance.now();
    const letter = letters[typed.length % letters.length];
    typed += letter;
    await window.type(letter);
    await screenHas(quiet, new RegExp(`^${typed}$`, 'm'), limit);
    echoes.push(performance.now() - began);
    samples.push(residentMemory(home));
    // The distance between two samples is what is being measured over; nothing is awaited.
    await pause(Math.max(0, interval - (performance.now() - began)));
  }
  await window.screenshot('flood');
  const rounded = samples.map(Math.round);
  context.diagnostic(`memory in MiB: ${rounded.join(' ')}`);
  context.diagnostic(`typed to seen in ms: ${echoes.map(Math.round).join(' ')}`);
  assert.equal(floods(home).length, 4, 'all four still write');

  const third = Math.floor(samples.length / 3);
  const [first, last] = [average(samples.slice(0, third)), average(samples.slice(-third))];
  assert.ok(last < 1.1 * first, `grew from ${first} to ${last} MiB: ${rounded.join(' ')}`);
  await window.press('Ctrl+c');
});

scenario('Ctrl-C stops each of them at once', async ({ window, home, screenHas }, context) => {
  const { flooded } = await roles(window);
  for (const [index, id] of flooded.entries()) {
    await window.focusPane(id);
    const began = performance.now();
    await window.press('Ctrl+c');
    await waitFor('its end', () => floods(home).length === 3 - index, limit);
    context.diagnostic(`stopped after ${Math.round(performance.now() - began)} ms`);
    await screenHas(id, /\$\s*$/, limit);
  }
  for (const id of flooded) {
    await window.runIn(id, 'clear; echo calm');
    await screenHas(id, /^calm$/m, limit);
  }
  await window.screenshot('flood-over');
});
