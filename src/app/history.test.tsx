// The search over all sessions, and where a line that it found is shown.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { FAKE_HOME, type FakeTransport } from '@/transport/fake';
import { CTRL_SHIFT, inTerminal, press, seriousFaults, showApp } from './app-on-show';

const run = (fake: FakeTransport, sessionId: number, line: string) =>
  act(() => fake.call('session:write', { sessionId, data: `${line}\r` }));

async function searchFor(text: string): Promise<HTMLElement> {
  press('H', CTRL_SHIFT);
  const field = await screen.findByRole('combobox', { name: 'Search all sessions' });
  await userEvent.type(field, text);
  return field;
}

const options = () => screen.findAllByRole('option');
const chosen = () => screen.getByRole('option', { selected: true }).textContent;
const past = () => screen.findByTestId('past');

describe('the search over all sessions', () => {
  it('lists lines by session, with the match marked', async () => {
    const { fake } = await showApp(2, (daemon) =>
      daemon
        .call('session:create', { agentType: 'codex', projectPath: FAKE_HOME, name: 'old' })
        .then(({ sessionId }) =>
          daemon
            .call('session:write', { sessionId, data: 'echo the lamp\r' })
            .then(() => daemon.call('session:destroy', { sessionId })),
        ),
    );
    await run(fake, 1, 'echo a lamp');
    await searchFor('lamp');
    const groups = await screen.findAllByRole('group');
    expect(groups.map((group) => group.ariaLabel)).toEqual(['shell', 'old, closed']);
    const [first] = await options();
    expect(within(first as HTMLElement).getByText('lamp').tagName).toBe('MARK');
    expect(first?.textContent).toMatch(/^a lamp\d\d:\d\d$/);
    expect(await seriousFaults()).toEqual([]);
  });

  it('keeps the keyboard when the pane that had it is closed', async () => {
    const { fake } = await showApp(2);
    const field = await searchFor('lamp');
    await act(() => fake.call('session:destroy', { sessionId: 2 }));
    await act(() => fake.call('session:destroy', { sessionId: 1 }));
    expect(document.activeElement).toBe(field);
  });

  it('is moved through by keys', async () => {
    const { fake } = await showApp(1);
    for (let line = 1; line <= 15; line += 1) await run(fake, 1, `echo lamp ${line}`);
    await searchFor('lamp 1');
    await waitFor(async () => expect((await options()).length).toBeGreaterThan(12));
    const first = chosen();
    await userEvent.keyboard('{ArrowDown}');
    const second = chosen();
    expect(second).not.toBe(first);
    await userEvent.keyboard('{PageDown}');
    expect((await options()).findIndex((one) => one.ariaSelected === 'true')).toBe(11);
    await userEvent.keyboard('{PageUp}');
    expect(chosen()).toBe(second);
    await userEvent.keyboard('{ArrowUp}{ArrowUp}');
    expect((await options()).at(-1)?.ariaSelected).toBe('true');
  });

  it('says that nothing was found, and what went wrong', async () => {
    const { fake } = await showApp(1);
    const field = await searchFor('nowhere');
    expect((await screen.findByText('No line holds that.')).isConnected).toBe(true);
    fake.fail('session:search', { code: 'unavailable', message: 'The daemon is away.' });
    await userEvent.type(field, '!');
    expect((await screen.findByRole('alert')).textContent).toContain('The daemon is away.');
  });

  it('gives the keyboard back, and still knows what was sought', async () => {
    const { keyboardOf } = await showApp(1);
    await searchFor('lamp');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
    press('H', CTRL_SHIFT);
    const field = await screen.findByRole<HTMLInputElement>('combobox');
    expect(field.value).toBe('lamp');
  });
});

