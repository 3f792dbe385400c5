// Panes whose session is not simply running here: lost, in another version's shim, or watched
// by others when it is to end.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { FAKE_HOME, type FakeTransport } from '@/transport/fake';
import { CTRL_SHIFT, press, seriousFaults, showApp } from './app-on-show';

const MINUTE = 60_000;

const textOf = (element: HTMLElement) => element.textContent.replaceAll(/\s+/g, ' ');

describe('a session that was lost', () => {
  const lose = (fake: FakeTransport, change: Partial<{ resumeId: string; currentDir: string }>) =>
    act(async () =>
      fake.happen(1, (session) => {
        Object.assign(session.info, change);
        session.lose(Date.now() - 5 * MINUTE);
      }),
    );

  it('says so under its last screen, which is dimmed, and is counted', async () => {
    const { fake, panes } = await showApp(2);
    await lose(fake, { currentDir: `${FAKE_HOME}/src/lamp` });
    const [pane] = panes();
    if (!pane) throw new Error('no pane');
    const foot = textOf(within(pane).getByRole('status'));
    expect(foot).toContain('This session was lost');
    expect(foot).toContain('5 minutes ago');
    expect(foot).toContain('runs it again in ~/src/lamp');
    expect(pane.querySelector('.terminal-host')?.getAttribute('data-dimmed')).toBe('true');
    expect(screen.getByTestId('summary').textContent).toBe('2 panes · 1 lost');
    expect(within(pane).getByRole('img').ariaLabel).toMatch(
      /^Lost at \d\d:\d\d, when its process or the machine went down$/,
    );
    // Its new shim shows the last screen.
    await waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(3));
    expect(await seriousFaults()).toEqual([]);
  });

  it('takes no input, and Enter runs it again', async () => {
    const { fake, panes } = await showApp(1);
    await lose(fake, {});
    press('a', { keyCode: 65 });
    press('c', { keyCode: 67, ctrlKey: true });
    expect(fake.callsOf('session:write')).toEqual([]);
    press('Enter', { keyCode: 13 });
    await waitFor(() => expect(fake.callsOf('session:restart')).toEqual([{ sessionId: 1 }]));
    await waitFor(() => expect(within(panes()[0] as HTMLElement).queryByRole('status')).toBeNull());
    expect(document.querySelector('.terminal-host')?.getAttribute('data-dimmed')).toBe('false');
    await waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(3));
    press('a', { keyCode: 65 });
    expect(fake.callsOf('session:write')).toHaveLength(1);
  });

  it('is closed by x', async () => {
    const { fake, panes } = await showApp(2);
    await lose(fake, {});
    press('x', { keyCode: 88 });
    await waitFor(() => expect(panes()).toHaveLength(1));
  });

  it('that is an agent is resumed where it can be, and says what is missing', async () => {
    const { fake, panes } = await showApp(0, (daemon) =>
      daemon.call('session:create', {
        agentType: 'claude_code',
        projectPath: FAKE_HOME,
        env: { PORT: '80', TOKEN: 'x' },
      }),
    );
    const foot = () => textOf(within(panes()[0] as HTMLElement).getByRole('status'));
    await lose(fake, {});
    expect(foot()).toContain('starts it afresh');
    expect(foot()).toContain(
      'PORT and TOKEN were set when it was created; their values are not kept.',
    );
    await lose(fake, { resumeId: 'abc' });
    expect(foot()).toContain('resumes its conversation');
  });

  it('is run again with all the others from the palette', async () => {
    const { fake } = await showApp(2);
    await act(async () => {
      for (const id of [1, 2]) fake.happen(id, (session) => session.lose());
    });
    press('P', CTRL_SHIFT);
    await userEvent.type(await screen.findByRole('combobox'), 'lost{Enter}');
    await waitFor(() => expect(fake.callsOf('session:restart')).toHaveLength(2));
  });

  it('in the background is told of, can be run, and can be left', async () => {
    const { fake } = await showApp(0, async (daemon) => {
      const background = { agentType: 'terminal', projectPath: FAKE_HOME, background: true };
      for (const id of [1, 2]) {
        await daemon.call('session:create', background as never);
        daemon.happen(id, (session) => session.lose());
      }
    });
    const note = await screen.findByTestId('lost');
    expect(textOf(note)).toContain('2 sessions were lost when the machine or their processes');
    expect(await seriousFaults()).toEqual([]);
    await userEvent.click(within(note).getByRole('button', { name: 'Leave' }));
    expect(screen.queryByTestId('lost')).toBeNull();
    expect(fake.callsOf('session:restart')).toEqual([]);
    await act(async () => {
      await fake.call('session:create', { agentType: 'codex', projectPath: FAKE_HOME });
      await fake.call('session:create', { agentType: 'codex', projectPath: FAKE_HOME });
      fake.happen(4, (session) => session.lose());
    });
    await userEvent.click(screen.getByRole('button', { name: 'Run all again' }));
    await waitFor(() => expect(fake.callsOf('session:restart')).toHaveLength(3));
    expect(screen.queryByTestId('lost')).toBeNull();
  });

  it('and is the only one, in its pane, says so there alone', async () => {
    const { fake } = await showApp(2);
    await lose(fake, {});
    expect(screen.queryByTestId('lost')).toBeNull();
  });
});

