// Workspaces in the whole window: tabs, what each of them keeps, panes that are moved within and
// between them, and rows and columns that are resized.
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAKE_HOME, type FakeTransport } from '@/transport/fake';
import { CTRL_SHIFT, press, seriousFaults, showApp } from './app-on-show';

const ALT_SHIFT = { altKey: true, shiftKey: true };
const CTRL_ALT = { ctrlKey: true, altKey: true };

const open = (fake: FakeTransport, workspaceId: number, name: string) =>
  fake.call('session:create', {
    agentType: 'claude_code',
    projectPath: FAKE_HOME,
    workspaceId,
    name,
  });
/** Two panes in the first workspace, and two in another one. */
const two = async (fake: FakeTransport) => {
  await fake.call('workspace:change', { workspaceId: 1, name: 'one' });
  await fake.call('workspace:create', { name: 'two' });
  for (const [id, name] of [
    [1, 'a'],
    [1, 'b'],
    [2, 'c'],
    [2, 'd'],
  ] as const) {
    await open(fake, id, name);
  }
};
const tab = (name: string) => screen.getByRole('tab', { name: new RegExp(`^${name},`) });
const shownNames = () => screen.queryAllByTestId('pane').map((pane) => pane.ariaLabel);
/** The panes by their places. */
const inOrder = () =>
  screen
    .queryAllByTestId('pane')
    .sort((one, other) => Number(one.dataset.paneIndex) - Number(other.dataset.paneIndex))
    .map((pane) => pane.ariaLabel);
async function fromPalette(words: string): Promise<void> {
  press('P', CTRL_SHIFT);
  await userEvent.type(await screen.findByRole('combobox'), `${words}{Enter}`);
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Actions' })).toBeNull());
}

describe('the tabs', () => {
  it('are not there for one workspace, but for the way to a second one', async () => {
    const { panes } = await showApp(1);
    expect(screen.queryByRole('tablist')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'New workspace' }));
    await screen.findByRole('tablist', { name: 'Workspaces' });
    expect(tab('Workspace 2').ariaSelected).toBe('true');
    expect(panes()).toHaveLength(0);
    press('N', CTRL_SHIFT);
    await waitFor(() => expect(panes()).toHaveLength(1));
    expect(screen.getByRole('tab', { name: 'Workspace 2, 1 pane' })).toBe(tab('Workspace 2'));
    expect(await seriousFaults()).toEqual([]);
  });

  it('say who waits and who is done in each, and the summary counts all', async () => {
    const { fake } = await showApp(0, two);
    await act(async () => {
      fake.happen(3, (session) => session.report('waiting', { waitingFor: 'permission' }));
      fake.happen(4, (session) => session.report('done'));
    });
    expect(screen.getByRole('tab', { name: 'two, 2 panes, 1 waiting, 1 done' })).toBe(tab('two'));
    expect(screen.getByTestId('summary').textContent).toContain('4 panes');
    press('A', CTRL_SHIFT);
    await waitFor(() => expect(tab('two').ariaSelected).toBe('true'));
    expect(screen.getByRole('tabpanel').getAttribute('aria-labelledby')).toBe(tab('two').id);
    expect(await seriousFaults()).toEqual([]);
  });

  it('are gone through with the arrow keys, renamed, moved and left', async () => {
    const { fake, keyboardOf } = await showApp(0, two);
    tab('one').focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(tab('two'));
    expect(tab('two').ariaSelected).toBe('true');
    await userEvent.keyboard('{F2}');
    expect(document.activeElement).toBe(
      screen.getByRole('textbox', { name: 'Name of the workspace' }),
    );
    await userEvent.keyboard('reviews{Enter}');
    await waitFor(() => expect(fake.workspaces.list().workspaces[1]?.name).toBe('reviews'));
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(3)));
    tab('reviews').focus();
    await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}');
    await waitFor(() =>
      expect(screen.getAllByRole('tab').map((each) => each.dataset.workspaceId)).toEqual([
        '2',
        '1',
      ]),
    );
    await userEvent.keyboard('{Escape}');
    expect(document.activeElement).toBe(keyboardOf(3));
  });

  it('are grouped in the sidebar, which leads into each', async () => {
    const { focused } = await showApp(0, two);
    const list = screen.getByRole('list', { name: 'two' });
    await userEvent.click(within(list).getByRole('button', { name: 'd' }));
    expect(shownNames()).toEqual(['c', 'd']);
    expect(focused()).toBe(4);
  });
});

