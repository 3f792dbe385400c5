// The real window on a display of its own, while panes never stop writing: frames, the echo of a
// key in a pane that is quiet, and what the window costs. There WebGL is drawn by the processor,
// which is why both renderers are measured.

import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createHome } from '../e2e/harness/home.mjs';
import { openScreen } from '../e2e/harness/screen.mjs';
import { processorSeconds, windowPids } from '../e2e/harness/usage.mjs';
import { waitFor } from '../e2e/harness/waiting.mjs';
import { openWindow } from '../e2e/harness/window.mjs';
import { connect } from './connection.mjs';
import { echoes, LAST, printed } from './page.mjs';

export const title = 'The window while panes flood: frames, echo, cost';
export const rounds = 5;
export const optional = false;
export const alone = true;

/** By the value of the setting; what is first is what `auto` takes on this display. */
const RENDERERS = { dom: 'Synk, DOM', webgl: 'Synk, WebGL' };
/** Panes of the workspaces; in each the first is the one that is typed in. */
const WORKSPACES = [1, 2, 5, 12];
const MEBIBYTE = 2 ** 20;

/**
 * In every pane: waits for a line that says what to print; Ctrl-C ends that and nothing else, and
 * leaves the cursor at a line's begin.
 */
const PROGRAM = `
trap : INT
printf 'ready\\n'
while read -r what; do
  case $what in
    flood) sh -c 'while :; do cat ../log; done'; echo ;;
    print) cat ../file ;;
  esac
done`;

/** Lines as a build prints them, each another one. */
function logLines(count) {
  const lines = Array.from({ length: count }, (_, line) => {
    const kind = ['\x1b[32m   Compiling\x1b[m', '\x1b[1;33mwarning\x1b[m:', 'running'][line % 3];
    return `${kind} package-${line} v0.${line % 40}.${line % 7} (/home/ada/projects/lamp)\n`;
  });
  return lines.join('');
}

/** Writes a file of so many MiB whose end can be seen. */
function writeFile(path, mebibytes) {
  const piece = logLines(16_384);
  const file = openSync(path, 'w');
  for (let size = 0; size < mebibytes * MEBIBYTE; size += piece.length) writeSync(file, piece);
  writeSync(file, LAST);
  closeSync(file);
}

/** A window with its workspaces, in which nothing floods. */
async function openPlace(mebibytes) {
  const screen = await openScreen();
  const home = createHome(screen.environment);
  writeFileSync(join(home.user, 'log'), logLines(40_000));
  writeFile(join(home.user, 'file'), mebibytes);
  const place = { screen, home };
  const run = join(home.environment.SYNK_HOME, 'run');
  try {
    await home.synk('ls');
    const daemon = connect(join(run, 'daemon.sock'));
    const grids = [];
    for (const panes of WORKSPACES) {
      const grid = [];
      if (grids.length > 0) await daemon.call('workspace:create');
      for (let pane = 0; pane < panes; pane += 1) {
        const { sessionId } = await daemon.call('session:create', {
          agentType: 'terminal',
          projectPath: home.project,
          command: ['sh', '-c', PROGRAM],
          workspaceId: grids.length + 1,
        });
        const shim = connect(join(run, 'shims', `${sessionId}.sock`));
        grid.push({ sessionId, type: (text) => shim.type(text) });
      }
      grids.push(grid);
    }
    daemon.close();
    for (const { sessionId } of grids.flat()) {
      await waitFor('its program', async () => (await home.screen(sessionId)).includes('ready'));
    }
    place.window = await openWindow(place);
    await place.window.hasPanes(1);
    return { ...place, grids };
  } catch (error) {
    await closePlace(place);
    throw error;
  }
}

async function closePlace({ window, home, screen }) {
  await window?.close();
  await home.close();
  await screen.close();
}

const floods = (home) =>
  home.processes().filter(({ command }) => command === 'sh -c while :; do cat ../log; done');

/** Has these panes flood while `body` runs. */
async function whileFlooding(home, panes, body) {
  for (const { type } of panes) type('flood\n');
  try {
    await waitFor('the floods', () => floods(home).length === panes.length);
    return await body();
  } finally {
    for (const { type } of panes) type('\x03');
    await waitFor('their end', () => floods(home).length === 0);
  }
}

/** Frames a second, and what part of one processor the window took. */
async function watched({ window, home }, seconds) {
  const pids = windowPids(home);
  const [before, began] = [processorSeconds(pids), performance.now()];
  const { count } = await window.frames(seconds * 1000);
  const took = (performance.now() - began) / 1000;
  return { frames: count / seconds, processor: (100 * (processorSeconds(pids) - before)) / took };
}

