// Work on branches of its own in the real window, with real repositories: panes in worktrees,
// who is in whose way, the review and what is done with it, and what was removed coming back.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { openDesk } from './harness/desk.mjs';
import { gitIn, makeRepository, read, write } from './harness/repository.mjs';
import { waitFor } from './harness/waiting.mjs';

const { scenario } = openDesk({ agents: '--work 20' });

const LAMP = [
  '// A lamp, and what it shines with.',
  'export interface Lamp {',
  '  name: string;',
  '  watts: number;',
  '}',
  '',
  'export function makeLamp(name: string): Lamp {',
  '  return { name, watts: 40 };',
  '}',
  '',
  'export function describe(lamp: Lamp): string {',
  "  return lamp.name + ' with ' + lamp.watts + ' W';",
  '}\n',
].join('\n');
const README = '# Lamps\n\nThey shine.\n';
/** What the agent on `feat/lamp` makes of it. */
const BRIGHTER = LAMP.replace('watts: 40', 'watts: 60').replace(
  "lamp.name + ' with ' + lamp.watts + ' W'",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
  '`${lamp.name} with ${lamp.watts} W`',
);
/** What the person on `feat/shade` makes of it. */
const DARKER = LAMP.replace('watts: 40', 'watts: 25');

/** The session on a branch. */
const on = async (home, branch) => {
  const found = (await home.sessions()).find((one) => one.branch === branch);
  assert.ok(found, `a session on ${branch}`);
  return found;
};

/** What of a branch is in the trash. */
const trashOf = async (home, branch) =>
  JSON.parse(await home.synk('trash', 'ls', '--json')).find((entry) => entry.branch === branch);

/** Opens the sheet of a new branch and waits until its field has the keyboard. */
async function askForBranch(window) {
  await window.run('New pane on a branch of its own');
  await branchHasKeyboard(window);
}

const branchHasKeyboard = (window) =>
  waitFor('the field of the branch', () =>
    window.driver.executeScript(() => document.activeElement?.matches('[aria-label="Branch"]')),
  );

/** Chooses an agent in that sheet, and goes back to the field of the branch by keys. */
async function chooseAgent(window, name) {
  await window.click(name);
  const isThere = () => document.activeElement?.matches('[aria-label="Branch"]');
  for (let step = 0; step < 6; step += 1) {
    if (await window.driver.executeScript(isThere)) return;
    await window.press('Tab');
  }
  await branchHasKeyboard(window);
}

/** Opens the review of the pane that has the keyboard, by its key, and waits for its lines. */
async function openReview(window) {
  await window.press('Ctrl+Shift+G');
  await waitFor('the lines of a file', async () => (await lines(window)).length > 0);
}

/** The lines of the file that is looked at: their sign and their text. */
const lines = (window) =>
  window.driver.executeScript(() =>
    [...document.querySelectorAll('[data-testid="line"]')].map((line) => ({
      change: line.dataset.change,
      halves: [...line.querySelectorAll('button ~ span:last-child')].map((half) =>
        half.textContent.replace('\u200b', ''),
      ),
    })),
  );

/** The files of the review, with what is said beside each. */
const reviewed = (window) =>
  window.driver.executeScript(() =>
    [...document.querySelectorAll('[data-testid="review-file"]')].map((file) => file.dataset.path),
  );

const reviewedAre = (window, expected) =>
  waitFor(`the files ${expected} in the review`, async () => {
    const found = await reviewed(window);
    if (String(found) !== String(expected)) throw new Error(String(found));
    return true;
  });

/** How the lines stand: as the button says that is pressed. */
const layoutIs = (window, name) =>
  window.says('fieldset[aria-label="Lines"] [aria-pressed="true"]', new RegExp(`^${name}$`));

/** Writes a comment on the line that is changed first, by keys. */
async function comment(window, text) {
  await window.press('c');
  await waitFor('the field of the comment', () =>
    window.driver.executeScript(() =>
      document.activeElement?.matches('[data-testid="comment-editor"] textarea'),
    ),
  );
  await window.type(text);
  await window.press('Enter');
  await window.says('[data-testid="comment"]', new RegExp(text));
}

/** Brings the branch on review into main, as the menu says, and waits for what comes of it. */
async function merge(window, outcome) {
  await window.click(/^Merge into main$/);
  await window.click(/^Merge ?All/);
  return window.says(`[data-outcome="${outcome}"]`, /./);
}