describe('a workspace', () => {
  it('keeps its focus while a pane comes into another one that was left meanwhile', async () => {
    const { fake, focused, keyboardOf } = await showApp(0, two);
    const call = fake.call.bind(fake);
    let go = () => {};
    fake.call = (async (...[name, args]: Parameters<typeof call>) => {
      if (name === 'session:create') {
        await new Promise<void>((resolve) => {
          go = resolve;
        });
      }
      return call(name, args);
    }) as typeof fake.call;
    press('N', CTRL_SHIFT);
    await userEvent.click(tab('two'));
    await waitFor(() => expect(focused()).toBe(3));
    await act(async () => go());
    await screen.findByRole('tab', { name: 'one, 3 panes' });
    expect(focused()).toBe(3);
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(3)));
  });

  it('keeps its focus and its zoom, and costs nothing while it is not on show', async () => {
    const { fake, focused, keyboardOf } = await showApp(0, two);
    await waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(2));
    press('2', { altKey: true });
    press('Z', CTRL_SHIFT);
    press('PageDown', CTRL_SHIFT);
    await waitFor(() => expect(shownNames()).toEqual(['c', 'd']));
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(3)));
    const attached = () =>
      fake.callsOf('session:attach').length - fake.callsOf('session:detach').length;
    await waitFor(() => expect(attached()).toBe(2));
    press('PageUp', CTRL_SHIFT);
    await waitFor(() => expect(shownNames()).toEqual(['b']));
    expect(focused()).toBe(2);
    press('2', CTRL_ALT);
    await waitFor(() => expect(shownNames()).toEqual(['c', 'd']));
    await waitFor(() =>
      expect(fake.workspaces.list()).toMatchObject({
        shown: 2,
        workspaces: [{ focused: 2, zoomed: true }, { focused: 3 }],
      }),
    );
  });

  it('begins with the focus that it had in another window', async () => {
    const { focused } = await showApp(0, async (fake) => {
      await two(fake);
      await fake.call('workspace:change', { workspaceId: 2, focused: 4, zoomed: true });
      await fake.call('workspace:show', { workspaceId: 2 });
    });
    await waitFor(() => expect(shownNames()).toEqual(['d']));
    expect(focused()).toBe(4);
  });

  it('is closed when it is empty, and else once that is meant', async () => {
    const { fake } = await showApp(0, two);
    await fromPalette('new workspace');
    await waitFor(() => expect(screen.getAllByRole('tab')).toHaveLength(3));
    await fromPalette('close workspace');
    await waitFor(() => expect(screen.getAllByRole('tab')).toHaveLength(2));
    act(() => tab('one').focus());
    await userEvent.keyboard('{Delete}');
    const question = await screen.findByRole('dialog', { name: 'Close the workspace' });
    expect(question.textContent).toContain('Close one and end its 2 sessions?');
    expect(document.activeElement?.textContent).toMatch(/^Keep/);
    expect(await seriousFaults()).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(fake.callsOf('session:destroy')).toEqual([]);
    await fromPalette('close workspace');
    await userEvent.click(await screen.findByRole('button', { name: 'End 2 sessions' }));
    await waitFor(() => expect(screen.queryByRole('tablist')).toBeNull());
    expect(fake.callsOf('session:destroy').map(({ sessionId }) => sessionId)).toHaveLength(2);
    expect(fake.workspaces.list().workspaces).toHaveLength(1);
  });

  it('is all that the command bar sends to', async () => {
    await showApp(0, two);
    press('b', { ctrlKey: true });
    expect((await screen.findByTestId('broadcast')).textContent).toContain('all 2 panes');
  });
});

