// Prompts to several panes, in the whole window: the command bar, broadcast, live typing and
// the queues.
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { FAKE_HOME, type FakeTransport } from '@/transport/fake';
import { CTRL_SHIFT, press, seriousFaults, showApp } from './app-on-show';

const CTRL_B = { ctrlKey: true, keyCode: 66 };

async function openBar(): Promise<HTMLTextAreaElement> {
  press(' ', CTRL_SHIFT);
  await screen.findByRole('dialog', { name: 'Command bar' });
  return screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Prompt' });
}
const chosen = () =>
  screen
    .getAllByTestId('target')
    .filter((target) => target.ariaPressed === 'true')
    .map((target) => Number(target.dataset.sessionId));
const receipts = () => screen.queryAllByTestId('receipt').map(({ dataset }) => dataset.receipt);
const agent = (fake: FakeTransport) =>
  fake.call('session:create', { agentType: 'claude_code', projectPath: FAKE_HOME });
const wait = (fake: FakeTransport, sessionId: number) =>
  act(async () => fake.happen(sessionId, (session) => session.report('waiting')));

describe('the command bar', () => {
  it('opens for the focused pane, sends, shows the receipts and goes by itself', async () => {
    const { fake, keyboardOf } = await showApp(2, agent);
    const field = await openBar();
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect(chosen()).toEqual([1]);
    await userEvent.keyboard('3run the tests');
    expect(field.value).toBe('run the tests');
    expect(chosen()).toEqual([1, 3]);
    // While something is written it stays, however long it is looked at.
    await userEvent.keyboard('{Enter}x');
    expect(fake.callsOf('dispatch:send')).toEqual([
      { sessionIds: [1, 3], text: 'run the tests', submit: true, queue: false },
    ]);
    await waitFor(() => expect(receipts()).toEqual(['working', 'working']));
    expect(await seriousFaults()).toEqual([]);
    await userEvent.keyboard('{Backspace}');
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('stays while the panes of the next prompt are chosen', async () => {
    const { synk } = await showApp(2);
    const field = await openBar();
    await waitFor(() => expect(document.activeElement).toBe(field));
    // What is written keeps it, however long the receipts take.
    await userEvent.keyboard('make{Enter}x');
    await waitFor(() => expect(receipts()).toEqual(['working']));
    vi.useFakeTimers();
    try {
      act(() => synk.composer.write(''));
      press('2');
      act(() => void vi.advanceTimersByTime(60_000));
      expect(screen.getByRole('dialog', { name: 'Command bar' }).isConnected).toBe(true);
      expect(chosen()).toEqual([1, 2]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps the keyboard in the prompt when it is used with the mouse', async () => {
    await showApp(2);
    const field = await openBar();
    await waitFor(() => expect(document.activeElement).toBe(field));
    await userEvent.click(screen.getAllByTestId('target')[1] as HTMLElement);
    await userEvent.click(screen.getByRole('switch'));
    expect(screen.getByRole('switch').ariaChecked).toBe('true');
    expect(document.activeElement).toBe(field);
    await userEvent.keyboard('hello');
    expect(field.value).toBe('hello');
    expect(chosen()).toEqual([1, 2]);
    // The keyboard's own way to them stays.
    await userEvent.tab();
    expect(document.activeElement).toBe(screen.getAllByTestId('target')[0]);
  });

  it('opens by / in the grid only, and closes by its keys', async () => {
    const { fake } = await showApp(1);
    press('Escape', CTRL_SHIFT);
    press('/');
    await screen.findByRole('dialog', { name: 'Command bar' });
    press(' ', CTRL_SHIFT);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(fake.callsOf('session:write')).toEqual([]);
  });

  it('chooses by digits, with Alt at any time, and all at once', async () => {
    await showApp(3);
    const field = await openBar();
    await waitFor(() => expect(document.activeElement).toBe(field));
    await userEvent.keyboard('{Control>}a{/Control}');
    expect(chosen()).toEqual([1, 2, 3]);
    await userEvent.keyboard('1x1');
    expect(chosen()).toEqual([2, 3]);
    expect(field.value).toBe('x1');
    press('2', { altKey: true });
    expect(chosen()).toEqual([3]);
    press('a', { altKey: true });
    expect(chosen()).toEqual([1, 2, 3]);
    await userEvent.click(screen.getAllByTestId('target')[0] as HTMLElement);
    expect(chosen()).toEqual([2, 3]);
    expect(field.value).toBe('x1');
    await userEvent.clear(field);
    // What stands on the digits' keys is text, also at the beginning.
    await userEvent.keyboard('!é');
    expect(field.value).toBe('!é');
    expect(chosen()).toEqual([2, 3]);
  });

  it('writes several lines, keeps a draft, and leaves keys to an input method', async () => {
    const { fake } = await showApp(1);
    const field = await openBar();
    await waitFor(() => expect(document.activeElement).toBe(field));
    await userEvent.keyboard('one{Shift>}{Enter}{/Shift}two');
    fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(field, { key: 'Enter', keyCode: 229 });
    fireEvent.keyDown(field, { key: 'Escape', isComposing: true });
    expect(screen.getByRole('dialog').isConnected).toBe(true);
    expect(fake.callsOf('dispatch:send')).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect((await openBar()).value).toBe('one\ntwo');
  });

  it('asks before several lines run in shells; Enter runs them', async () => {
    const { fake } = await showApp(2);
    await openBar();
    press('a', { altKey: true });
    await userEvent.keyboard('one{Shift>}{Enter}{/Shift}two{Enter}');
    const question = await screen.findByText('Run 2 lines in 2 shells?');
    expect(await seriousFaults()).toEqual([]);
    await userEvent.keyboard('{Enter}');
    expect(fake.callsOf('dispatch:send')[1]).toMatchObject({
      sessionIds: [1, 2],
      text: 'one\ntwo',
      confirmed: true,
    });
    await waitFor(() => expect(question.isConnected).toBe(false));
    await waitFor(() => expect(receipts()).toEqual(['working', 'working']));
  });

  it('stays with the reason where it failed, and tries those again by one key', async () => {
    const { fake } = await showApp(0, async (daemon) => {
      for (let count = 0; count < 3; count += 1) await agent(daemon);
    });
    await wait(fake, 2);
    await openBar();
    press('a', { altKey: true });
    await userEvent.keyboard('hello{Enter}');
    await waitFor(() => expect(receipts()).toEqual(['working', 'blocked', 'working']));
    const list = screen.getByRole('list', { name: 'Not delivered' });
    expect(list.textContent).toBe('claude-2 blocked: A dialog is open in it; answer that first.');
    expect(await seriousFaults()).toEqual([]);
    await act(async () => fake.happen(2, (session) => session.report('idle')));
    press('r', { altKey: true });
    expect(fake.callsOf('dispatch:send')[1]?.sessionIds).toEqual([2]);
    await waitFor(() => expect(receipts()).toEqual(['working', 'working', 'working']));
  });

  it('inserts without Enter, and recalls what was sent', async () => {
    const { fake } = await showApp(0, agent);
    const field = await openBar();
    await waitFor(() => expect(document.activeElement).toBe(field));
    await userEvent.keyboard('hello');
    press('Enter', { altKey: true });
    expect(fake.callsOf('dispatch:send')).toMatchObject([{ text: 'hello', submit: false }]);
    await waitFor(() => expect(receipts()).toEqual(['draft']));
    await userEvent.keyboard('{ArrowUp}');
    expect(field.value).toBe('hello');
    await userEvent.keyboard('{ArrowDown}');
    expect(field.value).toBe('');
  });

  it('queues what cannot go now', async () => {
    const { fake } = await showApp(0, agent);
    await wait(fake, 1);
    await openBar();
    press('q', { altKey: true });
    expect(screen.getByRole('switch').ariaChecked).toBe('true');
    await userEvent.keyboard('hello{Enter}');
    await waitFor(() => expect(receipts()).toEqual(['queued']));
    expect(fake.callsOf('dispatch:send')).toMatchObject([{ queue: true }]);
    await act(async () => fake.happen(1, (session) => session.report('idle')));
    await waitFor(() => expect(receipts()).toEqual(['working']));
  });
});

describe('broadcast', () => {
  it('is armed by its key, says so, and sends to all with receipts', async () => {
    const { fake, keyboardOf } = await showApp(3);
    press('b', CTRL_B);
    const frame = await screen.findByTestId('broadcast');
    expect(within(frame).getByRole('status').textContent).toBe('Next prompt goes to all 3 panes');
    const field = within(frame).getByRole('textbox');
    expect(document.activeElement).toBe(field);
    expect(await seriousFaults()).toEqual([]);
    await userEvent.keyboard('make{Enter}');
    expect(fake.callsOf('dispatch:send')).toMatchObject([{ sessionIds: [1, 2, 3], text: 'make' }]);
    expect(screen.queryByTestId('broadcast')).toBeNull();
    await waitFor(() => expect(receipts()).toEqual(['working', 'working', 'working']));
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
    expect(fake.callsOf('session:write')).toEqual([]);
  });

  it('is disarmed by Escape, which no program gets', async () => {
    const { fake, keyboardOf, giveKeyboard } = await showApp(2);
    press('b', CTRL_B);
    await screen.findByTestId('broadcast');
    giveKeyboard(2);
    press('Escape', { keyCode: 27 });
    expect(screen.queryByTestId('broadcast')).toBeNull();
    expect(fake.callsOf('session:write')).toEqual([]);
    expect(document.activeElement).toBe(keyboardOf(2));
    press('Escape', { keyCode: 27 });
    expect(fake.callsOf('session:write')).toEqual([{ sessionId: 2, data: '\x1b' }]);
  });

  it('pressed twice gives the program its key, once however long it is held', async () => {
    const { fake, keyboardOf } = await showApp(2);
    press('b', CTRL_B);
    press('b', { ...CTRL_B, repeat: true });
    await screen.findByTestId('broadcast');
    press('b', CTRL_B);
    expect(fake.callsOf('session:write')).toEqual([{ sessionId: 1, data: '\x02' }]);
    expect(screen.queryByTestId('broadcast')).toBeNull();
    expect(document.activeElement).toBe(keyboardOf(1));
  });

  it('has the keyboard again after a pane was renamed or closed', async () => {
    const { panes, giveKeyboard } = await showApp(2);
    press('b', CTRL_B);
    const field = within(await screen.findByTestId('broadcast')).getByRole('textbox');
    const [pane] = panes();
    await userEvent.dblClick(within(pane as HTMLElement).getByText('shell'));
    await userEvent.keyboard('api{Enter}');
    await waitFor(() => expect(pane?.ariaLabel).toBe('api'));
    expect(document.activeElement).toBe(field);
    giveKeyboard(1);
    press('W', CTRL_SHIFT);
    await waitFor(() => expect(panes()).toHaveLength(1));
    expect(document.activeElement).toBe(field);
  });

  it('goes to a chosen set by the command bar, which has all of them chosen', async () => {
    const { fake } = await showApp(3);
    press('b', CTRL_B);
    await userEvent.click(await screen.findByRole('button', { name: 'Choose panes' }));
    await screen.findByRole('dialog', { name: 'Command bar' });
    expect(chosen()).toEqual([1, 2, 3]);
    await userEvent.keyboard('2make{Enter}');
    expect(fake.callsOf('dispatch:send')).toMatchObject([{ sessionIds: [1, 3] }]);
    await waitFor(() => expect(screen.queryByTestId('broadcast')).toBeNull());
  });

  it('leaves its key to others where there is no pane', async () => {
    await showApp(0);
    expect(press('b', CTRL_B)).toBe(true);
    expect(screen.queryByTestId('broadcast')).toBeNull();
  });
});

describe('live typing', () => {
  const writes = (fake: FakeTransport, sessionId: number) =>
    fake
      .callsOf('session:write')
      .filter((write) => write.sessionId === sessionId)
      .map(({ data }) => data)
      .join('');
  const begin = async () => {
    press('P', CTRL_SHIFT);
    await userEvent.type(await screen.findByRole('combobox'), 'type into{Enter}');
    await waitFor(() => expect(screen.getAllByTestId('live')).toHaveLength(3));
  };

  it('goes to every pane of the set and is marked on each, until Escape twice', async () => {
    const { fake } = await showApp(3);
    expect(screen.queryByTestId('live')).toBeNull();
    await begin();
    expect(screen.getByTestId('live-status').textContent).toContain('Typing into 3 panes');
    await userEvent.click(screen.getByRole('button', { name: 'Type into shell-2 too: LIVE' }));
    expect(screen.getByTestId('live-status').textContent).toContain('Typing into 2 panes');
    expect(await seriousFaults()).toEqual([]);
    press('1', { altKey: true });
    press('a', { keyCode: 65 });
    press('b', { keyCode: 66 });
    await waitFor(() => expect(writes(fake, 3)).toBe('ab'));
    expect(writes(fake, 1)).toBe('ab');
    expect(writes(fake, 2)).toBe('');
    // A pane that does not belong to the set is typed into alone.
    press('2', { altKey: true });
    press('c', { keyCode: 67 });
    await waitFor(() => expect(writes(fake, 2)).toBe('c'));
    expect(writes(fake, 3)).toBe('ab');
    press('3', { altKey: true });
    press('Escape', { keyCode: 27 });
    press('d', { keyCode: 68 });
    press('Escape', { keyCode: 27 });
    expect(screen.getByTestId('live-status').isConnected).toBe(true);
    press('Escape', { keyCode: 27 });
    await waitFor(() => expect(screen.queryByTestId('live-status')).toBeNull());
    press('e', { keyCode: 69 });
    await waitFor(() => expect(writes(fake, 3)).toBe('ab\x1bd\x1b\x1be'));
    expect(writes(fake, 1)).toBe('ab\x1bd\x1b\x1b');
  });

  it('pastes too, before what is typed after it', async () => {
    const { fake } = await showApp(3);
    await begin();
    fake.machine.clipboard = 'one\ntwo';
    press('V', CTRL_SHIFT);
    press('x', { keyCode: 88 });
    for (const sessionId of [1, 2, 3]) {
      await waitFor(() => expect(writes(fake, sessionId)).toBe('one\rtwox'));
    }
  });

  it('keeps what a terminal says by itself to its own program', async () => {
    const { fake } = await showApp(3);
    await begin();
    const focusIn = fake.callsOf('session:ack').length;
    act(() =>
      fake.emit('session:output', {
        sessionId: 1,
        dataB64: btoa('\x1b[?1004h'),
        offset: 999,
        snapshot: false,
      }),
    );
    await waitFor(() => expect(fake.callsOf('session:ack').length).toBeGreaterThan(focusIn));
    press('2', { altKey: true });
    press('1', { altKey: true });
    await waitFor(() => expect(writes(fake, 1)).toContain('\x1b[I'));
    expect(writes(fake, 2)).toBe('');
  });

  it('is for the panes that are chosen in the command bar, and goes with them', async () => {
    const { fake } = await showApp(3);
    await openBar();
    await userEvent.keyboard('3');
    press('l', { altKey: true });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const on = () => screen.getAllByTestId('live').map((mark) => mark.ariaPressed);
    expect(on()).toEqual(['true', 'false', 'true']);
    await act(() => fake.call('session:destroy', { sessionId: 3 }));
    expect(on()).toEqual(['true', 'false']);
    await act(() => fake.call('session:destroy', { sessionId: 1 }));
    expect(screen.queryByTestId('live')).toBeNull();
  });
});

describe('a queue', () => {
  it('is counted in the header, and its prompts can be changed and taken out', async () => {
    const { fake, panes } = await showApp(0, agent);
    await wait(fake, 1);
    for (const text of ['first', 'second']) {
      await act(() => fake.call('dispatch:send', { sessionIds: [1], text, queue: true }));
    }
    const badge = within(panes()[0] as HTMLElement).getByTestId('queue');
    expect(badge.textContent).toBe('2');
    await userEvent.click(badge);
    const fields = await screen.findAllByRole<HTMLTextAreaElement>('textbox', {
      name: 'Prompt that waits',
    });
    expect(fields.map(({ value }) => value)).toEqual(['first', 'second']);
    expect(await seriousFaults()).toEqual([]);
    await userEvent.type(fields[1] as HTMLElement, ' and third{Enter}');
    expect(fake.callsOf('dispatch:edit')).toEqual([{ promptId: 2, text: 'second and third' }]);
    const [remove] = screen.getAllByRole('button', { name: 'Take it out of the queue' });
    await userEvent.click(remove as HTMLElement);
    expect(fake.callsOf('dispatch:edit')[1]).toEqual({ promptId: 1 });
    await waitFor(() => expect(badge.textContent).toBe('1'));
    await act(async () => fake.happen(1, (session) => session.report('idle')));
    expect((await screen.findByText('Nothing waits.')).isConnected).toBe(true);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('queue')).toBeNull());
  });

  it('still has what was changed in it when it is opened again', async () => {
    const { fake, panes } = await showApp(0, agent);
    await wait(fake, 1);
    await act(() => fake.call('dispatch:send', { sessionIds: [1], text: 'first', queue: true }));
    const badge = within(panes()[0] as HTMLElement).getByTestId('queue');
    const open = async () => {
      await userEvent.click(badge);
      return screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Prompt that waits' });
    };
    await userEvent.type(await open(), ' and second');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const field = await open();
    expect(field.value).toBe('first and second');
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    expect(field.value).toBe('first');
    expect(fake.callsOf('dispatch:edit')).toEqual([]);
  });
});
