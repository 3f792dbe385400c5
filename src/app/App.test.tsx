import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { FAKE_HOME } from '@/transport/fake';
import { CTRL_SHIFT, press, seriousFaults, showApp } from './app-on-show';

describe('home', () => {
  it('offers the agents that are here and says how to get the others', async () => {
    await showApp(0);
    const agents = await screen.findByRole('list', { name: 'Agents' });
    expect(within(agents).getByText('~/.local/bin/claude')).toBeDefined();
    const gemini = screen.getByRole<HTMLButtonElement>('button', { name: 'New Gemini CLI pane' });
    expect(gemini.disabled).toBe(true);
    expect(within(agents).getByText('npm install -g @google/gemini-cli')).toBeDefined();
  });

  it('opens a pane, which has the keyboard, and remembers the project', async () => {
    const { fake, focused, keyboardOf } = await showApp(0);
    await userEvent.click(await screen.findByRole('button', { name: 'New Claude Code pane' }));
    await screen.findByTestId('pane');
    expect(fake.callsOf('session:create')[0]).toMatchObject({
      agentType: 'claude_code',
      projectPath: FAKE_HOME,
      cols: expect.any(Number),
      rows: expect.any(Number),
    });
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
    expect(focused()).toBe(1);
    expect(localStorage.getItem('synk.projects')).toContain(FAKE_HOME);
  });

  it('starts panes in the folder that was chosen', async () => {
    const { fake } = await showApp(0);
    fake.machine.folder = '/srv/harbour';
    await userEvent.click(await screen.findByRole('button', { name: 'Choose folder…' }));
    press('N', CTRL_SHIFT);
    await screen.findByTestId('pane');
    expect(fake.callsOf('session:create')[0]).toMatchObject({ projectPath: '/srv/harbour' });
  });
});

describe('the grid', () => {
  it('reflows when panes come and go', async () => {
    const { panes } = await showApp(2);
    const grid = screen.getByTestId('grid');
    const shape = () => `${grid.dataset.columns}x${grid.dataset.rows}`;
    expect(shape()).toBe('2x1');
    press('N', CTRL_SHIFT);
    await waitFor(() => expect(panes()).toHaveLength(3));
    expect(shape()).toBe('2x2');
    press('W', CTRL_SHIFT);
    await waitFor(() => expect(panes()).toHaveLength(2));
    expect(shape()).toBe('2x1');
  });

  it('has no place for the thirteenth pane, and offers a new workspace', async () => {
    const { fake, panes } = await showApp(12);
    press('N', CTRL_SHIFT);
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('This workspace has 12 panes.');
    expect(panes()).toHaveLength(12);
    await userEvent.click(within(alert).getByRole('button', { name: 'Open in a new workspace' }));
    await waitFor(() => expect(panes()).toHaveLength(1));
    expect(fake.callsOf('session:create').at(-1)).toMatchObject({ workspaceId: 2 });
  });

  it('gives the focus to the neighbour when the focused pane closes, and only then', async () => {
    const { fake, panes, focused } = await showApp(3);
    press('2', { altKey: true });
    expect(focused()).toBe(2);
    await act(() => fake.call('session:destroy', { sessionId: 1 }));
    expect(panes()).toHaveLength(2);
    expect(focused()).toBe(2);
    press('W', CTRL_SHIFT);
    await waitFor(() => expect(focused()).toBe(3));
  });

  it('opens and closes one pane however long the keys are held', async () => {
    const { fake, panes, keyboardOf } = await showApp(2);
    const held = { ...CTRL_SHIFT, repeat: true };
    press('W', CTRL_SHIFT);
    await waitFor(() => expect(panes()).toHaveLength(1));
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(2)));
    press('W', held);
    press('Escape', CTRL_SHIFT);
    press('x', { repeat: true });
    press('N', CTRL_SHIFT);
    press('N', held);
    await waitFor(() => expect(panes()).toHaveLength(2));
    expect(fake.callsOf('session:destroy')).toEqual([{ sessionId: 1 }]);
    expect(fake.callsOf('session:create')).toHaveLength(3);
  });

  it('does not move the focus when someone else opens a pane', async () => {
    const { fake, panes, focused } = await showApp(1);
    await act(() => fake.call('session:create', { agentType: 'terminal', projectPath: FAKE_HOME }));
    expect(panes()).toHaveLength(2);
    expect(focused()).toBe(1);
  });

  it('leaves the keyboard in a sheet that was opened before a new pane was there', async () => {
    const { panes, focused, keyboardOf } = await showApp(1);
    press('N', CTRL_SHIFT);
    press('P', CTRL_SHIFT);
    const field = screen.getByRole('combobox');
    expect(document.activeElement).toBe(field);
    await waitFor(() => expect(panes()).toHaveLength(2));
    await waitFor(() => expect(focused()).toBe(2));
    expect(document.activeElement).toBe(field);
    press('Escape');
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(2)));
  });

  it('shows one pane when zoomed, and detaches the others', async () => {
    const { fake, panes, synk } = await showApp(3);
    press('Z', CTRL_SHIFT);
    await waitFor(() => expect(panes()).toHaveLength(1));
    expect(panes()[0]?.dataset.zoomed).toBe('true');
    await waitFor(() => expect(fake.callsOf('session:detach')).toHaveLength(2));
    expect(synk.terminals.get(2)).toBeUndefined();
    act(() => synk.grid.move('right'));
    expect(panes()[0]?.dataset.sessionId).toBe('2');
    press('Z', CTRL_SHIFT);
    await waitFor(() => expect(panes()).toHaveLength(3));
  });

  it('is moved through with letters in grid mode, and left with Enter', async () => {
    const { focused, keyboardOf } = await showApp(4);
    press('Escape', CTRL_SHIFT);
    expect(document.activeElement).toBe(screen.getByTestId('grid'));
    expect(screen.getByTestId('mode').textContent).toBe('grid mode');
    press('l');
    press('j');
    expect(focused()).toBe(4);
    press('h');
    press('k');
    expect(focused()).toBe(1);
    press('Enter');
    expect(document.activeElement).toBe(keyboardOf(1));
    expect(screen.queryByTestId('mode')).toBeNull();
  });

  it('gives the keyboard to an open search whenever the search is asked for', async () => {
    const { giveKeyboard } = await showApp(1);
    press('F', CTRL_SHIFT);
    const field = await screen.findByRole('textbox', { name: 'Search text' });
    expect(document.activeElement).toBe(field);
    giveKeyboard(1);
    press('F', CTRL_SHIFT);
    expect(document.activeElement).toBe(field);
  });

  it('closes no pane because of a letter pressed on a button', async () => {
    const { panes } = await showApp(2);
    screen.getByRole('button', { name: 'New pane' }).focus();
    press('x');
    press('Escape', CTRL_SHIFT);
    await Promise.resolve();
    expect(panes()).toHaveLength(2);
  });
});

