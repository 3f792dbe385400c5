import { beforeEach, expect, it, vi } from 'vitest';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import type { NoteAction } from '@/ui';
import { sharedBy } from './overlaps';
import { Worktrees } from './worktrees';

const PROJECT = `${FAKE_HOME}/src/lamp`;
let fake: FakeTransport;
let notes: { message: string; action?: NoteAction | undefined }[];
let report: ReturnType<typeof vi.fn<(reason: unknown) => void>>;
let worktrees: Worktrees;
const state = () => worktrees.store.getState();
const branches = () => state().worktrees?.map(({ branch }) => branch);

beforeEach(async () => {
  fake = new FakeTransport();
  notes = [];
  report = vi.fn();
  const tell = (message: string, action?: NoteAction) => {
    const note = { message, action };
    notes.push(note);
    return () => {
      notes = notes.filter((each) => each !== note);
    };
  };
  worktrees = new Worktrees(fake, tell, report);
  for (const branch of ['feat/a', 'feat/b']) {
    await fake.call('git:create_worktree', { projectPath: PROJECT, branch });
  }
});

it('are removed with a way back, which brings them back', async () => {
  const leave = worktrees.begin();
  await vi.waitFor(() => expect(branches()).toEqual(['feat/a', 'feat/b']));
  await worktrees.remove(state().worktrees?.[0]?.path ?? '', 'feat/a');
  expect(branches()).toEqual(['feat/b']);
  expect(state().trash).toMatchObject([{ branch: 'feat/a', discarded: false }]);
  expect(notes).toMatchObject([{ message: 'Worktree feat/a removed', action: { label: 'Undo' } }]);
  notes[0]?.action?.run();
  await vi.waitFor(() => expect(branches()).toEqual(['feat/b', 'feat/a']));
  // It is offered no longer.
  expect(notes.map(({ message }) => message)).toEqual(['feat/a is back']);
  // The trash keeps what it has until it is emptied.
  expect(state().trash).toHaveLength(1);
  leave();
});

it('are gone for good from the trash, one at a time', async () => {
  await worktrees.load();
  for (const { path, branch } of state().worktrees ?? []) await worktrees.remove(path, branch);
  const leave = worktrees.begin();
  await vi.waitFor(() => expect(state().trash).toHaveLength(2));
  await worktrees.deleteForGood(state().trash[0]?.id ?? '');
  expect(state().trash).toHaveLength(1);
  leave();
});

it('say why one stays', async () => {
  await fake.call('session:create', {
    agentType: 'terminal',
    projectPath: PROJECT,
    branch: 'feat/a',
  });
  await worktrees.load();
  await worktrees.remove(state().worktrees?.[0]?.path ?? '', 'feat/a');
  expect(report.mock.calls[0]?.[0]).toMatchObject({ code: 'conflict' });
  expect(state().busy).toEqual([]);
  fake.fail('git:trash', { code: 'unavailable', message: 'The daemon is away.' });
  await worktrees.load();
  expect(state().problem).toBe('The daemon is away.');
});

it('are asked for one at a time, and once more for all that happened meanwhile', async () => {
  const leave = worktrees.begin();
  for (let count = 0; count < 5; count += 1) fake.emit('session:changed', { sessions: [] });
  await worktrees.load();
  expect(fake.callsOf('git:worktrees')).toHaveLength(2);
  expect(fake.callsOf('git:trash')).toHaveLength(2);
  await fake.call('git:create_worktree', { projectPath: PROJECT, branch: 'feat/c' });
  await worktrees.load();
  expect(branches()).toEqual(['feat/a', 'feat/b', 'feat/c']);
  leave();
});

it('says what one session shares with others, conflicts first', () => {
  const files = [
    { path: 'a', conflicts: false },
    { path: 'b', conflicts: true },
  ];
  const overlaps = [
    { sessions: [1, 2] as [number, number], files },
    { sessions: [2, 3] as [number, number], files: files.slice(0, 1) },
  ];
  expect(
    sharedBy(overlaps, 2).map((each) => [each.sessionId, each.files.map((f) => f.path)]),
  ).toEqual([
    [1, ['b', 'a']],
    [3, ['a']],
  ]);
  expect(sharedBy(overlaps, 4)).toEqual([]);
});
