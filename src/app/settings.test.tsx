// The settings page and the pool's place in the status line, in the whole window.
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { CTRL_SHIFT, press, seriousFaults, showApp } from './app-on-show';

async function openSettings(section = 'Process pool'): Promise<HTMLElement> {
  press(',', { ctrlKey: true, keyCode: 188 });
  const page = await screen.findByRole('dialog', { name: 'Settings' });
  const button = await within(page).findByRole('button', { name: section });
  await within(page).findByRole('switch', { name: 'Save by itself' });
  fireEvent.click(button);
  return page;
}

const estimate = () => screen.getByTestId('pool-estimate').textContent;

describe('the settings page', () => {
  it('opens by its keys, which no program gets, and gives the keyboard back', async () => {
    const { fake, keyboardOf } = await showApp(2);
    await openSettings();
    const search = screen.getByRole('searchbox', { name: 'Search settings' });
    await waitFor(() => expect(document.activeElement).toBe(search));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(fake.callsOf('session:write')).toEqual([]);
    await openSettings();
    press(',', { ctrlKey: true });
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
  });

  it('opens from the palette', async () => {
    await showApp(0);
    press('P', CTRL_SHIFT);
    await userEvent.type(await screen.findByRole('combobox'), 'settings{Enter}');
    expect((await screen.findByRole('dialog', { name: 'Settings' })).isConnected).toBe(true);
  });

  it('sets a size by keys, with the memory that it takes', async () => {
    const { fake } = await showApp(1);
    await openSettings();
    await waitFor(() =>
      expect(estimate()).toBe(
        'These sizes take about 14.1 MiB (2 × 7.1 MiB, as measured), and at most 21.2 MiB for 3.',
      ),
    );
    act(() => screen.getByRole('slider', { name: 'Waiting shells' }).focus());
    await userEvent.keyboard('{ArrowRight}{ArrowRight}');
    expect(estimate()).toBe('These sizes take about 28.2 MiB (4 × 7.1 MiB, as measured).');
    expect(screen.getByRole('slider', { name: 'At most' }).ariaValueNow).toBe('4');
    await waitFor(() =>
      expect(fake.callsOf('settings:set')).toEqual([
        { settings: { pool: { initialSize: 4, maxSize: 4 } } },
      ]),
    );
    await waitFor(() => expect(screen.getByTestId('pool').textContent).toBe('pool 4/4'));
  });

  it('invents no memory before a shell was measured, and says when the pool is off', async () => {
    await showApp(1, async (fake) => fake.disturbPool({ idle: 0, warming: 2 }));
    await openSettings();
    expect(estimate()).toContain('not known yet');
    act(() => screen.getByRole('slider', { name: 'Waiting shells' }).focus());
    await userEvent.keyboard('{Home}');
    expect(estimate()).toContain('The pool is off');
    await waitFor(() => expect(screen.getByTestId('pool').textContent).toBe('pool off'));
  });

  it('takes a number with Enter, on leaving the field, and when it is closed', async () => {
    const { fake } = await showApp(1);
    await openSettings();
    const field = (name: string) => screen.getByRole('spinbutton', { name });
    await userEvent.clear(field('Oldest waiting shell'));
    await userEvent.keyboard('45{Enter}');
    await userEvent.clear(field('Panes in the grid'));
    await userEvent.keyboard('8{Tab}');
    act(() => field('Pause between warm-ups').focus());
    await userEvent.keyboard('{ArrowUp}{PageUp}{Escape}');
    await waitFor(() =>
      expect(fake.callsOf('settings:set')).toEqual([
        { settings: { pool: { maxAgeMinutes: 45 } } },
        { settings: { pool: { maxActive: 8 } } },
        { settings: { pool: { warmupDelayMs: 111 } } },
      ]),
    );
  });

  it('says what a number can be, and does not send another', async () => {
    const { fake } = await showApp(1);
    await openSettings();
    const field = screen.getByRole('spinbutton', { name: 'Oldest waiting shell' });
    await userEvent.clear(field);
    await userEvent.keyboard('1441');
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toBe('A whole number from 1 to 1,440 minutes.');
    expect(field.getAttribute('aria-describedby')).toContain(alert.id);
    await userEvent.keyboard('{Tab}');
    expect((field as HTMLInputElement).value).toBe('30');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(fake.callsOf('settings:set')).toEqual([]);
  });

  it('puts back what the daemon refuses, with its words beside it', async () => {
    await showApp(1);
    await openSettings();
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Prompt pattern' });
    await userEvent.type(field, '[[{Enter}');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('is no regular expression');
    expect(alert.closest('li')?.contains(field)).toBe(true);
    expect(field.value).toBe('');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(await seriousFaults()).toEqual([]);
  });

  it('has its settings in sections, and finds them in all', async () => {
    const { fake } = await showApp(1);
    const page = await openSettings();
    await userEvent.click(within(page).getByRole('button', { name: 'Sessions' }));
    expect(screen.queryByRole('slider')).toBeNull();
    await userEvent.click(screen.getByRole('switch', { name: 'Run lost sessions again' }));
    await waitFor(() =>
      expect(fake.callsOf('settings:set')).toEqual([{ settings: { sessions: { runLost: true } } }]),
    );
    const search = screen.getByRole('searchbox', { name: 'Search settings' });
    await userEvent.type(search, 'oldest');
    const sections = within(page).getAllByRole('region');
    expect(sections.map((section) => section.ariaLabel)).toEqual(['Process pool', 'Logs']);
    await userEvent.type(search, ' lamp');
    expect(within(page).getByText('No setting is called that.').isConnected).toBe(true);
  });

  it('shows the user’s own agents and prices, and where they are written', async () => {
    const { fake } = await showApp(1);
    const page = await openSettings();
    await userEvent.click(within(page).getByRole('button', { name: 'Launch' }));
    expect(page.textContent).toContain('aider --no-auto-commits');
    expect(page.textContent).toContain('[agents.custom.opencode]');
    expect(await seriousFaults()).toEqual([]);
    await userEvent.click(screen.getByRole('switch', { name: 'Hooks for each launch' }));
    await userEvent.click(within(page).getByRole('button', { name: 'Notifications' }));
    await userEvent.click(screen.getByRole('switch', { name: 'When an agent has finished' }));
    await waitFor(() =>
      expect(fake.callsOf('settings:set')).toEqual([
        { settings: { agents: { hooks: false } } },
        { settings: { notifications: { done: false } } },
      ]),
    );
    await userEvent.click(within(page).getByRole('button', { name: 'Prices' }));
    expect(page.textContent).toContain('$0.50 in, $1.50 out, $0.05 from a cache');
  });

  it('says that the settings cannot be read, and tries again', async () => {
    const { fake } = await showApp(1, async (daemon) =>
      daemon.fail('settings:get', { code: 'invalid', message: 'settings.toml: line 3 is wrong' }),
    );
    press(',', { ctrlKey: true });
    const alert = await screen.findByText('settings.toml: line 3 is wrong');
    fake.fail('settings:get');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByRole('slider', { name: 'Waiting shells' });
    expect(alert.isConnected).toBe(false);
  });

  it('has nothing serious for axe', async () => {
    await showApp(1, async (fake) => fake.disturbPool({ idle: 0, problem: 'No shell waits.' }));
    const page = await openSettings();
    expect(within(page).getByText('No shell waits.').isConnected).toBe(true);
    expect(await seriousFaults()).toEqual([]);
  });
});

describe('the pool in the status line', () => {
  it('says how many of its shells wait, and explains itself', async () => {
    const { fake } = await showApp(1);
    const gauge = await screen.findByTestId('pool');
    expect(gauge.textContent).toBe('pool 2/2');
    act(() => gauge.focus());
    const tooltip = await screen.findByRole('tooltip');
    expect(tooltip.textContent).toContain(
      '2 of 2 shells wait (14.1 MiB), 0 warming up, 1 session runs.',
    );
    act(() => fake.disturbPool({ idle: 0, warming: 1, problem: 'bash asks a question.' }));
    expect(gauge.textContent).toBe('pool 0/2');
    expect(within(gauge).getByRole('img', { name: 'Problem:' }).isConnected).toBe(true);
    expect(screen.getByRole('tooltip').textContent).toContain('bash asks a question.');
  });

  it('opens its settings', async () => {
    const { keyboardOf } = await showApp(1);
    await userEvent.click(await screen.findByTestId('pool'));
    await screen.findByRole('slider', { name: 'Waiting shells' });
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
  });
});