scenario('a shell on a branch of its own', async ({ window, home, screenHas }) => {
  makeRepository(home, { 'src/lamp.ts': LAMP, 'README.md': README, '.gitignore': 'build/\n' });
  await window.inProject(home.project);
  await window.click(/^New pane$/);
  await window.click(/^On a branch of its own…$/);
  await branchHasKeyboard(window);
  await chooseAgent(window, /^Shell$/);
  await window.type('feat/shade');
  await window.screenshot('worktrees-branch-sheet');
  await window.press('Enter');
  await window.hasPanes(1);
  await window.sheetIsGone();
  const { sessionId, worktree } = await on(home, 'feat/shade');
  await waitFor('the keyboard', async () => (await window.keyboard()) === sessionId);
  const pane = await window.pane(sessionId);
  assert.match(pane.text, /feat\/shade/);
  assert.ok(pane.inWorktree);
  assert.notEqual(worktree, home.project);
  await window.type('pwd');
  await window.press('Enter');
  await screenHas(sessionId, new RegExp(`^${worktree}$`, 'm'));
  assert.equal(gitIn(home, worktree, 'branch', '--show-current'), 'feat/shade');
});

scenario('an agent on another', async ({ window, home }) => {
  await askForBranch(window);
  await chooseAgent(window, /^Claude Code$/);
  await window.type('feat/lamp');
  await window.press('Enter');
  await window.hasPanes(2);
  await window.sheetIsGone();
  const { sessionId, worktree } = await on(home, 'feat/lamp');
  await window.statusIs(sessionId, 'idle');
  assert.ok((await window.pane(sessionId)).inWorktree);
  assert.notEqual(worktree, (await on(home, 'feat/shade')).worktree);
});

scenario('a branch that another pane holds is refused, and why is said', async (desk) => {
  const { window, home } = desk;
  const { sessionId } = await on(home, 'feat/shade');
  await askForBranch(window);
  await window.type('feat/shade');
  await window.press('Enter');
  const words = await window.says('[role="dialog"] [role="alert"]', /choose another branch/);
  assert.match(words, new RegExp(`^Session ${sessionId} `));
  // The list of branches is out of the way of what is said.
  assert.equal(await window.textOf('[role="listbox"]'), null);
  // The keyboard is where it was, for another name.
  await branchHasKeyboard(window);
  await window.screenshot('worktrees-held');
  await window.press('Ctrl+a');
  await window.press('Backspace');
  await waitFor(
    'the words to go',
    async () => (await window.textOf('[role="dialog"] [role="alert"]')) === null,
  );
  await window.click(/^Cancel$/);
  await window.sheetIsGone();
  assert.equal((await window.panes()).length, 2);
});

scenario('two that change one file are told so', async ({ window, home }) => {
  const shade = await on(home, 'feat/shade');
  const lamp = await on(home, 'feat/lamp');
  write(lamp.worktree, { 'src/lamp.ts': BRIGHTER, 'README.md': `${README}Brightly.\n` });
  write(shade.worktree, { 'src/lamp.ts': DARKER });
  for (const { sessionId } of [shade, lamp]) {
    await waitFor('the mark', async () => /: 1 file$/.test((await window.pane(sessionId)).overlap));
  }
  await window.focusPane(lamp.sessionId);
  await window.click(/^overlaps with pane 1: 1 file$/);
  const popover = '[aria-label="Who changes the same files"]';
  await window.says(popover, /src\/lamp\.ts.*conflict/);
  await window.says(popover, /feat\/shade/);
  await window.screenshot('worktrees-overlap');
  await window.press('Esc');
  await waitFor('its end', async () => (await window.textOf(popover)) === null);
  assert.equal(await window.keyboard(), lamp.sessionId);
});