describe('a session in the shim of another version', () => {
  const showOutdated = async () => {
    const app = await showApp(1, async (fake) => {
      await fake.call('session:create', { agentType: 'terminal', projectPath: FAKE_HOME });
      fake.happen(2, (session) => session.outdate('0.0.9'));
    });
    const pane = app.panes()[1];
    if (!pane) throw new Error('no pane');
    return { ...app, pane };
  };

  it('is not attached to, says so, and has the keyboard when it is focused', async () => {
    const { fake, pane, focused } = await showOutdated();
    expect(textOf(pane)).toContain(
      'This session runs in Synk 0.0.9’s shim, which this version cannot show. It goes on.',
    );
    expect(fake.callsOf('session:attach').map(({ sessionId }) => sessionId)).toEqual([1]);
    press('2', { altKey: true });
    expect(focused()).toBe(2);
    expect(document.activeElement?.textContent).toBe('Restart when idle');
    press('a', { keyCode: 65 });
    expect(fake.callsOf('session:write')).toEqual([]);
    expect(await seriousFaults()).toEqual([]);
  });

  it('can be restarted when it is idle, and that can be called off', async () => {
    const { fake, pane } = await showOutdated();
    await userEvent.click(within(pane).getByRole('button', { name: 'Restart when idle' }));
    expect((await within(pane).findByText('Restarts when idle')).isConnected).toBe(true);
    await userEvent.click(within(pane).getByRole('button', { name: 'Call off' }));
    await within(pane).findByRole('button', { name: 'Restart when idle' });
    expect(fake.callsOf('session:restart')).toEqual([
      { sessionId: 2, whenIdle: true },
      { sessionId: 2, whenIdle: false },
    ]);
  });

  it('is shown once it was restarted', async () => {
    const { fake, pane } = await showOutdated();
    await userEvent.click(within(pane).getByRole('button', { name: 'Restart now' }));
    await waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(2));
    expect(within(pane).queryByRole('button', { name: 'Restart now' })).toBeNull();
  });
});

describe('ending a session that others are attached to', () => {
  const ask = async () => {
    const app = await showApp(2);
    await act(async () => app.fake.happen(1, (session) => session.watchedBy(2)));
    press('W', CTRL_SHIFT);
    const question = await screen.findByRole('alertdialog');
    return { ...app, question };
  };

  it('asks in the pane, and Enter ends it for all', async () => {
    const { fake, panes, question } = await ask();
    expect(textOf(question)).toContain('2 other clients are attached to shell. End it for all?');
    expect(panes()[0]?.contains(question)).toBe(true);
    expect(await seriousFaults()).toEqual([]);
    expect(panes()).toHaveLength(2);
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(panes()).toHaveLength(1));
    expect(fake.callsOf('session:destroy')).toEqual([
      { sessionId: 1 },
      { sessionId: 1, force: true },
    ]);
  });

  it('is called off by Escape, and the keyboard goes back', async () => {
    const { panes, keyboardOf } = await ask();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(panes()).toHaveLength(2);
    expect(document.activeElement).toBe(keyboardOf(1));
  });

  it('is not confirmed by a key that was held down when the question came', async () => {
    await ask();
    expect(press('Enter', { repeat: true })).toBe(false);
  });
});
