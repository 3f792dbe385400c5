// What agents use, in the whole window: in headers, in the status line and over time.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Cost } from '@/protocol/generated/protocol';
import { FAKE_HOME, type FakeTransport } from '@/transport/fake';
import { CTRL_SHIFT, press, seriousFaults, showApp } from './app-on-show';

const used = (nanodollars: number | null): Cost => ({
  tokens: { input: 1000, output: 2000, cacheRead: 9000, cacheWrite: 300 },
  nanodollars,
  unpricedTokens: nanodollars === null ? 12_300 : 0,
});
const agents = async (fake: FakeTransport) => {
  for (const agentType of ['claude_code', 'aider', 'codex', 'terminal']) {
    await fake.call('session:create', { agentType, projectPath: `${FAKE_HOME}/src/lamp` });
  }
};
const shown = () => screen.getAllByTestId('cost').map(({ textContent }) => textContent);

it('shows each session’s cost in its header and the day’s in the status line', async () => {
  const { fake } = await showApp(0, agents);
  await waitFor(() => expect(shown()).toEqual(['–', '–', '–', '–']));
  act(() => {
    fake.spend(1, 'claude-opus-5-5', used(420_000_000));
    fake.spend(2, 'house-model-1', used(null));
  });
  expect(shown()).toEqual(['$0.42', '12.3k tok', '–', '–']);
  await waitFor(() => expect(screen.getByTestId('cost-today').textContent).toBe('$0.42+ today'));
  act(() => screen.getAllByTestId('cost')[1]?.focus());
  await userEvent.hover(screen.getAllByTestId('cost')[1] as HTMLElement);
  const tooltip = await screen.findByRole('tooltip');
  expect(tooltip.textContent).toContain('1.0k input, 2.0k output, 9.0k cache read');
  expect(tooltip.textContent).toContain('house-model-1');
});

it('shows costs over time by agent, project and model, and saves them', async () => {
  const { fake, keyboardOf } = await showApp(0, async (daemon) => {
    await agents(daemon);
    daemon.spend(1, 'claude-opus-5-5', used(420_000_000), Date.now() - 3 * 86_400_000);
    daemon.spend(2, 'house-model-1', used(null));
  });
  press('P', CTRL_SHIFT);
  await userEvent.type(await screen.findByRole('combobox'), 'costs over{Enter}');
  const page = await screen.findByRole('dialog', { name: 'Costs' });
  const rows = () =>
    within(page)
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.querySelector('th [title]')?.textContent);
  await waitFor(() => expect(rows()).toEqual(['Claude Code', 'Aider']));
  expect(within(page).getAllByTestId('bar')).toHaveLength(30);
  expect(page.textContent).toContain('Prices of 2026-11-20');
  expect(page.textContent).toContain('12.3k tokens are of models without a price');
  expect(await seriousFaults()).toEqual([]);
  await userEvent.click(within(page).getByRole('button', { name: 'By model' }));
  expect(rows()).toEqual(['claude-opus-5-5', 'house-model-1']);
  await userEvent.click(within(page).getByRole('button', { name: 'By project' }));
  expect(rows()).toEqual(['~/src/lamp']);
  await userEvent.click(within(page).getByRole('button', { name: '7 days' }));
  await waitFor(() => expect(within(page).getAllByTestId('bar')).toHaveLength(7));
  await userEvent.click(within(page).getByRole('button', { name: 'Export as CSV' }));
  const [file] = fake.machine.saved;
  expect(file?.name).toMatch(/^synk-costs-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv$/);
  expect(file?.text.split('\r\n')).toHaveLength(4);
  expect((await screen.findByText(/^Saved as .*csv$/)).isConnected).toBe(true);
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(document.activeElement).toBe(keyboardOf(1)));
});

it('says that nothing was used, and why costs cannot be read', async () => {
  const { fake } = await showApp(1);
  await userEvent.click(await screen.findByTestId('cost-today'));
  const page = await screen.findByRole('dialog', { name: 'Costs' });
  await within(page).findByText('No agent has used anything in these days.');
  fake.fail('cost:list', { code: 'unavailable', message: 'The daemon is away.' });
  await userEvent.click(within(page).getByRole('button', { name: '7 days' }));
  expect((await within(page).findByRole('alert')).textContent).toContain('The daemon is away.');
  fake.fail('cost:list');
  await userEvent.click(within(page).getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(within(page).queryByRole('alert')).toBeNull());
});
