import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PoolStatus } from '@/protocol/generated/protocol';
import { FakeTransport } from '@/transport/fake';
import { readableMemory } from './memory';
import { Pool } from './store';

const MIB = 1 << 20;

let fake: FakeTransport;
let pool: Pool;
const state = () => pool.store.getState();

beforeEach(() => {
  fake = new FakeTransport();
  pool = new Pool(fake);
});

const status = (changes: Partial<PoolStatus>): PoolStatus => ({
  idle: 2,
  active: 0,
  total: 2,
  warming: 0,
  memoryBytes: 14 * MIB,
  problem: null,
  ...changes,
});
const tell = (changes: Partial<PoolStatus>) => fake.emit('pool:status', status(changes));

describe('the pool', () => {
  it('is asked for once its events are listened to', async () => {
    const listened = vi.spyOn(fake, 'on');
    pool.start();
    expect(listened).toHaveBeenCalledWith('pool:status', expect.anything());
    expect(fake.callsOf('pool:status')).toEqual([]);
    await vi.waitFor(() => expect(state().status?.idle).toBe(2));
    expect(fake.callsOf('pool:status')).toHaveLength(1);
  });

  it('does not go back to an answer that is older than an event', async () => {
    const call = fake.call.bind(fake);
    vi.spyOn(fake, 'call').mockImplementation((async (...args: Parameters<typeof call>) => {
      const reply = await call(...args);
      tell({ idle: 1, warming: 1 });
      return reply;
    }) as typeof fake.call);
    pool.start();
    await vi.waitFor(() => expect(state().status).not.toBeNull());
    await Promise.resolve();
    expect(state().status).toMatchObject({ idle: 1, warming: 1 });
  });

  it('is not known while the daemon is away, and asked for when it is back', async () => {
    pool.start();
    await vi.waitFor(() => expect(state().status).not.toBeNull());
    fake.emit('daemon:connection', { state: 'connecting', message: null });
    expect(state().status).toBeNull();
    fake.emit('daemon:connection', { state: 'connected', message: null });
    await vi.waitFor(() => expect(state().status?.idle).toBe(2));
  });

  it('is heard no more once that is ended', async () => {
    const leave = pool.start();
    await vi.waitFor(() => expect(state().status).not.toBeNull());
    leave();
    tell({ idle: 0 });
    expect(state().status?.idle).toBe(2);
  });
});

describe('what a waiting shell occupies', () => {
  beforeEach(() => {
    fake.disturbPool({ idle: 0, memoryBytes: 0 });
    pool.start();
  });

  it('is not known before one was measured', () => {
    tell({ idle: 0, warming: 2, memoryBytes: 0 });
    tell({ idle: 2, memoryBytes: 0 });
    expect(state().shellBytes).toBeNull();
    tell({});
    expect(state().shellBytes).toBe(7 * MIB);
  });

  it('is not taken from a number that has changed before the memory has', () => {
    tell({});
    tell({ idle: 1, active: 1 });
    tell({ idle: 1, active: 1, warming: 1, memoryBytes: 7 * MIB });
    tell({ idle: 2, active: 1, memoryBytes: 7 * MIB });
    expect(state().shellBytes).toBe(7 * MIB);
    tell({ idle: 2, active: 1, memoryBytes: 16 * MIB });
    expect(state().shellBytes).toBe(8 * MIB);
  });

  it('stays known while none waits', () => {
    tell({});
    tell({ idle: 0, memoryBytes: 0 });
    expect(state().shellBytes).toBe(7 * MIB);
  });
});

it.each([
  [7_400_000, '7.1 MiB'],
  [120 * MIB, '120 MiB'],
  [1536 * MIB, '1.5 GiB'],
])('%d bytes read as %s', (bytes, words) => {
  expect(readableMemory(bytes)).toBe(words);
});