scenario('the review shows what was changed, side by side and in one', async (desk) => {
  const { window } = desk;
  await openReview(window);
  await reviewedAre(window, ['src/lamp.ts', 'README.md']);
  await window.says('[data-testid="review-sum"]', /^2 files \+3 −2$/);
  await layoutIs(window, 'Unified');
  const unified = await lines(window);
  const changed = unified.filter(({ change }) => change !== 'context');
  assert.deepEqual(
    changed.map(({ change, halves }) => [change, halves[0].trim()]),
    [
      ['deleted', 'return { name, watts: 40 };'],
      ['added', 'return { name, watts: 60 };'],
      ['deleted', "return lamp.name + ' with ' + lamp.watts + ' W';"],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program.
      ['added', 'return `${lamp.name} with ${lamp.watts} W`;'],
    ],
  );
  await window.press('u');
  await layoutIs(window, 'Split');
  const split = await lines(window);
  const pair = split.find(({ halves }) => halves[0]?.includes('watts: 40'));
  assert.deepEqual(
    pair.halves.map((half) => half.trim()),
    ['return { name, watts: 40 };', 'return { name, watts: 60 };'],
  );
  await window.screenshot('worktrees-review-split');
  await window.press('u');
  await layoutIs(window, 'Unified');
});

scenario('a comment on a line goes to the agent as a prompt', async ({ window, home, agents }) => {
  const { sessionId } = await on(home, 'feat/lamp');
  await window.press('n');
  await comment(window, 'Ask for the watts instead');
  await window.says('[data-testid="comments"]', /^1 comment$/);
  await window.screenshot('worktrees-review-comment');
  await window.click(/^Send to claude$/);
  const prompt = await waitFor('the prompt', () => agents.prompts(sessionId).at(-1));
  assert.equal(
    prompt,
    'Please work through these comments on your changes on feat/lamp:\n\n' +
      'src/lamp.ts:8 (a line that was removed)\n' +
      '>   return { name, watts: 40 };\nAsk for the watts instead',
  );
  assert.equal(agents.prompts(sessionId).length, 1);
  await window.says('[data-testid="comments"]', /^1 sent$/);
  await window.click(/^Clear what was sent$/);
});

scenario('a file is discarded, and brought back', async ({ window, home }) => {
  const { worktree } = await on(home, 'feat/lamp');
  await window.click(/README\.md/);
  await waitFor('its lines', async () =>
    (await lines(window)).some(({ halves }) => halves.includes('Brightly.')),
  );
  await window.click(/^Discard what is in no commit of this file$/);
  await window.readToast(/README\.md discarded/);
  assert.equal(read(worktree, 'README.md'), README);
  await reviewedAre(window, ['src/lamp.ts']);
  await window.says('[data-testid="no-lines"]', /does not differ any more/);
  await window.screenshot('worktrees-discarded');
  // What is done meanwhile in other files stays.
  const meanwhile = BRIGHTER.replace('60', '65');
  write(worktree, { 'src/lamp.ts': meanwhile });
  await window.click(/^Undo$/);
  await reviewedAre(window, ['src/lamp.ts', 'README.md']);
  assert.equal(read(worktree, 'README.md'), `${README}Brightly.\n`);
  assert.equal(read(worktree, 'src/lamp.ts'), meanwhile);
  write(worktree, { 'src/lamp.ts': BRIGHTER });
});

scenario('it is committed, and merged where main is checked out', async ({ window, home }) => {
  const { worktree } = await on(home, 'feat/lamp');
  const dirty = await merge(window, 'dirty');
  assert.match(dirty, /in no commit/);
  await window.screenshot('worktrees-merge-dirty');
  await window.click(/^Write a message$/);
  await window.type('Brighter lamps');
  await window.press('Ctrl+Enter');
  await window.says('[data-outcome="committed"]', /^Committed as [0-9a-f]{8}/);
  await window.says('[data-testid="uncommitted"]', /^All is in commits, 1 commit ahead$/);
  assert.equal(gitIn(home, worktree, 'log', '-1', '--format=%an: %s'), 'Ada: Brighter lamps');
  assert.equal(gitIn(home, worktree, 'status', '--porcelain'), '');

  const question = await merge(window, 'checked_out');
  assert.ok(question.includes(home.project), question);
  assert.equal(read(home.project, 'src/lamp.ts'), LAMP);
  await window.screenshot('worktrees-merge-question');

  // What the person has begun there is in no commit either: it is not touched.
  write(home.project, { 'src/lamp.ts': '// Begun.\n' });
  await window.click(/^Merge and update$/);
  const begun = await window.says('[data-outcome="dirty"]', /in no commit/);
  assert.ok(begun.includes(home.project) && !begun.includes('Write a message'), begun);
  assert.equal(read(home.project, 'src/lamp.ts'), '// Begun.\n');
  write(home.project, { 'src/lamp.ts': LAMP });

  await merge(window, 'checked_out');
  await window.click(/^Merge and update$/);
  await window.says('[data-outcome="merged"]', /feat\/lamp is in main now/);
  assert.equal(read(home.project, 'src/lamp.ts'), BRIGHTER);
  assert.equal(gitIn(home, home.project, 'status', '--porcelain'), '');
  assert.match(gitIn(home, home.project, 'log', '--format=%s', 'main'), /Brighter lamps/);
  await window.says('[data-testid="review"]', /Nothing to review/);
  await window.screenshot('worktrees-merged');
  await window.press('Ctrl+Shift+G');
  await window.sheetIsGone();
});

