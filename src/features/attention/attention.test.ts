import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Sessions } from '@/features/sessions';
import type { StatusState } from '@/protocol/generated/protocol';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import { GATHER_MS, Notifier, PAUSE_MS } from './notifier';
import { markSeen } from './seen';
import { describeNeed, inNeed, nextInNeed } from './waiting';

let fake: FakeTransport;
let sessions: Sessions;
let looked: number | null;
let settings: { waiting: boolean; done: boolean };
let listeners: Set<() => void>;
let leave: (() => void)[];

const gaze = {
  session: () => looked,
  follow: (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
const lookAt = (sessionId: number | null) => {
  looked = sessionId;
  for (const listener of listeners) listener();
};
const all = () => sessions.store.getState().sessions;
const told = () => fake.machine.notifications;
const become = (sessionId: number, state: StatusState) =>
  fake.happen(sessionId, (session) =>
    session.report(state, state === 'waiting' ? { waitingFor: 'permission' } : {}),
  );

beforeEach(async () => {
  vi.useFakeTimers();
  fake = new FakeTransport();
  sessions = new Sessions(fake, () => {});
  listeners = new Set();
  looked = null;
  settings = { waiting: true, done: true };
  for (let count = 0; count < 6; count += 1) {
    await fake.call('session:create', { agentType: 'claude_code', projectPath: FAKE_HOME });
  }
  leave = [sessions.start()];
  await vi.advanceTimersByTimeAsync(1);
});

afterEach(() => {
  for (const end of leave) end();
  vi.useRealTimers();
});

describe('who needs a person', () => {
  it('is listed by how long they wait, and gone through in turn', () => {
    expect(nextInNeed(all(), null)).toBeNull();
    for (const [sessionId, state] of [
      [3, 'done'],
      [2, 'waiting'],
      [1, 'waiting'],
      [4, 'working'],
    ] as const) {
      become(sessionId, state);
      vi.advanceTimersByTime(5);
    }
    const need = inNeed(all());
    expect(need.waiting.map(({ sessionId }) => sessionId)).toEqual([2, 1]);
    expect(describeNeed(need)).toBe('2 waiting · 1 done');
    const round = [4, 2, 1, 3].map((from) => nextInNeed(all(), from));
    expect(round).toEqual([2, 1, 3, 2]);
  });

  it('is nobody else when the only one is in focus', () => {
    become(2, 'waiting');
    expect(nextInNeed(all(), 2)).toBeNull();
  });
});

describe('what is done', () => {
  beforeEach(() => {
    leave.push(markSeen(fake, sessions, gaze));
  });

  it('is seen once somebody looks there, and becomes idle', async () => {
    become(1, 'done');
    expect(fake.callsOf('session:seen')).toEqual([]);
    lookAt(2);
    lookAt(1);
    lookAt(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(fake.callsOf('session:seen')).toEqual([{ sessionIds: [1] }]);
    expect(all()[0]?.status.state).toBe('idle');
  });

  it('is seen at once while somebody looks there, each time', async () => {
    lookAt(1);
    for (let time = 1; time <= 2; time += 1) {
      become(1, 'working');
      vi.advanceTimersByTime(5);
      become(1, 'done');
      await vi.advanceTimersByTimeAsync(1);
      expect(fake.callsOf('session:seen')).toHaveLength(time);
    }
  });

  it('is told again when it could not be told', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    fake.fail('session:seen', { code: 'unavailable', message: 'No daemon.' });
    become(1, 'done');
    lookAt(1);
    await vi.advanceTimersByTimeAsync(1);
    fake.fail('session:seen');
    lookAt(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(fake.callsOf('session:seen')).toHaveLength(2);
    expect(all()[0]?.status.state).toBe('idle');
  });
});

describe('the desktop', () => {
  beforeEach(() => {
    leave.push(new Notifier(fake, sessions, gaze, () => settings).start());
  });

  it('is told that a session waits, with what it says, as text', () => {
    fake.happen(1, (session) =>
      session.report('waiting', { waitingFor: 'permission', message: '<b>touch x</b>' }),
    );
    expect(told()).toEqual([]);
    vi.advanceTimersByTime(GATHER_MS);
    expect(told()).toEqual([
      { sessionId: 1, title: 'claude: waits for permission', body: '<b>touch x</b>' },
    ]);
    vi.advanceTimersByTime(10 * PAUSE_MS);
    expect(told()).toHaveLength(1);
  });

  it('is told once of several that come together', () => {
    become(2, 'done');
    become(1, 'waiting');
    vi.advanceTimersByTime(GATHER_MS);
    expect(told()).toEqual([
      {
        sessionId: 1,
        title: '1 session waits for you, 1 finished',
        body: 'claude: waits for permission\nclaude-2: has finished',
      },
    ]);
    for (const sessionId of [3, 4, 5, 6]) become(sessionId, 'done');
    become(2, 'working');
    vi.advanceTimersByTime(PAUSE_MS);
    expect(told().at(-1)?.title).toBe('4 sessions have finished');
  });

  it('is told of one session at most once in ten seconds, of how it is then', () => {
    become(1, 'waiting');
    vi.advanceTimersByTime(GATHER_MS);
    for (let time = 0; time < 20; time += 1) {
      become(1, 'working');
      vi.advanceTimersByTime(100);
      become(1, 'waiting');
      vi.advanceTimersByTime(100);
    }
    expect(told()).toHaveLength(1);
    become(1, 'done');
    vi.advanceTimersByTime(PAUSE_MS);
    expect(told().map(({ title }) => title)).toEqual([
      'claude: waits for permission',
      'claude: has finished',
    ]);
  });

  it('is not told of what was over before it could be', () => {
    become(1, 'waiting');
    vi.advanceTimersByTime(GATHER_MS - 1);
    become(1, 'working');
    vi.advanceTimersByTime(PAUSE_MS);
    expect(told()).toEqual([]);
  });

  it('is not told of what somebody looks at, nor of it later', () => {
    lookAt(1);
    become(1, 'waiting');
    vi.advanceTimersByTime(PAUSE_MS);
    lookAt(null);
    vi.advanceTimersByTime(PAUSE_MS);
    expect(told()).toEqual([]);
  });

  it('is told only what the settings say', () => {
    settings = { waiting: false, done: true };
    become(1, 'waiting');
    become(2, 'done');
    vi.advanceTimersByTime(GATHER_MS);
    expect(told().map(({ sessionId }) => sessionId)).toEqual([2]);
  });
});

it('tells nothing of what was so before the window was there', () => {
  become(1, 'waiting');
  leave.push(new Notifier(fake, sessions, gaze, () => settings).start());
  vi.advanceTimersByTime(PAUSE_MS);
  expect(told()).toEqual([]);
});
