import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PoolStatus, SessionOutput } from '@/protocol/generated/protocol';
import { FAKE_HOME, FakeTransport } from './fake';
import { CommandError } from './transport';

let fake: FakeTransport;
beforeEach(() => {
  fake = new FakeTransport();
});

const create = () => fake.call('session:create', { agentType: 'terminal', projectPath: FAKE_HOME });
const textOf = ({ dataB64 }: SessionOutput) => Buffer.from(dataB64, 'base64').toString('utf8');

describe('calls', () => {
  it('answer after the caller has gone on', async () => {
    const order: string[] = [];
    const answered = create().then(() => order.push('answered'));
    order.push('went on');
    await answered;
    expect(order).toEqual(['went on', 'answered']);
  });

  it('reject with a code and a message', async () => {
    const failed = fake.call('session:destroy', { sessionId: 9 });
    await expect(failed).rejects.toBeInstanceOf(CommandError);
    await expect(failed).rejects.toMatchObject({ code: 'not_found' });
  });

  it('give the thirteenth pane the message of the contract', async () => {
    for (let count = 0; count < 12; count += 1) await create();
    await expect(create()).rejects.toMatchObject({
      code: 'max_sessions',
      message: 'Max sessions reached (12)',
    });
  });
});

describe('events', () => {
  it('stop at once when they are no longer wanted, however often that is said', async () => {
    const handler = vi.fn();
    const leave = fake.on('session:changed', handler);
    const other = vi.fn();
    fake.on('session:changed', other);
    leave();
    leave();
    await create();
    expect(handler).not.toHaveBeenCalled();
    expect(other).toHaveBeenCalledOnce();
  });

  it('reach the next listener when one fails', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
    const next = vi.fn();
    fake.on('session:changed', () => {
      throw new Error('a fault');
    });
    fake.on('session:changed', next);
    await create();
    expect(next).toHaveBeenCalledOnce();
    expect(complaint).toHaveBeenCalledOnce();
  });

  it('bring a snapshot after each attach and nothing after a detach', async () => {
    const { sessionId } = await create();
    const output: SessionOutput[] = [];
    fake.on('session:output', (event) => output.push(event));
    await fake.call('session:write', { sessionId, data: 'unseen' });
    expect(output).toEqual([]);
    await fake.call('session:attach', { sessionId, cols: 80, rows: 24 });
    await fake.call('session:write', { sessionId, data: '!' });
    await fake.call('session:detach', { sessionId });
    await fake.call('session:write', { sessionId, data: '?' });
    expect(output.map(({ snapshot }) => snapshot)).toEqual([true, false]);
    const snapshot = output[0] ? textOf(output[0]) : '';
    expect(snapshot.startsWith('\x1bc') && snapshot.endsWith('unseen')).toBe(true);
    expect(output[1] && textOf(output[1])).toBe('!');
  });
});

describe('a log', () => {
  const search = (text: string, limit?: number) =>
    fake.call('session:search', limit === undefined ? { text } : { text, limit });

  it('is searched line by line, newest first, and a repeated line counts once', async () => {
    const { sessionId } = await create();
    await fake.call('session:write', { sessionId, data: 'echo lamp one\recho lamp two\r' });
    await fake.call('session:write', { sessionId, data: 'echo lamp one\r' });
    const { hits, more } = await search('lamp');
    const lines = hits.map(({ before, found, after }) => `${before}[${found}]${after}`);
    expect(lines.filter((line) => line.startsWith('['))).toEqual(['[lamp] one', '[lamp] two']);
    expect(more).toBe(false);
    expect((await search('Lamp')).hits).toEqual([]);
    expect(await search('lamp', 1)).toMatchObject({ hits: [{ after: ' one' }], more: true });
  });

  it('outlives its session, and shows the screen as it was', async () => {
    const { sessionId } = await create();
    await fake.call('session:write', { sessionId, data: 'echo before\r' });
    const [hit] = (await search('before')).hits;
    await fake.call('session:write', { sessionId, data: 'echo later\r' });
    await fake.call('session:destroy', { sessionId });
    expect((await search('before')).hits[0]).toMatchObject({ closed: true, name: 'shell' });
    const past = await fake.call('session:replay', { sessionId, offset: hit?.offset ?? 0 });
    const text = Buffer.from(past.dataB64, 'base64').toString('utf8');
    expect(text.startsWith('\x1bc') && text.endsWith('before\r\n')).toBe(true);
  });

  it('goes with an old session that is cleaned away', async () => {
    const { sessionId } = await create();
    fake.happen(sessionId, ({ info }) => {
      info.createdAt = 0;
    });
    const which = { olderThanSeconds: 60 };
    const removed = [{ sessionId, name: 'shell', wasRunning: true }];
    const seen = await fake.call('session:clean', { ...which, dryRun: true });
    expect(seen.removed).toEqual(removed);
    expect(await fake.call('session:clean', which)).toEqual(seen);
    expect(await fake.call('session:list', { all: true })).toEqual([]);
  });
});

it('ends a session that others are attached to only when forced', async () => {
  const { sessionId } = await create();
  fake.happen(sessionId, (session) => session.watchedBy(2));
  await expect(fake.call('session:destroy', { sessionId })).rejects.toMatchObject({
    code: 'attached',
  });
  await fake.call('session:destroy', { sessionId, force: true });
  expect(await fake.call('session:list', {})).toEqual([]);
});

it('keeps settings, and changes only those that are named', async () => {
  await fake.call('settings:set', { settings: { sessions: { runLost: true } } });
  const { logs, sessions } = await fake.call('settings:get', {});
  expect(sessions.runLost).toBe(true);
  expect(logs.sessionLimitMib).toBeGreaterThan(0);
});

it('refuses a setting out of its range, and changes nothing then', async () => {
  const before = await fake.call('settings:get', {});
  const changed = fake.call('settings:set', {
    settings: { logs: { sessionLimitMib: 8 }, pool: { initialSize: 5 } },
  });
  await expect(changed).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('pool.maxSize is 3; it goes from 5 to 8'),
  });
  expect(await fake.call('settings:get', {})).toEqual(before);
});

it('tells of its pool when the settings or the sessions change', async () => {
  const seen: PoolStatus[] = [];
  fake.on('pool:status', (status) => seen.push(status));
  await fake.call('settings:set', { settings: { pool: { initialSize: 1 } } });
  await create();
  expect(seen).toMatchObject([
    { idle: 1, active: 0, total: 1 },
    { idle: 1, active: 1, total: 2 },
  ]);
  expect(await fake.call('pool:status', {})).toEqual(seen.at(-1));
});

describe('whatever a call is rejected with', () => {
  it.each([
    [{ code: 'conflict', message: 'taken' }, 'conflict', 'taken'],
    [new Error('broken'), 'internal', 'broken'],
    ['just text', 'internal', 'just text'],
  ])('becomes an error with a code: %s', (reason, code, message) => {
    expect(CommandError.from(reason)).toMatchObject({ code, message });
  });
});
