import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import { PATIENCE_MS, Workspaces } from './store';

let fake: FakeTransport;
let workspaces: Workspaces;
let errors: unknown[];
let end: () => void;
const state = () => workspaces.store.getState();
const names = () => state().workspaces.map(({ name }) => name);

beforeEach(async () => {
  fake = new FakeTransport();
  errors = [];
  workspaces = new Workspaces(fake, (reason) => errors.push(reason));
  for (const name of ['two', 'three']) await fake.call('workspace:create', { name });
  await fake.call('workspace:show', { workspaceId: 2 });
  end = workspaces.start();
  await vi.waitFor(() => expect(names()).toEqual(['Workspace 1', 'two', 'three']));
});

afterEach(() => {
  end();
  vi.useRealTimers();
});

describe('what the window shows', () => {
  it('begins with what was shown last, and is its own from then on', async () => {
    expect(state().shown).toBe(2);
    await fake.call('workspace:show', { workspaceId: 3 });
    expect(state().shown).toBe(2);
  });

  it('is told once it rests, with the window’s size', async () => {
    vi.useFakeTimers();
    workspaces.show(3);
    workspaces.show(1);
    window.dispatchEvent(new Event('resize'));
    expect(fake.callsOf('workspace:show')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(fake.callsOf('workspace:show').at(-1)).toEqual({
      workspaceId: 1,
      window: { width: window.innerWidth, height: window.innerHeight },
    });
    expect(fake.callsOf('workspace:show')).toHaveLength(2);
  });

  it('is the neighbour of one that is gone', async () => {
    await fake.call('workspace:delete', { workspaceId: 2 });
    expect(state().shown).toBe(3);
    await fake.call('workspace:delete', { workspaceId: 3 });
    expect(state().shown).toBe(1);
  });

  it.each([
    [2, 1, 3],
    [3, 1, 1],
    [1, -1, 3],
  ])('from %i, %i further, is %i', (from, step, to) => {
    workspaces.show(from);
    expect(workspaces.beside(step)?.workspaceId).toBe(to);
  });
});

describe('a change', () => {
  it('is seen at once and told as one when it rests', async () => {
    vi.useFakeTimers();
    workspaces.change({ workspaceId: 2, columnShares: [1100, 900] });
    workspaces.change({ workspaceId: 2, columnShares: [1200, 800] });
    workspaces.change({ workspaceId: 2, zoomed: true });
    workspaces.change({ workspaceId: 3, focused: 7 });
    expect(workspaces.get(2)).toMatchObject({ columnShares: [1200, 800], zoomed: true });
    // Lists of others do not take it back.
    await fake.call('workspace:change', { workspaceId: 1, name: 'one' });
    expect(workspaces.get(2)?.columnShares).toEqual([1200, 800]);
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(fake.callsOf('workspace:change').slice(1)).toEqual([
      { workspaceId: 2, columnShares: [1200, 800], zoomed: true },
      { workspaceId: 3, focused: 7 },
    ]);
    // From then on the daemon has the word.
    await fake.call('workspace:change', { workspaceId: 2, columnShares: [] });
    expect(workspaces.get(2)?.columnShares).toEqual([]);
  });

  it('that says nothing new is not told', async () => {
    vi.useFakeTimers();
    workspaces.change({ workspaceId: 2, zoomed: false });
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(fake.callsOf('workspace:change')).toEqual([]);
  });

  it('is told before the page goes', async () => {
    workspaces.change({ workspaceId: 2, rowShares: [700, 1300] });
    window.dispatchEvent(new Event('pagehide'));
    await vi.waitFor(() =>
      expect(fake.workspaces.list().workspaces[1]?.rowShares).toEqual([700, 1300]),
    );
  });

  it('of a name that is refused is said and taken back', async () => {
    workspaces.change({ workspaceId: 2, name: 'a\u0007bell' }, true);
    expect(names()[1]).toBe('a\u0007bell');
    await vi.waitFor(() => expect(names()[1]).toBe('two'));
    expect(errors).toHaveLength(1);
  });

  it.each([
    ['to the front', 3, 0, ['three', 'Workspace 1', 'two']],
    ['to the end', 1, 2, ['two', 'three', 'Workspace 1']],
    ['beyond the end', 1, 9, ['two', 'three', 'Workspace 1']],
  ])('of place goes %s', async (_, workspaceId, position, result) => {
    workspaces.place(workspaceId, position);
    expect(names()).toEqual(result);
    await workspaces.flush();
    expect(fake.workspaces.list().workspaces.map(({ name }) => name)).toEqual(result);
    expect(names()).toEqual(result);
  });
});

describe('workspaces', () => {
  it('are made and deleted, unless they have panes', async () => {
    const made = await workspaces.create();
    expect(names()).toContain('Workspace 2');
    await fake.call('session:create', {
      agentType: 'terminal',
      projectPath: FAKE_HOME,
      workspaceId: made,
    });
    await expect(workspaces.remove(made)).rejects.toMatchObject({ code: 'conflict' });
    await workspaces.remove(3);
    expect(names()).toEqual(['Workspace 1', 'two', 'Workspace 2']);
  });

  it('forget which one is renamed when it is gone', async () => {
    workspaces.rename(3);
    await fake.call('workspace:delete', { workspaceId: 3 });
    expect(state().renaming).toBeNull();
  });
});