describe('a pane', () => {
  it('changes places by its keys, and keeps the keyboard and its terminal', async () => {
    const { fake, keyboardOf } = await showApp(3);
    const keyboard = keyboardOf(1);
    press('ArrowRight', ALT_SHIFT);
    await waitFor(() => expect(inOrder()).toEqual(['shell-2', 'shell', 'shell-3']));
    expect(keyboardOf(1)).toBe(keyboard);
    expect(document.activeElement).toBe(keyboard);
    press('Escape', CTRL_SHIFT);
    press('J', { shiftKey: true });
    await waitFor(() => expect(inOrder()).toEqual(['shell-2', 'shell-3', 'shell']));
    expect(fake.callsOf('session:move')).toEqual([
      { sessionId: 1, workspaceId: 1, paneIndex: 1 },
      { sessionId: 1, workspaceId: 1, paneIndex: 2 },
    ]);
    expect(fake.callsOf('session:detach')).toEqual([]);
  });

  it('goes back when the daemon refuses', async () => {
    const { fake } = await showApp(2);
    fake.fail('session:move', { code: 'conflict', message: 'Another window moved it.' });
    press('ArrowRight', ALT_SHIFT);
    expect((await screen.findByRole('alert')).textContent).toBe('Another window moved it.');
    expect(inOrder()).toEqual(['shell', 'shell-2']);
  });

  it('goes into the next workspace, or a new one, and the person with it', async () => {
    const { fake, focused, keyboardOf } = await showApp(0, two);
    press('PageDown', ALT_SHIFT);
    await waitFor(() => expect(inOrder()).toEqual(['c', 'd', 'a']));
    expect(focused()).toBe(1);
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
    await fromPalette('pane to a workspace of its own');
    await waitFor(() => expect(inOrder()).toEqual(['a']));
    expect(screen.getAllByRole('tab')).toHaveLength(3);
    expect(fake.callsOf('session:move')).toHaveLength(2);
  });
});

describe('a pane that is carried', () => {
  let under: Element | null = null;
  // jsdom lays nothing out and has no such thing; what looks for it elsewhere is to find none.
  beforeEach(() => {
    document.elementsFromPoint = () => (under ? [under] : []);
  });
  afterEach(() => {
    under = null;
    Reflect.deleteProperty(document, 'elementsFromPoint');
  });
  const grab = (name: string) => {
    const header = screen.getByRole('region', { name }).querySelector('header');
    if (!header) throw new Error('no header');
    fireEvent.pointerDown(header, { button: 0, clientX: 100, clientY: 10 });
  };
  const over = (element: Element) => {
    under = element;
    fireEvent.pointerMove(window, { clientX: 300, clientY: 200 });
  };
  const drop = async () => act(async () => void fireEvent.pointerUp(window));

  it('changes places with the pane that it is dropped on', async () => {
    await showApp(2);
    grab('shell');
    fireEvent.pointerMove(window, { clientX: 103, clientY: 10 });
    expect(screen.queryByTestId('carried')).toBeNull();
    over(screen.getByRole('region', { name: 'shell-2' }));
    expect(screen.getByTestId('carried').textContent).toBe('shell');
    expect(screen.getByTestId('drop').textContent).toBe('Change places with shell-2');
    await drop();
    expect(inOrder()).toEqual(['shell-2', 'shell']);
    expect(screen.queryByTestId('carried')).toBeNull();
  });

  it('stays where it was by Escape, which nobody else gets', async () => {
    const { fake } = await showApp(2);
    grab('shell');
    over(screen.getByRole('region', { name: 'shell-2' }));
    press('Escape', { keyCode: 27 });
    expect(screen.queryByTestId('carried')).toBeNull();
    await drop();
    expect(fake.callsOf('session:move')).toEqual([]);
    expect(fake.callsOf('session:write')).toEqual([]);
  });

  it('goes into the workspace whose tab it is dropped on, and the person stays', async () => {
    await showApp(0, two);
    grab('a');
    over(tab('two'));
    await drop();
    expect(inOrder()).toEqual(['b']);
    expect(screen.getByRole('tab', { name: 'two, 3 panes' })).toBe(tab('two'));
    grab('b');
    over(screen.getByRole('button', { name: 'New workspace' }));
    await drop();
    await waitFor(() => expect(screen.getAllByRole('tab')).toHaveLength(3));
    expect(inOrder()).toEqual([]);
  });

  it('is a tab that goes to another place', async () => {
    const { fake } = await showApp(0, two);
    fireEvent.pointerDown(tab('one'), { button: 0, clientX: 100, clientY: 10 });
    over(screen.getByRole('tablist'));
    await drop();
    await waitFor(() => expect(fake.workspaces.list().workspaces[0]?.name).toBe('two'));
  });
});

