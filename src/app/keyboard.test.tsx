// Giving actions other keys, in the whole window: the page, and everything that shows keys.
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { CTRL_SHIFT, press, seriousFaults, showApp } from './app-on-show';

const CTRL_ALT = { ctrlKey: true, altKey: true };

async function openKeyboard() {
  const app = await showApp(2);
  press(',', { ctrlKey: true });
  const page = await screen.findByRole('dialog', { name: 'Settings' });
  await within(page).findByRole('switch', { name: 'Save by itself' });
  fireEvent.click(within(page).getByRole('button', { name: 'Keyboard' }));
  await screen.findByRole('list', { name: 'Actions and their keys' });
  const sent = () => app.fake.callsOf('settings:set').map(({ settings }) => settings.keyboard);
  return { ...app, page, sent };
}

const row = (id: string) => {
  const element = document.querySelector<HTMLElement>(`[data-action="${id}"]`);
  if (!element) throw new Error(`no row for ${id}`);
  return within(element);
};
const record = (id: string, name: string) =>
  fireEvent.click(row(id).getByRole('button', { name: `Keys for ${name}` }));

describe('the keyboard page', () => {
  it('takes the keys that are pressed, and everything shows them', async () => {
    const { fake, sent, panes } = await openKeyboard();
    record('pane.zoom', 'Zoom pane');
    expect(await seriousFaults()).toEqual([]);
    press('m', CTRL_ALT);
    await waitFor(() =>
      expect(sent()).toEqual([{ bindings: { 'pane.zoom': ['Ctrl+Shift+Z', 'Ctrl+Alt+m'] } }]),
    );
    // One of its own is taken away; the other is what counts.
    fireEvent.click(row('pane.zoom').getByRole('button', { name: /^Take Ctrl\+Shift\+Z from/ }));
    press('Escape');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    press('Z', CTRL_SHIFT);
    expect(panes()[0]?.dataset.zoomed).toBe('false');
    press('m', CTRL_ALT);
    await waitFor(() => expect(panes()[0]?.dataset.zoomed).toBe('true'));
    press('P', CTRL_SHIFT);
    const option = await screen.findByRole('option', { name: /Zoom pane/ });
    expect(option.textContent).toBe('Zoom paneCtrlAltm');
    expect(fake.callsOf('session:write')).toEqual([]);
  });

  it('names who has the keys, and takes them only when told to', async () => {
    const { sent } = await openKeyboard();
    record('pane.zoom', 'Zoom pane');
    press('W', CTRL_SHIFT);
    const alert = row('pane.zoom').getByRole('alert');
    expect(alert.textContent).toContain('“Close pane” has it anywhere and would lose it.');
    expect(sent()).toEqual([]);
    fireEvent.click(within(alert).getByRole('button', { name: 'Take it' }));
    await waitFor(() =>
      expect(sent()).toEqual([
        { bindings: { 'pane.close': [], 'pane.zoom': ['Ctrl+Shift+Z', 'Ctrl+Shift+W'] } },
      ]),
    );
  });

  it('says what terminals would miss', async () => {
    const { sent } = await openKeyboard();
    record('pane.zoom', 'Zoom pane');
    press('c', { ctrlKey: true });
    const alert = row('pane.zoom').getByRole('alert');
    expect(alert.textContent).toContain('Ctrl+c would no longer interrupt programs.');
    fireEvent.click(within(alert).getByRole('button', { name: 'Leave it' }));
    expect(row('pane.zoom').queryByRole('alert')).toBeNull();
    expect(sent()).toEqual([]);
  });

  it('leaves recording with Escape, and takes all keys away with Backspace', async () => {
    const { page, sent } = await openKeyboard();
    record('pane.zoom', 'Zoom pane');
    press('Escape');
    expect(page.isConnected).toBe(true);
    expect(row('pane.zoom').queryByText('Press keys…')).toBeNull();
    record('pane.zoom', 'Zoom pane');
    press('Backspace');
    await waitFor(() => expect(sent()).toEqual([{ bindings: { 'pane.zoom': [] } }]));
    fireEvent.click(row('pane.zoom').getByRole('button', { name: 'Reset the keys of Zoom pane' }));
    await waitFor(() => expect(sent().at(-1)).toEqual({ bindings: {} }));
  });

  it('finds actions by name and by keys, and shows what is ignored', async () => {
    const { fake, page, sent } = await openKeyboard();
    fireEvent.change(screen.getByRole('searchbox', { name: 'Find an action' }), {
      target: { value: 'ctrl+shift+z' },
    });
    const list = screen.getByRole('list', { name: 'Actions and their keys' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(1);
    const bindings = { 'pane.split': ['F5'], 'pane.zoom': ['Hyper+x', 'F4'] };
    await act(async () => fake.settings.edit({ keyboard: { bindings } }));
    const ignored = within(page).getByRole('list', { name: 'Ignored' });
    expect(within(ignored).getAllByRole('listitem')).toHaveLength(2);
    fireEvent.click(
      screen.getByRole('button', { name: 'Take out the keys of pane.split that are ignored' }),
    );
    await waitFor(() => expect(sent()).toEqual([{ bindings: { 'pane.zoom': ['Hyper+x', 'F4'] } }]));
    expect(await seriousFaults()).toEqual([]);
  });
});

it('gives a key that nothing in a sheet takes to the sheet, and not to the grid', async () => {
  const { fake, panes } = await showApp(2);
  press('Escape', CTRL_SHIFT);
  press('/');
  const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Prompt' });
  await waitFor(() => expect(document.activeElement).toBe(field));
  // So does a web view where what has the keyboard is disabled.
  act(() => field.blur());
  expect(document.activeElement).toBe(document.body);
  press('W', CTRL_SHIFT);
  act(() => field.blur());
  await userEvent.keyboard('x');
  expect(field.value).toBe('x');
  expect(panes()).toHaveLength(2);
  expect(fake.callsOf('session:destroy')).toEqual([]);
});

it('makes the window larger, smaller and normal', async () => {
  const { fake } = await showApp(1);
  press('+', { ...CTRL_SHIFT, code: 'Equal' });
  await waitFor(() => expect(fake.machine.zoom).toBe(110));
  press('_', { ...CTRL_SHIFT, code: 'Minus' });
  press('_', { ...CTRL_SHIFT, code: 'Minus' });
  await waitFor(() => expect(fake.machine.zoom).toBe(90));
  press(')', { ...CTRL_SHIFT, code: 'Digit0' });
  await waitFor(() => expect(fake.machine.zoom).toBe(100));
  expect(fake.callsOf('session:write')).toEqual([]);
});
