// Closing the window: what is asked, what is done, and that nothing is forced.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { Closing } from '@/protocol/generated/protocol';
import { FAKE_HOME, type FakeTransport } from '@/transport/fake';
import { CTRL_SHIFT, press, seriousFaults, showApp } from './app-on-show';

const agents = async (fake: FakeTransport) => {
  for (const name of ['fixer', 'writer']) {
    await fake.call('session:create', { agentType: 'codex', projectPath: FAKE_HOME, name });
  }
};
const set = (closing: Closing) => async (fake: FakeTransport) => {
  await agents(fake);
  await fake.call('settings:set', { settings: { general: { closing } } });
};
const close = (fake: FakeTransport) => act(async () => fake.machine.askToClose());
const ask = async () => {
  const app = await showApp(1, agents);
  await close(app.fake);
  const sheet = await screen.findByRole('dialog', { name: 'Close the window' });
  return { ...app, sheet };
};

describe('closing the window', () => {
  it('asks nothing while only prompts wait', async () => {
    const { fake } = await showApp(2);
    await close(fake);
    await waitFor(() => expect(fake.machine.closed).toBe(true));
    expect(fake.callsOf('session:destroy')).toEqual([]);
  });

  it('asks while a shell has something running', async () => {
    const { fake } = await showApp(1);
    await act(async () => fake.happen(1, (session) => session.report('working')));
    await close(fake);
    await screen.findByRole('dialog', { name: 'Close the window' });
    expect(fake.machine.closed).toBe(false);
  });

  it('names what runs, and Enter keeps it running', async () => {
    const { fake, sheet } = await ask();
    const list = within(sheet).getByRole('list', { name: 'What runs' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(2);
    expect(list.textContent).toContain('fixer');
    expect(await seriousFaults()).toEqual([]);
    await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Keep running/));
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(fake.machine.closed).toBe(true));
    expect(fake.callsOf('session:destroy')).toEqual([]);
    expect(fake.callsOf('settings:set')).toEqual([]);
  });

  it('is called off by Escape, and asked again it still waits', async () => {
    const { fake, sheet } = await ask();
    await close(fake);
    await close(fake);
    expect(sheet.isConnected).toBe(true);
    expect(fake.machine.closed).toBe(false);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    press('Q', CTRL_SHIFT);
    await screen.findByRole('dialog', { name: 'Close the window' });
    expect(fake.machine.closed).toBe(false);
  });

  it('called off, gives the keyboard back to the sheet below', async () => {
    const { fake } = await showApp(1, agents);
    press('Escape', CTRL_SHIFT);
    press('/');
    const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Prompt' });
    await waitFor(() => expect(document.activeElement).toBe(field));
    await close(fake);
    const sheet = await screen.findByRole('dialog', { name: 'Close the window' });
    await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Keep running/));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(sheet.isConnected).toBe(false));
    expect(document.activeElement).toBe(field);
    await userEvent.keyboard('x');
    expect(field.value).toBe('x');
    expect(fake.callsOf('session:destroy')).toEqual([]);
  });

  it('saves the layout before it ends anything', async () => {
    const { fake, sheet } = await ask();
    await userEvent.click(within(sheet).getByRole('button', { name: /^Save for later/ }));
    await waitFor(() => expect(fake.machine.closed).toBe(true));
    const order = fake.calls.map(({ name }) => name);
    expect(order.indexOf('persistence:save_session')).toBeLessThan(
      order.indexOf('session:destroy'),
    );
    expect(fake.callsOf('session:destroy')).toEqual(
      [1, 2, 3].map((sessionId) => ({ sessionId, force: true })),
    );
    const [layout] = await fake.call('persistence:list_saved', {});
    expect(layout?.agents).toHaveLength(3);
  });

  it('stays, and says why, when the layout cannot be saved', async () => {
    const { fake, sheet } = await ask();
    fake.fail('persistence:save_session', { code: 'internal', message: 'the disk is full' });
    await userEvent.click(within(sheet).getByRole('button', { name: /^Save for later/ }));
    expect((await within(sheet).findByRole('alert')).textContent).toBe('The disk is full.');
    expect(fake.callsOf('session:destroy')).toEqual([]);
    expect(fake.machine.closed).toBe(false);
  });

  it('stays when a session cannot be ended', async () => {
    const { fake, sheet } = await ask();
    fake.fail('session:destroy', { code: 'timeout', message: 'its shim does not answer' } as never);
    await userEvent.click(within(sheet).getByRole('button', { name: /^Stop everything/ }));
    const alert = await within(sheet).findByRole('alert');
    expect(alert.textContent).toContain('its shim does not answer So it is with 2 more.');
    expect(fake.machine.closed).toBe(false);
  });

  it('asks no more once that was chosen', async () => {
    const { fake, sheet } = await ask();
    await userEvent.click(within(sheet).getByRole('checkbox', { name: 'Do not ask again' }));
    await userEvent.click(within(sheet).getByRole('button', { name: /^Stop everything/ }));
    await waitFor(() => expect(fake.machine.closed).toBe(true));
    expect(fake.callsOf('settings:set')).toEqual([{ settings: { general: { closing: 'stop' } } }]);
  });

  it.each([
    ['keep', 0, 0],
    ['stop', 0, 2],
    ['save_and_stop', 1, 2],
  ] as const)('with %s in the settings does it at once', async (closing, saves, ends) => {
    const { fake } = await showApp(0, set(closing));
    await waitFor(() => expect(fake.callsOf('settings:get')).toHaveLength(1));
    await close(fake);
    await waitFor(() => expect(fake.machine.closed).toBe(true));
    expect(fake.callsOf('persistence:save_session')).toHaveLength(saves);
    expect(fake.callsOf('session:destroy')).toHaveLength(ends);
  });
});
