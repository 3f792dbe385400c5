// What the sessions do, in the whole window: where it is shown, who is needed, and what the
// desktop is told.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { SessionStatus, StatusState } from '@/protocol/generated/protocol';
import { FAKE_HOME, type FakeTransport } from '@/transport/fake';
import { CTRL_SHIFT, press, seriousFaults, showApp } from './app-on-show';

const become = (
  fake: FakeTransport,
  sessionId: number,
  state: StatusState,
  more: Partial<SessionStatus> = {},
) => act(async () => fake.happen(sessionId, (session) => session.report(state, more)));
const permission = { waitingFor: 'permission' as const, message: 'Bash: <b>touch x</b>' };
const summary = () => screen.getByTestId('summary').textContent;

async function showAgents(count: number) {
  const app = await showApp(0, async (fake) => {
    for (let made = 0; made < count; made += 1) {
      await fake.call('session:create', { agentType: 'claude_code', projectPath: FAKE_HOME });
    }
  });
  await waitFor(() => expect(app.fake.callsOf('session:attach')).toHaveLength(count));
  return app;
}

describe('a status', () => {
  it.each<[StatusState, Partial<SessionStatus>, string]>([
    ['starting', {}, 'starting'],
    ['working', {}, 'working'],
    ['waiting', permission, 'permission'],
    ['waiting', { waitingFor: 'question' }, 'question'],
    ['done', {}, 'done'],
    ['idle', {}, ''],
    ['unknown', {}, ''],
  ])('%s is in the header and in the sidebar, and axe finds nothing', async (state, more, word) => {
    const { fake, panes } = await showAgents(2);
    await become(fake, 2, state, more);
    const pane = panes()[1] as HTMLElement;
    expect(pane.dataset.status).toBe(state);
    expect(within(pane).getByTestId('status').dataset.status).toBe(state);
    const name = word === '' ? 'claude-2' : `claude-2 ${word}`;
    expect(screen.getByRole('button', { name }).textContent).toBe(`claude-2 ${word}`);
    expect(await seriousFaults()).toEqual([]);
  });

  it('has a tooltip with its source, since when, and what the program says, as text', async () => {
    const { fake, panes } = await showAgents(1);
    await become(fake, 1, 'waiting', { ...permission, source: 'hook' });
    const dot = within(panes()[0] as HTMLElement).getByTestId('status');
    expect(dot.ariaLabel).toMatch(
      /^Waits for permission since \d\d:\d\d, reported by its hook, Bash: <b>touch x<\/b>$/,
    );
    await userEvent.hover(dot);
    const tooltip = await screen.findByRole('tooltip');
    expect(tooltip.textContent).toContain('“Bash: <b>touch x</b>”');
    expect(document.querySelector('b')).toBeNull();
  });

  it('is counted in the bar', async () => {
    const { fake } = await showAgents(4);
    expect(summary()).toBe('4 panes');
    await become(fake, 1, 'working');
    await become(fake, 2, 'working');
    await become(fake, 3, 'waiting', permission);
    expect(summary()).toBe('4 panes · 2 working · 1 waiting');
    expect(screen.getByTestId('waiting').textContent).toBe('1 waiting');
    await become(fake, 4, 'done');
    expect(summary()).toBe('4 panes · 2 working · 1 waiting · 1 done');
  });
});

describe('who needs a person', () => {
  it('is gone to by the next key, those that wait first', async () => {
    const { fake, focused } = await showAgents(4);
    press('A', CTRL_SHIFT);
    expect(focused()).toBe(1);
    await become(fake, 4, 'done');
    await become(fake, 2, 'waiting', permission);
    press('A', CTRL_SHIFT);
    expect(focused()).toBe(2);
    press('A', CTRL_SHIFT);
    expect(focused()).toBe(4);
    await waitFor(() => expect(summary()).toBe('4 panes · 1 waiting'));
    expect(fake.callsOf('session:seen')).toEqual([{ sessionIds: [4] }]);
    press('A', CTRL_SHIFT);
    expect(focused()).toBe(2);
  });

  it('is listed, and chosen from the list', async () => {
    const { fake, focused } = await showAgents(3);
    await become(fake, 2, 'done');
    await become(fake, 3, 'waiting', permission);
    await userEvent.click(screen.getByTestId('attention'));
    const items = await screen.findAllByRole('menuitem');
    expect(items.map((item) => item.textContent)).toEqual([
      'claude-3permissionjust nowBash: <b>touch x</b>',
      'claude-2donejust now',
    ]);
    expect(await seriousFaults()).toEqual([]);
    await userEvent.click(items[0] as HTMLElement);
    await waitFor(() => expect(focused()).toBe(3));
  });

  it('is listed from the palette, and has a pane made for it', async () => {
    const { fake, focused } = await showApp(1, (daemon) =>
      daemon.call('session:create', {
        agentType: 'codex',
        projectPath: FAKE_HOME,
        background: true,
      }),
    );
    await become(fake, 2, 'waiting', permission);
    press('P', CTRL_SHIFT);
    await userEvent.type(await screen.findByRole('combobox'), 'who waits{Enter}');
    await userEvent.click(await screen.findByRole('menuitem', { name: /codex/ }));
    await waitFor(() => expect(focused()).toBe(2));
  });

  it('is told on the desktop unless the settings say otherwise, and a click goes there', async () => {
    const { fake, focused } = await showAgents(3);
    await become(fake, 1, 'waiting', permission);
    await become(fake, 2, 'waiting', permission);
    await waitFor(() => expect(fake.machine.notifications).toHaveLength(1));
    expect(fake.machine.notifications[0]).toEqual({
      sessionId: 2,
      title: 'claude-2: waits for permission',
      body: 'Bash: <b>touch x</b>',
    });
    act(() => fake.machine.click(2));
    await waitFor(() => expect(focused()).toBe(2));
  });
});

describe('agents', () => {
  it('of the user are offered in the menu and in the palette, with their versions', async () => {
    const { fake, panes } = await showApp(1);
    await userEvent.click(screen.getByRole('button', { name: 'New pane' }));
    const aider = await screen.findByRole('menuitem', { name: /Aider/ });
    expect(aider.textContent).toContain('0.90.1');
    await userEvent.click(aider);
    await waitFor(() => expect(panes()).toHaveLength(2));
    expect(fake.callsOf('session:create').at(-1)).toMatchObject({ agentType: 'aider' });
    expect(within(panes()[1] as HTMLElement).getByTitle('Aider').isConnected).toBe(true);
    press('P', CTRL_SHIFT);
    await userEvent.type(await screen.findByRole('combobox'), 'new aider{Enter}');
    await waitFor(() => expect(panes()).toHaveLength(3));
  });

  it('that are found later are offered then, on the home screen with version and path', async () => {
    const { fake, synk } = await showApp(0);
    const list = await screen.findByRole('list', { name: 'Agents' });
    await waitFor(() => expect(within(list).getByText('2.1.329').isConnected).toBe(true));
    const gemini = () => screen.getByRole<HTMLButtonElement>('button', { name: /New Gemini/ });
    expect(gemini().disabled).toBe(true);
    const agents = synk.sessions.store
      .getState()
      .agents.map((agent) =>
        agent.agentType === 'gemini_cli'
          ? { ...agent, path: '/usr/bin/gemini', version: '0.61.0' }
          : agent,
      );
    act(() => fake.emit('agent:changed', { agents }));
    expect(gemini().disabled).toBe(false);
    expect(within(list).getByText('/usr/bin/gemini').isConnected).toBe(true);
  });
});
