// Branches of their own in the whole window: asking for one, who is in whose way, and the
// worktrees that stay.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { chooseProject } from '@/features/projects';
import { FAKE_HOME, type FakeTransport } from '@/transport/fake';
import { CTRL_SHIFT, hold, press, seriousFaults, showApp } from './app-on-show';

const PROJECT = `${FAKE_HOME}/src/lamp`;
const inProject = () =>
  localStorage.setItem('synk.projects', JSON.stringify({ current: PROJECT, recent: [PROJECT] }));
const onBranch = (fake: FakeTransport, branch: string) =>
  fake.call('session:create', { agentType: 'claude_code', projectPath: PROJECT, branch });
const two = async (fake: FakeTransport) => {
  await onBranch(fake, 'feat/a');
  await onBranch(fake, 'feat/b');
};
async function fromPalette(words: string): Promise<void> {
  press('P', CTRL_SHIFT);
  await userEvent.type(await screen.findByRole('combobox'), `${words}{Enter}`);
}

describe('a pane on a branch of its own', () => {
  it('is asked for in the menu, with what is wrong said at once', async () => {
    inProject();
    const { fake, focused } = await showApp(1);
    await userEvent.click(screen.getByRole('button', { name: 'New pane' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'On a branch of its own…' }));
    const sheet = await screen.findByRole('dialog', { name: 'On a branch of its own' });
    const branch = await within(sheet).findByRole('combobox', { name: 'Branch' });
    await waitFor(() => expect(document.activeElement).toBe(branch));
    await userEvent.type(branch, 'feat/two words');
    expect(within(sheet).getByRole('alert').textContent).toContain('no spaces');
    const open = within(sheet).getByRole<HTMLButtonElement>('button', { name: /^Open pane/ });
    expect(open.disabled).toBe(true);
    expect(await seriousFaults()).toEqual([]);
    await userEvent.clear(branch);
    await userEvent.type(branch, 'feat/horn');
    await userEvent.click(within(sheet).getByRole('button', { name: 'OpenAI Codex' }));
    const base = within(sheet).getByRole('combobox', { name: 'Base branch' });
    await userEvent.type(base, 'ma{ArrowDown}{Enter}');
    expect((base as HTMLInputElement).value).toBe('main');
    await userEvent.type(base, '{Enter}');
    await waitFor(() => expect(focused()).toBe(2));
    expect(fake.callsOf('session:create').at(-1)).toMatchObject({
      agentType: 'codex',
      projectPath: PROJECT,
      branch: 'feat/horn',
      baseBranch: 'main',
      cols: expect.any(Number),
    });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const pane = screen.getByRole('region', { name: 'codex' });
    expect(within(pane).getByRole('img', { name: 'In a worktree of its own' })).toBeDefined();
  });

  it('keeps what was written when it cannot be made', async () => {
    inProject();
    const { fake } = await showApp(1);
    await fromPalette('branch of its own');
    const branch = await screen.findByRole('combobox', { name: 'Branch' });
    fake.fail('session:create', { code: 'conflict', message: 'feat/horn is locked.' });
    await userEvent.type(branch, 'feat/horn{Enter}');
    expect((await screen.findByRole('alert')).textContent).toBe('feat/horn is locked.');
    expect(document.activeElement).toBe(branch);
    await userEvent.keyboard('{Escape}{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await fromPalette('branch of its own');
    const again = await screen.findByRole<HTMLInputElement>('combobox', { name: 'Branch' });
    expect(again.value).toBe('feat/horn');
  });
});

it('panes that open late leave the project that was chosen meanwhile', async () => {
  inProject();
  const { fake, synk, panes } = await showApp(1);
  const other = `${FAKE_HOME}/src/horn`;
  const go = hold(fake, 'session:create');
  await fromPalette('branch of its own');
  const sheet = await screen.findByRole('dialog', { name: 'On a branch of its own' });
  await userEvent.type(
    await within(sheet).findByRole('combobox', { name: 'Branch' }),
    'feat/horn{Enter}',
  );
  await userEvent.click(await within(sheet).findByRole('button', { name: 'Close' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  press('N', CTRL_SHIFT);
  act(() => chooseProject(synk.projects, other));
  await act(async () => go());
  await screen.findByText('A pane on feat/horn is open');
  await waitFor(() => expect(panes()).toHaveLength(3));
  expect(synk.projects.getState()).toEqual({ current: other, recent: [PROJECT, other] });
});

describe('sessions that change the same files', () => {
  it('say so in their headers, and lead to each other', async () => {
    const { fake, synk, focused } = await showApp(0, two);
    expect(screen.queryByTestId('overlap')).toBeNull();
    act(() => {
      for (const id of [1, 2]) {
        fake.git.write(id, 'src/same.ts', 'same\n');
        fake.git.write(id, 'src/lamp.ts', `${id}\n`);
      }
    });
    const [mark] = await screen.findAllByTestId('overlap');
    expect(mark?.getAttribute('aria-label')).toBe('overlaps with pane 2: 2 files');
    expect(mark?.dataset.conflicts).toBe('true');
    await userEvent.click(mark as HTMLElement);
    const list = await screen.findByRole('dialog', { name: 'Who changes the same files' });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual(['src/lamp.tsconflict', 'src/same.ts']);
    expect(await seriousFaults()).toEqual([]);
    await userEvent.click(within(list).getByRole('button', { name: 'Go to pane 2' }));
    await waitFor(() => expect(focused()).toBe(2));
    await userEvent.click(screen.getAllByTestId('overlap')[1] as HTMLElement);
    await userEvent.click(await screen.findByRole('button', { name: 'Review pane 1' }));
    expect(synk.chrome.getState().sheet).toBe('review');
    expect((await screen.findByRole('dialog', { name: 'Review of claude' })).isConnected).toBe(
      true,
    );
  });

  it('show how much they have changed, once they have come to rest', async () => {
    const { fake } = await showApp(0, two);
    expect(screen.getAllByTestId('review-button')[0]?.textContent).toBe('');
    await act(async () => {
      fake.git.write(1, 'src/lamp.ts', 'one\ntwo\n');
      fake.happen(1, (session) => session.report('working'));
    });
    expect(screen.getAllByTestId('review-button')[0]?.textContent).toBe('');
    await act(async () => fake.happen(1, (session) => session.report('done')));
    await waitFor(() =>
      expect(screen.getAllByTestId('review-button')[0]?.textContent).toBe('+2−3'),
    );
  });
});

describe('worktrees', () => {
  it('stay when their pane is closed, and go and come back from the message', async () => {
    const { fake } = await showApp(0, async (daemon) => {
      await two(daemon);
      await onBranch(daemon, 'feat/b');
    });
    const close = async (sessionId: number) => {
      press(String(sessionId), { altKey: true });
      press('W', CTRL_SHIFT);
      await waitFor(() =>
        expect(document.querySelector(`[data-session-id="${sessionId}"]`)).toBeNull(),
      );
    };
    await close(3);
    expect(screen.queryByText(/ kept/)).toBeNull();
    await close(1);
    await screen.findByText(/^Worktree feat\/a kept\. .*ignores/);
    await userEvent.click(screen.getByRole('button', { name: 'Remove' }));
    await screen.findByText('Worktree feat/a removed');
    const [call] = fake.callsOf('git:delete_worktree');
    expect(call).toEqual({ path: `${PROJECT}.worktrees/feat-a` });
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    await screen.findByText(/^feat\/a is back$/);
    expect(fake.callsOf('git:restore')).toHaveLength(1);
  });

  it('are listed with the trash, which is emptied only when it is meant', async () => {
    const { fake } = await showApp(0, async (daemon) => {
      await two(daemon);
      const made = { projectPath: PROJECT, branch: 'old' };
      const { worktreePath } = await daemon.call('git:create_worktree', made);
      await daemon.call('git:delete_worktree', { path: worktreePath });
      await daemon.call('git:create_worktree', { ...made, branch: 'alone' });
    });
    await fromPalette('worktrees');
    const sheet = await screen.findByRole('dialog', { name: 'Worktrees' });
    await waitFor(() => expect(within(sheet).getAllByTestId('worktree')).toHaveLength(3));
    const remove = (name: string) =>
      within(sheet).getByRole<HTMLButtonElement>('button', { name: `Remove ${name}…` });
    expect(remove('feat/a').disabled).toBe(true);
    expect(await seriousFaults()).toEqual([]);
    await userEvent.click(remove('alone'));
    const question = within(sheet).getByRole('alertdialog', { name: 'Remove alone?' });
    expect(document.activeElement?.textContent).toBe('Keep');
    await userEvent.click(within(question).getByRole('checkbox', { name: /Delete the branch/ }));
    expect(await seriousFaults()).toEqual([]);
    await userEvent.click(within(question).getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(within(sheet).getAllByTestId('trash')).toHaveLength(2));
    expect(fake.callsOf('git:delete_worktree').at(-1)).toMatchObject({ deleteBranch: true });
    await userEvent.click(within(sheet).getByRole('button', { name: 'Delete old for good…' }));
    const keep = within(sheet).getByRole('button', { name: 'Keep' });
    expect(document.activeElement).toBe(keep);
    expect(fake.callsOf('git:empty_trash')).toEqual([]);
    await userEvent.click(within(sheet).getByRole('button', { name: 'Delete for good' }));
    await waitFor(() => expect(within(sheet).getAllByTestId('trash')).toHaveLength(1));
    await userEvent.click(within(sheet).getByRole('button', { name: 'Restore alone' }));
    await waitFor(() => expect(within(sheet).getAllByTestId('worktree')).toHaveLength(3));
    expect(within(sheet).getByTestId('trash').textContent).toContain('its folder is there again');
  });
});

it('lists of texts are edited one by one in the settings', async () => {
  const { fake } = await showApp(1);
  press(',', { ctrlKey: true, keyCode: 188 });
  const page = await screen.findByRole('dialog', { name: 'Settings' });
  await userEvent.click(await within(page).findByRole('button', { name: 'Worktrees' }));
  const field = within(page).getByRole('textbox', {
    name: 'Files that come along: one more pattern',
  });
  await userEvent.type(field, 'config/local.yml{Enter}');
  await waitFor(() =>
    expect(fake.callsOf('settings:set').at(-1)).toEqual({
      settings: { worktrees: { copy: ['.env*', 'config/local.yml'] } },
    }),
  );
  await userEvent.click(within(page).getByRole('button', { name: 'Take out .env*' }));
  await waitFor(() =>
    expect(fake.callsOf('settings:set').at(-1)).toEqual({
      settings: { worktrees: { copy: ['config/local.yml'] } },
    }),
  );
  expect(await seriousFaults()).toEqual([]);
});
