import { beforeEach, expect, it, vi } from 'vitest';
import { CommandError } from '@/transport';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import { type BranchRequest, NewBranch } from './new-branch';

const PROJECT = `${FAKE_HOME}/src/lamp`;
let fake: FakeTransport;
let create: ReturnType<typeof vi.fn<(request: BranchRequest) => Promise<void>>>;
let onFailure: ReturnType<typeof vi.fn<(reason: unknown) => void>>;
let form: NewBranch;
const state = () => form.store.getState();
const known = () => vi.waitFor(() => expect(state().branches).toEqual(['main']));

beforeEach(() => {
  fake = new FakeTransport();
  create = vi.fn(async () => {});
  onFailure = vi.fn();
  form = new NewBranch(fake, create, onFailure);
});

it('makes a pane on a new branch, from a base, and begins afresh then', async () => {
  form.begin(PROJECT, ['codex', 'terminal']);
  await known();
  expect(await form.make()).toBe(false);
  form.change({ branch: 'feat/horn', base: 'main' });
  expect(await form.make()).toBe(true);
  const request = { agentType: 'codex', projectPath: PROJECT, branch: 'feat/horn' };
  expect(create.mock.calls).toEqual([[{ ...request, baseBranch: 'main' }]]);
  expect(state()).toMatchObject({ branch: '', base: '', agentType: 'codex', making: false });
});

it('names no base for a branch that is there already', async () => {
  form.begin(PROJECT, []);
  await known();
  form.change({ branch: 'main', base: 'other' });
  await form.make();
  expect(create.mock.calls[0]?.[0]).not.toHaveProperty('baseBranch');
});

it('keeps what was written when it cannot be made, and is made once at a time', async () => {
  let fail: (reason: Error) => void = () => {};
  create.mockImplementation(() => new Promise((_, reject) => (fail = reject)));
  form.begin(PROJECT, []);
  await known();
  form.change({ branch: 'feat/horn' });
  const made = form.make();
  expect(state().making).toBe(true);
  expect(await form.make()).toBe(false);
  form.begin('/somewhere/else', []);
  expect(state().projectPath).toBe(PROJECT);
  fail(new CommandError('internal', 'The disk is full.'));
  expect(await made).toBe(false);
  expect(onFailure).toHaveBeenCalledOnce();
  expect(state()).toMatchObject({
    branch: 'feat/horn',
    problem: 'The disk is full.',
    making: false,
  });
  form.begin(PROJECT, []);
  expect(state()).toMatchObject({ branch: 'feat/horn', problem: null });
});

it('says that a folder is in no repository', async () => {
  form.begin(FAKE_HOME, []);
  await vi.waitFor(() => expect(state().problem).toContain('is in no repository'));
});

it('shows what the project wants to run, and goes on with the answer', async () => {
  form.begin(PROJECT, ['codex']);
  await known();
  form.change({ branch: 'feat/horn' });
  create.mockRejectedValueOnce(new CommandError('untrusted', 'it wants to run:\n\nnpm ci'));
  expect(await form.make()).toBe(false);
  expect(state()).toMatchObject({ question: 'it wants to run:\n\nnpm ci', problem: null });
  expect(await form.make(false)).toBe(true);
  expect(create.mock.calls[1]?.[0]).toMatchObject({ branch: 'feat/horn', setUp: false });
  expect(state().question).toBeNull();
});
