// Layouts in the whole window: saved, listed, brought back, renamed and deleted.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { FAKE_HOME, type FakeTransport } from '@/transport/fake';
import { CTRL_SHIFT, hold, press, seriousFaults, showApp } from './app-on-show';

/** Layouts of two panes that have ended since. */
const saved =
  (...names: string[]) =>
  async (fake: FakeTransport) => {
    for (const name of ['a', 'b']) {
      await fake.call('session:create', { agentType: 'codex', projectPath: FAKE_HOME, name });
    }
    for (const name of names) {
      const automatic = name === 'autosave';
      fake.layouts.save(name, { automatic, savedAt: Date.now() - 60_000 * names.indexOf(name) });
    }
    for (const sessionId of [1, 2]) await fake.call('session:destroy', { sessionId });
  };
const openList = async () => {
  press('L', CTRL_SHIFT);
  const sheet = await screen.findByRole('dialog', { name: 'Layouts' });
  await within(sheet).findAllByTestId('layout');
  return sheet;
};
const names = (fake: FakeTransport) =>
  fake.call('persistence:list_saved', {}).then((all) => all.map(({ name }) => name));

describe('saving a layout', () => {
  it('takes a name, and replaces another one only when that is meant', async () => {
    const { fake, keyboardOf } = await showApp(1);
    fake.layouts.save('release');
    press('S', CTRL_SHIFT);
    const sheet = await screen.findByRole('dialog', { name: 'Save layout' });
    const field = await within(sheet).findByRole('textbox', { name: 'Name' });
    await waitFor(() => expect(document.activeElement).toBe(field));
    await userEvent.click(within(sheet).getByRole('checkbox', { name: /environment variables/ }));
    expect(within(sheet).getByRole('status').textContent).toContain('stored readable');
    await userEvent.type(field, 'release{Enter}');
    await within(sheet).findByRole('alertdialog', { name: 'Replace release?' });
    expect(document.activeElement?.textContent).toBe('Keep it');
    expect(await seriousFaults()).toEqual([]);
    await userEvent.keyboard('{Enter}');
    expect(document.activeElement).toBe(field);
    await userEvent.type(field, '{Enter}');
    await userEvent.click(await within(sheet).findByRole('button', { name: 'Replace' }));
    await screen.findByText('Layout release saved');
    expect(fake.callsOf('persistence:save_session').at(-1)).toEqual({
      name: 'release',
      replace: true,
      envValues: true,
    });
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
  });

  it('says why it cannot be saved, and keeps what was written', async () => {
    const { fake } = await showApp(1);
    press('S', CTRL_SHIFT);
    const field = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Name' });
    fake.fail('persistence:save_session', { code: 'invalid', message: 'The disk is full.' });
    await userEvent.type(field, 'release{Enter}');
    expect((await screen.findByRole('alert')).textContent).toBe('The disk is full.');
    expect(field.value).toBe('release');
  });

  /** Saves a layout, and goes to the settings before that is done. The result lets it be done. */
  const saveAndGoOn = async (fake: FakeTransport) => {
    const go = hold(fake, 'persistence:save_session');
    press('S', CTRL_SHIFT);
    await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), 'release{Enter}');
    await screen.findByRole('button', { name: 'Saving…' });
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    press(',', { ctrlKey: true });
    await screen.findByRole('dialog', { name: 'Settings' });
    return () => act(async () => go());
  };

  it('that takes long closes nothing that was opened meanwhile', async () => {
    const { fake } = await showApp(1);
    const go = await saveAndGoOn(fake);
    await go();
    await screen.findByText('Layout release saved');
    expect(screen.getByRole('dialog', { name: 'Settings' }).isConnected).toBe(true);
  });

  it('that takes long and fails says so to whoever has gone on', async () => {
    const { fake } = await showApp(1);
    fake.fail('persistence:save_session', { code: 'invalid', message: 'The disk is full.' });
    const go = await saveAndGoOn(fake);
    await go();
    await screen.findByText('The layout was not saved: The disk is full.');
  });
});

