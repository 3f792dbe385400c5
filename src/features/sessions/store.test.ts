import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import { backgroundOf, panesOf } from './moves';
import { Sessions } from './store';

let fake: FakeTransport;
let sessions: Sessions;
let errors: unknown[];

beforeEach(() => {
  errors = [];
  fake = new FakeTransport();
  sessions = new Sessions(fake, (reason) => errors.push(reason));
});

const state = () => sessions.store.getState();
const names = () => state().sessions.map(({ name }) => name);
const create = (background = false) =>
  fake.call('session:create', { agentType: 'terminal', projectPath: FAKE_HOME, background });

describe('the list of sessions', () => {
  it('comes from the daemon, with the agents and the home folder', async () => {
    await create();
    sessions.start();
    await vi.waitFor(() => expect(state().loaded).toBe(true));
    await vi.waitFor(() => expect(state().homeDir).toBe(FAKE_HOME));
    expect(names()).toEqual(['shell']);
    expect(state().agents.map(({ agentType }) => agentType)).toContain('codex');
    expect(state().connection).toBe('connected');
  });

  it('is replaced by each newer one', async () => {
    sessions.start();
    await create();
    await create();
    expect(names()).toEqual(['shell', 'shell-2']);
    await fake.call('session:destroy', { sessionId: 1 });
    expect(names()).toEqual(['shell-2']);
  });

  it('keeps the sessions that are as they were', async () => {
    sessions.start();
    await create();
    await create();
    const [first, second] = state().sessions;
    await fake.call('session:rename', { sessionId: 2, name: 'other' });
    expect(names()).toEqual(['shell', 'other']);
    expect(state().sessions[0]).toBe(first);
    expect(state().sessions[1]).not.toBe(second);
  });

  it('is not replaced by an answer that is older than an event', async () => {
    let answer: (list: SessionInfo[]) => void = () => {};
    const held = new Promise<SessionInfo[]>((resolve) => {
      answer = resolve;
    });
    const call = fake.call.bind(fake);
    fake.call = (async (...[name, args]: Parameters<typeof call>) =>
      name === 'session:list' ? held : call(name, args)) as typeof fake.call;
    sessions.start();
    await fake.ready;
    await create();
    answer([]);
    await vi.waitFor(() => expect(state().homeDir).toBe(FAKE_HOME));
    expect(names()).toEqual(['shell']);
  });

  it('says when a program ended before the next list does', async () => {
    sessions.start();
    await create();
    fake.emit('session:exit', { sessionId: 1, exitCode: 3 });
    expect(state().sessions[0]).toMatchObject({ state: 'exited', exitCode: 3, pid: null });
  });

  it('knows a session that was lost from one that ended', async () => {
    sessions.start();
    await create();
    fake.emit('session:exit', { sessionId: 1, exitCode: -1 });
    expect(state().sessions[0]).toMatchObject({ state: 'lost', exitCode: null, pid: null });
  });

  it('takes the daemon’s word for when a program ended', async () => {
    await create();
    fake.happen(1, (session) => session.lose(1234));
    sessions.start();
    await vi.waitFor(() => expect(state().loaded).toBe(true));
    expect(state().since[1]).toBe(1234);
  });

  it('knows since when a session has been in its state', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1000 });
    sessions.start();
    await create();
    expect(state().since[1]).toBe(1000);
    vi.setSystemTime(5000);
    await fake.call('session:rename', { sessionId: 1, name: 'other' });
    expect(state().since[1]).toBe(1000);
    await fake.call('session:write', { sessionId: 1, data: 'exit\r' });
    expect(state().since[1]).toBe(5000);
    vi.useRealTimers();
  });
});

describe('panes', () => {
  it('are in the order of their places, apart from the background', async () => {
    sessions.start();
    for (const background of [false, true, false]) await create(background);
    await fake.call('session:destroy', { sessionId: 1 });
    await create();
    expect(panesOf(state().sessions).map(({ sessionId }) => sessionId)).toEqual([4, 3]);
    expect(backgroundOf(state().sessions).map(({ sessionId }) => sessionId)).toEqual([2]);
  });

  it('get a background session that is shown', async () => {
    sessions.start();
    await create(true);
    await sessions.show(1, 1);
    expect(panesOf(state().sessions)).toHaveLength(1);
  });
});

describe('a lost daemon', () => {
  it('leaves the list, and everything is asked again when it is back', async () => {
    await create();
    sessions.start();
    await vi.waitFor(() => expect(state().connection).toBe('connected'));
    fake.emit('daemon:connection', { state: 'connecting', message: null });
    expect(state().connection).toBe('connecting');
    expect(names()).toEqual(['shell']);
    const asked = fake.callsOf('session:list').length;
    fake.emit('daemon:connection', { state: 'connected', message: null });
    await vi.waitFor(() => expect(fake.callsOf('session:list')).toHaveLength(asked + 1));
  });

  it('that does not come up says why', async () => {
    fake.fail('session:list', { code: 'unavailable', message: 'No daemon: start it.' });
    sessions.start();
    await vi.waitFor(() => expect(state().problem).toBe('No daemon: start it.'));
    expect(state().loaded).toBe(false);
    fake.fail('session:list');
    await sessions.load();
    expect(state()).toMatchObject({ loaded: true, connection: 'connected', problem: null });
  });
});

it('reports what went wrong where nobody waited', () => {
  sessions.start();
  fake.emit('app:error', { source: 'daemon', message: 'The log is full.', recoverable: true });
  expect(errors).toEqual([new Error('The log is full.')]);
});

it('knows agents that are found later, and what a session uses', async () => {
  sessions.start();
  await create();
  await vi.waitFor(() => expect(state().homeDir).toBe(FAKE_HOME));
  fake.emit('agent:changed', { agents: state().agents.slice(0, 1) });
  expect(state().agents).toHaveLength(1);
  const tokens = { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 };
  fake.spend(1, 'a-model', { tokens, nanodollars: 7, unpricedTokens: 0 });
  expect(state().sessions[0]?.cost?.cost.nanodollars).toBe(7);
});