scenario('what is in conflict is not merged, and is named', async ({ window, home }) => {
  const { sessionId, worktree } = await on(home, 'feat/shade');
  await window.focusPane(sessionId);
  await window.runIn(sessionId, 'git commit --quiet --all --message "Darker lamps"; clear');
  await waitFor(
    'the commit',
    () => gitIn(home, worktree, 'log', '-1', '--format=%s') === 'Darker lamps',
  );
  await openReview(window);
  const main = gitIn(home, home.project, 'rev-parse', 'main');
  assert.match(await merge(window, 'checked_out'), /main/);
  await window.click(/^Merge and update$/);
  await window.says('[data-outcome="conflicts"]', /nothing was merged.*src\/lamp\.ts/);
  await window.screenshot('worktrees-merge-conflict');
  assert.equal(gitIn(home, home.project, 'rev-parse', 'main'), main);
  assert.equal(gitIn(home, home.project, 'status', '--porcelain'), '');
  assert.equal(gitIn(home, worktree, 'status', '--porcelain'), '');
  await window.press('Esc');
  await window.sheetIsGone();
});

scenario('a closed pane leaves its worktree, which is removed and comes back', async (desk) => {
  const { window, home } = desk;
  const { sessionId, worktree } = await on(home, 'feat/shade');
  write(worktree, { 'notes.md': 'A thought.\n', 'build/out': 'made' });
  await window.closePane(sessionId);
  await window.hasPanes(1);
  await window.readToast(/Worktree feat\/shade kept/);
  await window.screenshot('worktrees-kept');
  assert.ok(existsSync(worktree));
  await window.click(/^Remove$/);
  await window.readToast(/Worktree feat\/shade removed/);
  await window.screenshot('worktrees-removed');
  assert.ok(!existsSync(worktree));
  await window.click(/^Undo$/);
  await window.readToast(/feat\/shade is back/);
  assert.equal(read(worktree, 'notes.md'), 'A thought.\n');
  assert.equal(gitIn(home, worktree, 'branch', '--show-current'), 'feat/shade');
  assert.equal(gitIn(home, worktree, 'status', '--porcelain'), '?? notes.md');
});

/** The rows of the worktrees sheet that a mark has. */
const rows = (window, mark) =>
  window.driver.executeScript(
    (wanted) =>
      [...document.querySelectorAll(`[data-testid="${wanted}"]`)].map((row) => row.textContent),
    mark,
  );

const rowsAre = (window, mark, count) =>
  waitFor(`${count} of ${mark}`, async () => {
    const found = await rows(window, mark);
    return found.length === count && found;
  });

scenario('the worktrees are listed, removed with their branch and restored', async (desk) => {
  const { window, home } = desk;
  const branch = () => gitIn(home, home.project, 'branch', '--list', 'feat/shade');
  await window.run('Worktrees');
  const listed = (await rowsAre(window, 'worktree', 2)).join('\n');
  assert.match(listed, /feat\/lamp/);
  assert.match(listed, /feat\/shade/);
  await window.click(/^Remove feat\/shade…$/);
  await window.says('[data-testid="worktree"]:last-child', /all but what git ignores/);
  await window.clickOn('[role="checkbox"]');
  await window.screenshot('worktrees-sheet-question');
  await window.click(/^Remove$/);
  await window.readToast(/Worktree and branch feat\/shade removed/);
  await rowsAre(window, 'worktree', 1);
  assert.equal(branch(), '');
  const trash = await rowsAre(window, 'trash', 3);
  assert.match(trash[0], /feat\/shade.*1 file in no commit/);
  assert.match(trash[2], /feat\/lamp.*1 file discarded/);
  await window.screenshot('worktrees-sheet');
  await window.click(/^Restore feat\/shade$/);
  await rowsAre(window, 'worktree', 2);
  await window.says('[data-testid="trash"]', /its folder is there again/);
  // It is not offered a second time.
  await waitFor('the end of the offer', async () =>
    (await window.toasts()).every((text) => !text.includes('Undo')),
  );
  assert.match(branch(), /feat\/shade/);
  await window.click(/^Delete feat\/shade for good…$/);
  await window.screenshot('worktrees-sheet-for-good');
  await window.click(/^Delete for good$/);
  await rowsAre(window, 'trash', 2);
  await window.press('Esc');
  await window.sheetIsGone();
});