describe('a terminal', () => {
  it.each<[string, KeyboardEventInit]>([
    ['/', { keyCode: 191 }],
    ['Escape', { keyCode: 27 }],
    ['c', { keyCode: 67, ctrlKey: true }],
    ['p', { keyCode: 80, ctrlKey: true }],
    ['r', { keyCode: 82, ctrlKey: true }],
    ['f', { keyCode: 70, altKey: true }],
    ['x', { keyCode: 88 }],
    ['?', { keyCode: 191, shiftKey: true }],
    ['F5', { keyCode: 116 }],
    ['ArrowLeft', { keyCode: 37, ctrlKey: true }],
  ])('hands %s to the program', async (key, init) => {
    const { fake } = await showApp(1);
    press(key, init);
    expect(fake.callsOf('session:write')).toHaveLength(1);
  });

  it.each<[string, KeyboardEventInit]>([
    ['P', { ...CTRL_SHIFT, keyCode: 80 }],
    ['Z', { ...CTRL_SHIFT, keyCode: 90 }],
    ['ArrowRight', { ...CTRL_SHIFT, keyCode: 39 }],
    ['1', { altKey: true, keyCode: 49 }],
    ['9', { altKey: true, keyCode: 57 }],
    ['Escape', { ...CTRL_SHIFT, keyCode: 27 }],
  ])('does not get %s with %o, which is an action', async (key, init) => {
    const { fake } = await showApp(1);
    expect(press(key, init)).toBe(false);
    expect(fake.callsOf('session:write')).toEqual([]);
  });

  it('leaves keys to an input method that is composing', async () => {
    const { panes } = await showApp(1);
    press('N', { ...CTRL_SHIFT, isComposing: true });
    press('N', { ...CTRL_SHIFT, keyCode: 229 });
    await Promise.resolve();
    expect(panes()).toHaveLength(1);
  });

  it('acknowledges the snapshot that it has parsed', async () => {
    const { fake } = await showApp(1);
    await waitFor(() => expect(fake.callsOf('session:ack').at(-1)).toMatchObject({ sessionId: 1 }));
  });

  it('pastes the clipboard, bracketed when the program wants that', async () => {
    const { fake } = await showApp(1);
    fake.machine.clipboard = 'one\ntwo';
    press('V', CTRL_SHIFT);
    await waitFor(() =>
      expect(fake.callsOf('session:write')).toEqual([{ sessionId: 1, data: 'one\rtwo' }]),
    );
    const written = new Promise<void>((resolve) => {
      const leave = fake.on('session:output', () => {
        leave();
        resolve();
      });
    });
    fake.emit('session:output', {
      sessionId: 1,
      dataB64: btoa('\x1b[?2004h'),
      offset: 99,
      snapshot: false,
    });
    await written;
    await waitFor(() => expect(fake.callsOf('session:ack').at(-1)?.offset).toBe(99));
    press('V', CTRL_SHIFT);
    await waitFor(() =>
      expect(fake.callsOf('session:write').at(-1)?.data).toBe('\x1b[200~one\rtwo\x1b[201~'),
    );
  });

  it('that cannot be shown says why and tries again', async () => {
    const { fake } = await showApp(0, async (daemon) => {
      daemon.fail('session:attach', { code: 'unavailable', message: 'The shim is gone.' });
      await daemon.call('session:create', { agentType: 'terminal', projectPath: FAKE_HOME });
    });
    const alert = await screen.findByText('This session cannot be shown: The shim is gone.');
    fake.fail('session:attach');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(alert.isConnected).toBe(false));
  });
});

