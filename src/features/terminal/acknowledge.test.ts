import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Acknowledger } from './acknowledge';

const KIB = 1024;

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  setHidden(false);
});

function setHidden(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}

function recorder(answers: boolean[] = []) {
  const sent: number[] = [];
  const send = async (offset: number) => {
    sent.push(offset);
    return answers.shift() ?? true;
  };
  return { sent, acknowledger: new Acknowledger(send) };
}

describe('acknowledgements', () => {
  it('are one for all that is parsed within a frame, with the last offset', () => {
    const { sent, acknowledger } = recorder();
    for (let offset = 10; offset <= 100; offset += 10) acknowledger.parsed(offset, 10);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(16);
    expect(sent).toEqual([100]);
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([100]);
  });

  it('do not wait when much is parsed', () => {
    const { sent, acknowledger } = recorder();
    acknowledger.parsed(20 * KIB, 20 * KIB);
    acknowledger.parsed(40 * KIB, 20 * KIB);
    expect(sent).toEqual([40 * KIB]);
    acknowledger.parsed(41 * KIB, KIB);
    vi.advanceTimersByTime(16);
    expect(sent).toEqual([40 * KIB, 41 * KIB]);
  });

  it('go out at once while the page is hidden, where timers are slow', () => {
    const { sent, acknowledger } = recorder();
    setHidden(true);
    acknowledger.parsed(5, 5);
    acknowledger.parsed(9, 4);
    expect(sent).toEqual([5, 9]);
  });

  it('that wait go out when the page is hidden', () => {
    const { sent, acknowledger } = recorder();
    acknowledger.parsed(7, 7);
    setHidden(true);
    expect(sent).toEqual([7]);
  });

  it('that fail are sent again, unless a newer one says it all', async () => {
    const { sent, acknowledger } = recorder([false, false]);
    acknowledger.parsed(1, 1);
    await vi.advanceTimersByTimeAsync(16);
    await vi.advanceTimersByTimeAsync(250);
    expect(sent).toEqual([1, 1]);
    acknowledger.parsed(2, 1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual([1, 1, 2]);
  });

  it('end with the viewer', () => {
    const { sent, acknowledger } = recorder();
    acknowledger.parsed(3, 3);
    acknowledger.stop();
    acknowledger.parsed(4, 1);
    vi.advanceTimersByTime(1000);
    setHidden(true);
    expect(sent).toEqual([]);
  });
});
