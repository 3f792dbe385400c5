// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { Sessions } from '@/features/sessions';
import { Terminals } from '@/features/terminal';
import { Workspaces } from '@/features/workspaces';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import { GridView } from './view';

const report = (reason: unknown) => {
  throw reason;
};

/** A grid of two panes that was brought back with the focus on the second, which no list has yet. */
async function broughtBack() {
  const fake = new FakeTransport();
  for (const name of ['a', 'b']) {
    await fake.call('session:create', { agentType: 'terminal', projectPath: FAKE_HOME, name });
  }
  await fake.call('workspace:change', { workspaceId: 1, focused: 2 });
  const sessions = new Sessions(fake, report);
  const workspaces = new Workspaces(fake, report);
  const grid = new GridView(
    sessions,
    new Terminals(fake),
    workspaces,
    () => {},
    () => true,
  );
  sessions.start();
  workspaces.start();
  grid.start();
  await vi.waitFor(() => expect(workspaces.current()?.focused).toBe(2));
  const list = await fake.call('session:list', {});
  fake.emit('session:changed', { sessions: list.slice(0, 1) });
  grid.adopt();
  expect(grid.store.getState().focused).toBe(1);
  return { grid, theRestComes: () => fake.emit('session:changed', { sessions: list }) };
}

it('takes the focus that was kept once its pane is there', async () => {
  const { grid, theRestComes } = await broughtBack();
  // A terminal that opens under the focus is nobody's choice.
  grid.focused(1);
  theRestComes();
  expect(grid.store.getState().focused).toBe(2);
});

it('leaves the focus where the person has put it meanwhile', async () => {
  const { grid, theRestComes } = await broughtBack();
  grid.focus(1);
  theRestComes();
  expect(grid.store.getState().focused).toBe(1);
});
