import { describe, expect, it } from 'vitest';
import { InputQueue, MAX_WRITE_UNITS } from './input';

/** A writer whose writes end when the test says so. */
function heldWriter() {
  const sent: { data: string; binary: boolean }[] = [];
  const pending: { resolve(): void; reject(reason: unknown): void }[] = [];
  const send = (data: string, binary: boolean) => {
    sent.push({ data, binary });
    return new Promise<void>((resolve, reject) => pending.push({ resolve, reject }));
  };
  /** Ends the write under way and lets the queue go on. */
  const settle = async (reason?: unknown) => {
    const write = pending.shift();
    if (reason === undefined) write?.resolve();
    else write?.reject(reason);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { sent, pending, send, settle };
}

/** A repeatable source of numbers below a bound. */
function numbers(seed: number) {
  let state = seed;
  return (bound: number) => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return Math.floor((state / 4294967296) * bound);
  };
}

describe('input', () => {
  it('waits behind what is still being fetched', async () => {
    const { sent, send, settle } = heldWriter();
    const queue = new InputQueue(send, () => {});
    queue.push('echo ');
    const first = queue.hold();
    queue.push(' and ');
    const second = queue.hold();
    queue.push('\r');
    await settle();
    second(() => queue.push('that'));
    expect(sent).toHaveLength(1);
    first(() => queue.push('this'));
    expect(sent.map(({ data }) => data)).toEqual(['echo ', 'this and that\r']);
    const nothing = queue.hold();
    queue.push('next');
    await settle();
    nothing(() => {});
    expect(sent.at(-1)?.data).toBe('next');
  });

  it('is joined while a write is under way', async () => {
    const { sent, send, settle } = heldWriter();
    const queue = new InputQueue(send, () => {});
    for (const key of 'hello') queue.push(key);
    expect(sent.map(({ data }) => data)).toEqual(['h']);
    await settle();
    expect(sent.map(({ data }) => data)).toEqual(['h', 'ello']);
  });

  it('keeps text and bytes apart and in order', async () => {
    const { sent, send, settle } = heldWriter();
    const queue = new InputQueue(send, () => {});
    queue.push('a');
    queue.push('\x1b[M', false);
    queue.push('\xff\x80', true);
    queue.push('b');
    for (let turn = 0; turn < 4; turn += 1) await settle();
    expect(sent).toEqual([
      { data: 'a', binary: false },
      { data: '\x1b[M', binary: false },
      { data: '\xff\x80', binary: true },
      { data: 'b', binary: false },
    ]);
  });

  it.each([1, 2, 3, 5, 8, 13, 21, 34])('loses and swaps nothing (seed %i)', async (seed) => {
    const next = numbers(seed);
    const { sent, pending, send, settle } = heldWriter();
    const queue = new InputQueue(send, () => {});
    let typed = '';
    for (let step = 0; step < 400; step += 1) {
      if (next(3) === 0) await settle();
      else {
        const key = String.fromCharCode(97 + next(26));
        typed += key;
        queue.push(key);
      }
      expect(pending.length).toBeLessThanOrEqual(1);
    }
    while (pending.length > 0) await settle();
    expect(sent.map(({ data }) => data).join('')).toBe(typed);
  });

  it('cuts a long paste into writes without breaking a character', async () => {
    const { sent, pending, send, settle } = heldWriter();
    const queue = new InputQueue(send, () => {});
    const paste = `x${'🚀'.repeat(MAX_WRITE_UNITS)}`;
    queue.push(paste);
    while (pending.length > 0) await settle();
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.map(({ data }) => data).join('')).toBe(paste);
    for (const { data } of sent) {
      expect(data.length).toBeLessThanOrEqual(MAX_WRITE_UNITS);
      expect(new TextDecoder().decode(new TextEncoder().encode(data))).toBe(data);
    }
  });

  it('tells a failure once, goes on, and tells the next one after a success', async () => {
    const { send, settle } = heldWriter();
    const told: unknown[] = [];
    const queue = new InputQueue(send, (reason) => told.push(reason));
    queue.push('a');
    queue.push('b');
    await settle('first');
    await settle('second');
    queue.push('c');
    await settle();
    queue.push('d');
    await settle('third');
    expect(told).toEqual(['first', 'third']);
  });
});