describe('a line that was found', () => {
  const select = async (text: string) => {
    await searchFor(text);
    await options();
    await userEvent.keyboard('{Enter}');
  };

  it('is shown in its pane, which is focused, while it is still there', async () => {
    const { fake, focused, keyboardOf } = await showApp(2);
    await run(fake, 2, 'echo lighthouse');
    await select('lighthouse');
    await waitFor(() => expect(focused()).toBe(2));
    expect(document.activeElement).toBe(keyboardOf(2));
    await waitFor(() =>
      expect(inTerminal('[data-session-id="2"]', '.xterm-decoration')).not.toBeNull(),
    );
    expect(screen.queryByTestId('past')).toBeNull();
  });

  it('moves the zoom to its pane', async () => {
    const { fake, panes } = await showApp(2);
    await run(fake, 2, 'echo lighthouse');
    press('Z', CTRL_SHIFT);
    await select('lighthouse');
    await waitFor(() => expect(panes().map((pane) => pane.dataset.sessionId)).toEqual(['2']));
    expect(panes()[0]?.dataset.zoomed).toBe('true');
  });

  it('gives a background session a pane', async () => {
    const { fake, panes, focused } = await showApp(1, (daemon) =>
      daemon.call('session:create', {
        agentType: 'terminal',
        projectPath: FAKE_HOME,
        background: true,
      }),
    );
    await run(fake, 2, 'echo lighthouse');
    await select('lighthouse');
    await waitFor(() => expect(panes()).toHaveLength(2));
    expect(focused()).toBe(2);
  });

  it('is shown as it was when it is not there any more, and Escape comes back', async () => {
    const { fake, keyboardOf } = await showApp(1);
    const at = new Date().setHours(0, 0, 1, 0);
    fake.happen(1, ({ log }) => log.append('\r\na line of long ago\r\n', at));
    await select('long ago');
    const view = await past();
    expect(view.ariaLabel).toBe('shell, as it was at 00:00:01');
    expect(document.activeElement).toBe(view);
    await waitFor(() =>
      expect(inTerminal('[data-testid="past"]', '.xterm-decoration')).not.toBeNull(),
    );
    expect(await seriousFaults()).toEqual([]);
    press('a', { keyCode: 65 });
    expect(fake.callsOf('session:write')).toEqual([]);
    press('Escape');
    await waitFor(() => expect(screen.queryByTestId('past')).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
  });

  it('of a closed session has neighbours to step to, and a note when it is incomplete', async () => {
    const { fake } = await showApp(1);
    await run(fake, 1, 'echo lighthouse one');
    await run(fake, 1, 'echo lighthouse two');
    fake.happen(1, ({ log }) => log.forget(5));
    await act(() => fake.call('session:destroy', { sessionId: 1 }));
    await select('lighthouse');
    const view = await past();
    expect(view.textContent).toContain('1 of 4');
    expect((await within(view).findByText(/^Part of the log/)).isConnected).toBe(true);
    press('Enter');
    await waitFor(() => expect(view.textContent).toContain('2 of 4'));
    await userEvent.click(within(view).getByRole('button', { name: 'Previous line found' }));
    await waitFor(() => expect(view.textContent).toContain('1 of 4'));
    const replays = fake.callsOf('session:replay').map(({ offset }) => offset);
    expect(new Set(replays).size).toBe(2);
  });

  it('that cannot be shown says why and is tried again', async () => {
    const { fake } = await showApp(1);
    await run(fake, 1, 'echo lighthouse');
    await act(() => fake.call('session:destroy', { sessionId: 1 }));
    fake.fail('session:replay', { code: 'not_found', message: 'Its log was removed.' });
    await select('lighthouse');
    const view = await past();
    expect((await within(view).findByRole('alert')).textContent).toContain('Its log was removed.');
    fake.fail('session:replay');
    await userEvent.click(within(view).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(inTerminal('[data-testid="past"]', '.xterm')).not.toBeNull());
  });

  it('leaves the past when the person goes to a pane', async () => {
    const { fake } = await showApp(2);
    await run(fake, 1, 'echo lighthouse');
    await act(() => fake.call('session:destroy', { sessionId: 1 }));
    await select('lighthouse');
    await past();
    await userEvent.click(screen.getByRole('button', { name: 'shell-2' }));
    await waitFor(() => expect(screen.queryByTestId('past')).toBeNull());
  });
});
