// The grid in the real window: create, type, see, fill it up, change its size, and take copies.

import assert from 'node:assert/strict';
import { openDesk } from './harness/desk.mjs';
import { waitFor } from './harness/waiting.mjs';

const { scenario } = openDesk();

/** Columns and rows of the grid for every number of panes. */
const layouts = [
  [1, 1],
  [2, 1],
  [2, 2],
  [2, 2],
  [3, 2],
  [3, 2],
  [3, 3],
  [3, 3],
  [3, 3],
  [4, 3],
  [4, 3],
  [4, 3],
];

const counted = (window, count) =>
  waitFor(`${count} panes`, async () => {
    const panes = await window.panes();
    return panes.length === count && panes;
  });

/** Lines of a pixel between the panes shift them by a few at most. */
const near = (one, other) => Math.abs(one - other) <= 4;

/** Why these panes do not fill the grid row by row, or null when they do. */
function disorder(panes, grid, [columns, rows]) {
  if (grid.columns !== columns || grid.rows !== rows) {
    return `the grid has ${grid.columns} × ${grid.rows}`;
  }
  for (let row = 0; row < rows; row += 1) {
    const inRow = panes.slice(row * columns, (row + 1) * columns);
    for (const [column, pane] of inRow.entries()) {
      const inPlace =
        near(pane.x, grid.x + (column * grid.width) / inRow.length) &&
        near(pane.y, grid.y + (row * grid.height) / rows) &&
        near(pane.width, grid.width / inRow.length) &&
        near(pane.height, grid.height / rows);
      if (!inPlace) {
        const { x, y, width, height } = pane;
        return `pane ${pane.paneIndex} stands at ${JSON.stringify({ x, y, width, height })}`;
      }
    }
  }
  return null;
}

/** Waits until the panes fill `columns` × `rows`, row by row, without a hole or an overlap. */
const arranged = (window, shape) =>
  waitFor(`a grid of ${shape.join(' × ')}`, async () => {
    const reason = disorder(await window.panes(), await window.grid(), shape);
    if (reason) throw new Error(reason);
    return true;
  });

scenario('the home screen starts a shell, and the shell works', async ({ window, screenHas }) => {
  await window.screenshot('home');
  const pane = await window.firstPane('Shell');
  await screenHas(pane.sessionId, /\$\s*$/);
  await window.runIn(pane.sessionId, 'echo hello-$((6*7))');
  await screenHas(pane.sessionId, /^hello-42$/m);
  await window.screenshot('one-pane');
});

scenario('the grid reflows with every pane up to twelve', async ({ window, screenHas }) => {
  await arranged(window, layouts[0]);
  for (let count = 2; count <= 12; count += 1) {
    await window.newShell();
    await arranged(window, layouts[count - 1]);
  }
  for (const pane of await window.panes()) await screenHas(pane.sessionId, /\$\s*$/);
  await window.screenshot('twelve-panes');
});

scenario('the thirteenth is refused and said so', async ({ window, home }) => {
  await window.press('Ctrl+Shift+N');
  await waitFor('the message', async () =>
    (await window.toasts()).some((text) => text.includes('This workspace has 12 panes.')),
  );
  await window.screenshot('thirteenth-refused');
  assert.equal((await window.panes()).length, 12);
  assert.equal((await home.sessions()).length, 12);
});

scenario('a window of another size is another size in every pane', async (desk) => {
  const { window, home, screenHas } = desk;
  const sizes = async () =>
    new Map((await home.sessions()).map((one) => [one.sessionId, `${one.rows} ${one.cols}`]));
  const before = await sizes();
  await window.resize(1000, 640);
  await waitFor('a new size for every session', async () => {
    const now = await sizes();
    return [...now].every(([id, size]) => size !== before.get(id));
  });
  await arranged(window, layouts[11]);
  for (const { sessionId } of await window.panes()) {
    await waitFor(`one size of session ${sessionId}`, async () => {
      await window.runIn(sessionId, 'clear; stty size');
      const [, seen] = await screenHas(sessionId, /^(\d+ \d+)$/m);
      return seen === (await sizes()).get(sessionId);
    });
  }
  await window.screenshot('twelve-panes-small');
  await window.resize(1280, 800);
});