describe('the layouts', () => {
  it('that cannot be brought back say so also to whoever has gone on', async () => {
    const { fake } = await showApp(1, saved('release'));
    fake.fail('persistence:load_session', { code: 'invalid', message: 'It is damaged.' });
    const go = hold(fake, 'persistence:load_session');
    const sheet = await openList();
    await userEvent.click(within(sheet).getByRole('button', { name: 'Restore release' }));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await act(async () => go());
    const told = await screen.findByText(/It is damaged\./);
    expect(told.closest('[role="alert"]')).not.toBeNull();
  });

  it('are brought back, and what could not be says why', async () => {
    const { fake, panes } = await showApp(0, saved('release', 'autosave'));
    fake.layouts.broken.set('b', 'its folder is gone');
    const sheet = await openList();
    expect(within(sheet).getByText('Saved by itself').isConnected).toBe(true);
    await userEvent.click(within(sheet).getByRole('button', { name: 'Restore release' }));
    const notice = await within(sheet).findByRole('status');
    expect(notice.textContent).toContain(
      'release: 1 pane is back, started anew, with one problem.',
    );
    expect(notice.textContent).toContain('Its folder is gone');
    expect(await seriousFaults()).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(panes()).toHaveLength(1));
    expect(panes()[0]?.ariaLabel).toBe('a');
  });

  it('are renamed and deleted by the keyboard', async () => {
    const { fake } = await showApp(0, saved('release', 'spike'));
    const sheet = await openList();
    await waitFor(() => expect(document.activeElement?.ariaLabel).toBe('Restore release'));
    await userEvent.keyboard('{ArrowDown}');
    expect(document.activeElement?.ariaLabel).toBe('Restore spike');
    await userEvent.click(within(sheet).getByRole('button', { name: 'Rename spike' }));
    await userEvent.keyboard('release{Enter}');
    expect((await within(sheet).findByRole('alert')).textContent).toContain('already');
    await userEvent.click(within(sheet).getByRole('button', { name: 'Rename spike' }));
    await userEvent.keyboard('later{Enter}');
    await within(sheet).findByText('later');
    await userEvent.click(within(sheet).getByRole('button', { name: 'Delete later…' }));
    expect(document.activeElement?.textContent).toBe('Keep');
    await userEvent.keyboard('{Enter}');
    expect(await names(fake)).toContain('later');
    await userEvent.click(within(sheet).getByRole('button', { name: 'Delete later…' }));
    await userEvent.click(within(sheet).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(within(sheet).getAllByTestId('layout')).toHaveLength(1));
    expect(await names(fake)).toEqual(['release']);
  });

  it('that are broken say why, and cannot be restored', async () => {
    await showApp(1, async (fake) => {
      fake.layouts.save('old', { problem: 'it is damaged' });
    });
    const sheet = await openList();
    expect(within(sheet).getByText('It is damaged.').isConnected).toBe(true);
    const restore = within(sheet).getByRole<HTMLButtonElement>('button', { name: 'Restore old' });
    expect(restore.disabled).toBe(true);
  });
});

describe('home', () => {
  it('brings back what was open', async () => {
    const { panes, focused } = await showApp(0, saved('autosave', 'release'));
    const offer = await screen.findByRole('region', { name: 'What was open' });
    expect(offer.textContent).toContain('2 panes were open');
    expect(within(offer).getByRole('img').ariaLabel).toBe('2 × OpenAI Codex');
    expect(screen.getByRole('button', { name: /^Restore release/ }).isConnected).toBe(true);
    expect(await seriousFaults()).toEqual([]);
    await userEvent.click(within(offer).getByRole('button', { name: 'Bring back what was open' }));
    await waitFor(() => expect(panes()).toHaveLength(2));
    expect(focused()).not.toBeNull();
    await screen.findByText(/2 panes are back/);
    expect(screen.queryByRole('tablist')).toBeNull();
  });

  it('says why it could not, and stays', async () => {
    const { fake } = await showApp(0, saved('autosave'));
    fake.fail('persistence:load_session', { code: 'unavailable', message: 'No shell starts.' });
    await userEvent.click(await screen.findByRole('button', { name: /Bring back/ }));
    expect((await screen.findByRole('alert')).textContent).toBe('No shell starts.');
  });

  it('shows the branches of recent projects', async () => {
    const project = `${FAKE_HOME}/src/lamp`;
    localStorage.setItem('synk.projects', JSON.stringify({ current: project, recent: [project] }));
    await showApp(0);
    const row = await screen.findByRole('button', { name: /^lamp/ });
    await waitFor(() => expect(row.textContent).toContain('main'));
    act(() => row.focus());
    expect(row.ariaPressed).toBe('true');
  });
});