const at = (times, part) => {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
};

/** Shows the workspace at this place of the tabs, with all its panes. */
async function show({ window, grids }, index, renderer) {
  await window.press(`Ctrl+Alt+${index + 1}`);
  await window.hasPanes(grids[index].length);
  await waitFor(`${grids[index].length} terminals of ${renderer}`, () =>
    window.driver.executeScript(
      (wanted, count) => {
        const drawn = [...document.querySelectorAll('[data-renderer]')].map(
          (one) => one.dataset.renderer,
        );
        return drawn.length === count && drawn.every((renderer) => renderer === wanted);
      },
      renderer,
      grids[index].length,
    ),
  );
}

/** The panes that flood, what is on show, and what it is to reach. */
const cases = (grids) => {
  const [[alone], two, five, twelve] = grids;
  return [
    { name: 'nothing floods', shown: 0, quiet: alone, flooding: [] },
    { name: '1 pane floods', shown: 1, quiet: two[0], flooding: two.slice(1) },
    { name: '4 panes flood', shown: 2, quiet: five[0], flooding: five.slice(1) },
    // A grid has no more than 12, so the one that is typed in is quiet for as long.
    { name: '12 panes flood', shown: 3, quiet: twelve[0], flooding: twelve, reached: true },
    { name: '12 hidden panes flood', shown: 0, quiet: alone, flooding: twelve, reached: true },
  ];
};

/** Measures one case with one renderer, notes it and answers a line that says it. */
async function measure(place, one, { seconds, keys }, note) {
  const { quiet, flooding } = one;
  const others = flooding.filter((pane) => pane !== quiet);
  const { frames, processor } = await whileFlooding(place.home, flooding, () =>
    watched(place, seconds),
  );
  const times = await whileFlooding(place.home, others, () =>
    echoes(place.window, quiet.sessionId, keys),
  );
  const [middle, worst] = [at(times, 0.5), Math.max(...times)];
  note('frames', 'frames/s', frames);
  note('processor of the window', '%', processor);
  note('echo, median', 'ms', middle);
  note('echo, 95 %', 'ms', at(times, 0.95));
  note('echo, worst', 'ms', worst);
  const [a, b, c, d] = [frames, processor, middle, worst].map(Math.round);
  return `${a} frames/s, ${b} % of a processor, echo ${c} ms, at worst ${d}`;
}

const LIMITS = { 'frames/s': { reach: 30, guard: 5 }, ms: { reach: 50, guard: 1000 } };

function measureOf({ what, unit, values, reached }) {
  // What nobody has chosen is no more than told.
  const [of] = Object.values(RENDERERS);
  const limits = LIMITS[unit];
  const to = (limit) => (reached && limits ? [{ of, limit }] : []);
  return {
    what,
    unit,
    better: unit.endsWith('/s') ? 'more' : 'less',
    values,
    reach: what.endsWith('95 %') ? [] : to(limits?.reach),
    guard: what.endsWith('frames') || what.endsWith('median') ? to(limits?.guard) : [],
  };
}

export async function run({ rounds: count, quick, log }) {
  const scale = quick
    ? { seconds: 2, keys: 8, mebibytes: 8 }
    : { seconds: 5, keys: 30, mebibytes: 100 };
  const place = await openPlace(scale.mebibytes);
  const measures = new Map();
  const noteOf = (one, who) => (name, unit, value) => {
    const what = `${one.name}: ${name}`;
    const fresh = { what, unit, values: {}, reached: one.reached };
    const { values } = measures.get(what) ?? measures.set(what, fresh).get(what);
    values[who] = [...(values[who] ?? []), value];
  };
  try {
    for (let round = 1; round <= count; round += 1) {
      for (const [renderer, who] of Object.entries(RENDERERS)) {
        await place.home.synk('settings', 'set', 'terminal.renderer', renderer);
        for (const one of cases(place.grids)) {
          await show(place, one.shown, renderer);
          const seen = await measure(place, one, scale, noteOf(one, who));
          log(`round ${round} of ${count}: ${who}, ${one.name}: ${seen}`);
        }
        await show(place, 0, renderer);
        const seconds = await printed(place.window, place.grids[0][0].sessionId, 'print');
        const what = { name: `${scale.mebibytes} MiB into a terminal, until the last is drawn` };
        noteOf(what, who)('speed', 'MB/s', (scale.mebibytes * MEBIBYTE) / 1e6 / seconds);
      }
    }
  } finally {
    await closePlace(place);
  }
  return [...measures.values()].map(measureOf);
}