scenario('what a project wants to run is shown, and run when that is agreed to', async (desk) => {
  const { window, home } = desk;
  const words = 'echo ready > ready.txt';
  write(home.project, { 'synk.toml': `[worktree]\nsetup = "${words}"\n` });
  gitIn(home, home.project, 'add', 'synk.toml');
  gitIn(home, home.project, 'commit', '--quiet', '--message', 'Set up');
  const before = (await window.panes()).length;
  await askForBranch(window);
  await chooseAgent(window, /^Shell$/);
  await window.type('feat/set-up');
  await window.press('Enter');
  await window.says('[role="dialog"] [role="alert"]', /echo ready > ready\.txt/);
  await window.screenshot('worktrees-set-up');
  // A second Enter is no answer.
  await window.press('Enter');
  await window.says('[role="dialog"] [role="alert"]', /echo ready > ready\.txt/);
  assert.equal((await window.panes()).length, before);
  await window.click(/^Run it, now and later/);
  await window.hasPanes(before + 1);
  await window.sheetIsGone();
  const { sessionId, worktree } = await on(home, 'feat/set-up');
  assert.equal(read(worktree, 'ready.txt'), 'ready\n');
  await window.closePane(sessionId);
  await window.hasPanes(before);
  await home.synk('worktree', 'rm', 'feat/set-up');
  await home.synk('trash', 'empty', (await trashOf(home, 'feat/set-up')).id);
});

scenario('all of it in light', async (desk) => {
  const { home } = desk;
  const window = await desk.reopen({ light: true });
  await window.hasPanes(1);
  const lamp = await on(home, 'feat/lamp');
  await window.focusPane(lamp.sessionId);
  await askForBranch(window);
  await chooseAgent(window, /^Shell$/);
  await window.type('feat/rail');
  await window.screenshot('light-worktrees-branch-sheet');
  await window.press('Ctrl+a');
  await window.type('feat/shade');
  await window.says('[role="dialog"]', /with this branch as it is/);
  await window.press('Enter');
  await window.hasPanes(2);
  await window.sheetIsGone();
  // It was removed and restored, with what had been done in it.
  const shade = await on(home, 'feat/shade');
  assert.equal(read(shade.worktree, 'notes.md'), 'A thought.\n');

  write(lamp.worktree, { 'src/lamp.ts': BRIGHTER.replace('60', '75') });
  await waitFor('the mark', async () => (await window.pane(shade.sessionId)).overlap);
  await window.focusPane(lamp.sessionId);
  await window.click(/^overlaps with pane 1: 1 file$/);
  await window.says('[aria-label="Who changes the same files"]', /src\/lamp\.ts/);
  await window.screenshot('light-worktrees-overlap');
  await window.press('Esc');
  await waitFor('the keyboard', async () => (await window.keyboard()) === lamp.sessionId);

  await openReview(window);
  await window.press('u');
  await layoutIs(window, 'Split');
  await window.screenshot('light-worktrees-review-split');
  await window.press('u');
  await layoutIs(window, 'Unified');
  await comment(window, 'Is that not too bright');
  await window.screenshot('light-worktrees-review-comment');
  await merge(window, 'dirty');
  await window.click(/^Write a message$/);
  await window.type('Very bright lamps');
  await window.press('Ctrl+Enter');
  await window.says('[data-outcome="committed"]', /^Committed as/);
  await merge(window, 'checked_out');
  await window.screenshot('light-worktrees-merge-question');
  await window.click(/^Cancel$/);
  await window.press('Ctrl+Shift+G');
  await window.sheetIsGone();

  await window.closePane(shade.sessionId);
  await window.hasPanes(1);
  await window.click(/^Remove$/);
  await waitFor('its end', () => !existsSync(shade.worktree));
  await window.run('Worktrees');
  await rowsAre(window, 'trash', 3);
  await window.screenshot('light-worktrees-sheet');
});