describe('rows and columns', () => {
  it('are resized by keys, kept, and equal again', async () => {
    const { fake } = await showApp(3);
    const columns = screen.getByRole('separator', { name: 'Between column 1 and 2' });
    const rows = screen.getByRole('separator', { name: 'Between row 1 and 2' });
    // jsdom lays nothing out; the least sizes are in parts of this.
    const size = { width: 1000, height: 1000 } as DOMRect;
    screen.getByTestId('grid').getBoundingClientRect = () => size;
    expect(columns.ariaValueNow).toBe('50');
    columns.focus();
    await userEvent.keyboard('{ArrowRight}{Shift>}{ArrowRight}{/Shift}');
    expect(columns.ariaValueNow).toBe('62');
    rows.focus();
    await userEvent.keyboard('{ArrowUp}');
    await waitFor(() =>
      expect(fake.workspaces.list().workspaces[0]).toMatchObject({
        columnShares: [1240, 760],
        rowShares: [960, 1040],
      }),
    );
    expect(screen.getByTestId('grid').style.gridTemplateColumns).toContain('1240fr');
    await userEvent.keyboard('{Enter}');
    expect(rows.ariaValueNow).toBe('50');
    await userEvent.keyboard('{Escape}');
    press('Escape', CTRL_SHIFT);
    press('=');
    expect(columns.ariaValueNow).toBe('50');
    await waitFor(() =>
      expect(fake.workspaces.list().workspaces[0]).toMatchObject({ columnShares: [] }),
    );
  });

  it('are dragged, as far as the panes can still be read', async () => {
    await showApp(2);
    const line = screen.getByRole('separator');
    screen.getByTestId('grid').getBoundingClientRect = () => ({ width: 800 }) as DOMRect;
    fireEvent.pointerDown(line, { button: 0, clientX: 400 });
    fireEvent.pointerMove(line, { clientX: 500 });
    expect(line.ariaValueNow).toBe('63');
    fireEvent.pointerMove(line, { clientX: 790 });
    expect(line.ariaValueNow).toBe('80');
    fireEvent.pointerUp(line);
    fireEvent.pointerMove(line, { clientX: 100 });
    expect(line.ariaValueNow).toBe('80');
    fireEvent.doubleClick(line);
    expect(line.ariaValueNow).toBe('50');
  });
});

describe('what the window is opened for', () => {
  it('is a session, which is gone to once it is there, and a project', async () => {
    const { fake, synk, focused } = await showApp(0, two);
    act(() => fake.machine.open({ path: '/srv/harbour' }));
    expect(synk.projects.getState().current).toBe('/srv/harbour');
    act(() => fake.machine.open({ sessionId: 5, path: '/srv/harbour' }));
    await act(() => open(fake, 2, 'e'));
    await waitFor(() => expect(focused()).toBe(5));
    expect(shownNames()).toEqual(['c', 'd', 'e']);
  });
});