describe('a session whose program ended', () => {
  const exited = async () => {
    const app = await showApp(2);
    await act(() => app.fake.call('session:write', { sessionId: 1, data: 'exit 3\r' }));
    return app;
  };

  it('says how, and Enter starts it again', async () => {
    const { fake, panes } = await exited();
    const pane = panes()[0] as HTMLElement;
    expect(within(pane).getByRole('status').textContent).toContain('Exited with code 3');
    press('Enter', { keyCode: 13, repeat: true });
    expect(fake.callsOf('session:restart')).toEqual([]);
    press('a', { keyCode: 65 });
    press('Enter', { keyCode: 13 });
    await waitFor(() => expect(within(pane).queryByRole('status')).toBeNull());
    expect(fake.callsOf('session:restart')).toEqual([{ sessionId: 1 }]);
    expect(fake.callsOf('session:write')).toHaveLength(1);
    await waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(3));
  });

  it('is closed by x', async () => {
    const { panes } = await exited();
    press('x', { keyCode: 88 });
    await waitFor(() => expect(panes()).toHaveLength(1));
  });
});

describe('a name', () => {
  it('is changed in the header, and Escape leaves it', async () => {
    const { fake } = await showApp(1);
    await userEvent.dblClick(within(screen.getByTestId('pane')).getByText('shell'));
    await userEvent.keyboard('api server{Enter}');
    await waitFor(() => expect(screen.getByTestId('pane').ariaLabel).toBe('api server'));
    press('Escape', CTRL_SHIFT);
    press('F2');
    await userEvent.keyboard('other{Escape}');
    expect(fake.callsOf('session:rename')).toEqual([{ sessionId: 1, name: 'api server' }]);
    expect(document.activeElement).toBe(screen.getByTestId('grid'));
  });

  it('that is refused says why', async () => {
    const { fake } = await showApp(1);
    fake.fail('session:rename', { code: 'conflict', message: 'That name is taken.' });
    press('Escape', CTRL_SHIFT);
    press('F2');
    await userEvent.keyboard('taken{Enter}');
    expect((await screen.findByText('That name is taken.')).isConnected).toBe(true);
  });
});

describe('the palette', () => {
  it('finds an action by typing and does it', async () => {
    const { panes } = await showApp(2);
    press('P', CTRL_SHIFT);
    await userEvent.type(await screen.findByRole('combobox'), 'zoom{Enter}');
    await waitFor(() => expect(panes()).toHaveLength(1));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('gives the keyboard back', async () => {
    const { keyboardOf } = await showApp(1);
    press('P', CTRL_SHIFT);
    await screen.findByRole('combobox');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
  });
});

describe('the sidebar', () => {
  it('gives a background session a pane', async () => {
    const { panes, focused } = await showApp(1, (fake) =>
      fake.call('session:create', {
        agentType: 'terminal',
        projectPath: FAKE_HOME,
        background: true,
        name: 'tests',
      }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Show in the grid: tests' }));
    await waitFor(() => expect(panes()).toHaveLength(2));
    expect(focused()).toBe(2);
  });
});

it('says that the daemon is away, and no more once it is back', async () => {
  const { fake } = await showApp(1);
  act(() => fake.emit('daemon:connection', { state: 'connecting', message: null }));
  expect(screen.getByTestId('reconnecting').textContent).toBe('Reconnecting to the daemon…');
  act(() => fake.emit('daemon:connection', { state: 'connected', message: null }));
  expect(screen.queryByTestId('reconnecting')).toBeNull();
});

describe('axe finds nothing serious', () => {
  it('on the home screen', async () => {
    await showApp(0);
    await screen.findByRole('list', { name: 'Agents' });
    expect(await seriousFaults()).toEqual([]);
  });

  it('in the grid, with a program that ended and a search', async () => {
    const { fake } = await showApp(2);
    await act(() => fake.call('session:write', { sessionId: 2, data: 'exit 1\r' }));
    press('F', CTRL_SHIFT);
    await screen.findByRole('textbox', { name: 'Search text' });
    expect(await seriousFaults()).toEqual([]);
  });

  it('in the key overlay', async () => {
    await showApp(1);
    press('Escape', CTRL_SHIFT);
    press('?', { shiftKey: true });
    await screen.findByRole('dialog', { name: 'Keys' });
    expect(await seriousFaults()).toEqual([]);
  });
});