scenario('zoom shows one pane alone and gives the grid back', async ({ window }) => {
  const [first] = await window.panes();
  await window.focusPane(first.sessionId);
  await window.press('Ctrl+Shift+Z');
  const zoomed = await waitFor('a zoomed pane', async () => {
    const pane = await window.pane(first.sessionId);
    return pane.zoomed && pane.width > 2 * first.width && pane;
  });
  assert.ok(zoomed.height > 2 * first.height);
  await window.screenshot('zoomed');
  await window.press('Ctrl+Shift+Z');
  await arranged(window, layouts[11]);
});

scenario('closing panes reflows the grid and ends their processes', async ({ window, home }) => {
  for (let count = 11; count >= 3; count -= 1) {
    const panes = await window.panes();
    await window.closePane(panes.at(-1).sessionId);
    await counted(window, count);
    await arranged(window, layouts[count - 1]);
  }
  const sessions = await home.sessions();
  assert.equal(sessions.filter((one) => one.state === 'running').length, 3);
  await waitFor('three shells, and those that wait', async () => {
    const { idle, warming } = JSON.parse(await home.synk('pool', '--json'));
    const shells = home.processes().filter((one) => one.name === 'bash');
    return shells.length === 3 + idle + warming;
  });
});

scenario('what is copied in one pane is pasted in another', async (desk) => {
  const { window, screenHas } = desk;
  const [from, to] = await window.panes();
  await window.runIn(from.sessionId, 'clear; echo quicksilver-lining');
  await window.shows(from.sessionId, 'quicksilver-lining');
  // The first line of the terminal, where "clear" has left it.
  await window.selectFirstLine(from.sessionId);
  await window.press('Ctrl+Shift+C');
  await window.typeInto(to.sessionId, 'echo pasted: ');
  await window.press('Ctrl+Shift+V');
  await window.press('Enter');
  await screenHas(to.sessionId, /^pasted: quicksilver-lining$/m);
});

scenario('terminals are drawn in the way that is asked for', async (desk) => {
  const { window, home, screenHas } = desk;
  const panes = await window.panes();
  for (const renderer of ['webgl', 'dom']) {
    await home.synk('settings', 'set', 'terminal.renderer', renderer);
    await waitFor(`${renderer} in every pane`, async () =>
      (await window.renderers()).every((name) => name === renderer),
    );
    for (const [place, { sessionId }] of panes.entries()) {
      await window.runIn(sessionId, `clear; printf '\\e[3${place + 1}m%s\\n' ${renderer}-$((6*7))`);
      await screenHas(sessionId, new RegExp(`^${renderer}-42$`, 'm'));
    }
    await window.screenshot(`drawn-by-${renderer}`);
  }
  await home.synk('settings', 'set', 'terminal.renderer', 'auto');
});

scenario('keys of the terminal reach the program', async ({ window, screenHas }) => {
  const [, , { sessionId }] = await window.panes();
  await window.runIn(sessionId, 'clear; echo ready; cat -v');
  await screenHas(sessionId, /^ready$/m);
  await window.type('a/b');
  // Ctrl+b is Synk's own, and the program's when it is pressed twice.
  for (const chord of ['Esc', 'Ctrl+b', 'Ctrl+b', 'Ctrl+a', 'Alt+f']) await window.press(chord);
  await window.type('é→語');
  await window.press('Enter');
  await screenHas(sessionId, /^a\/b\^\[\^B\^A\^\[fé→語$/m);
  await window.press('Ctrl+c');
  await screenHas(sessionId, /\$\s*$/);
});

scenario('a session that ended says how, and Enter starts it again', async (desk) => {
  const { window, home, screenHas } = desk;
  const [, { sessionId }] = await window.panes();
  await window.runIn(sessionId, 'exit 7');
  await waitFor('the exit code', async () => {
    const { state, text } = await window.pane(sessionId);
    return state === 'exited' && /\b7\b/.test(text);
  });
  await window.screenshot('ended');
  await window.press('Enter');
  await waitFor('the session to run again', async () => {
    const session = (await home.sessions()).find((one) => one.sessionId === sessionId);
    return session.state === 'running';
  });
  await window.runIn(sessionId, 'clear; echo again-$((1+1))');
  await screenHas(sessionId, /^again-2$/m);
});
