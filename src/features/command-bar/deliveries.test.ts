import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReceiptState } from '@/protocol/generated/protocol';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import { Composer } from './composer';
import { Deliveries, retriable, unconfirmed } from './deliveries';
import { PromptHistory } from './history';

let fake: FakeTransport;
let deliveries: Deliveries;
let composer: Composer;
let errors: string[];
const ALL = [1, 2, 3, 4];

beforeEach(async () => {
  fake = new FakeTransport();
  errors = [];
  for (const agentType of ['claude_code', 'codex', 'terminal', 'aider']) {
    await fake.call('session:create', { agentType, projectPath: FAKE_HOME });
  }
  deliveries = new Deliveries(
    fake,
    (sessionId) => `pane ${sessionId}`,
    (reason, inRound) => errors.push(`${reason.message}${inRound ? '' : ' Elsewhere.'}`),
  );
  deliveries.start();
  composer = new Composer(deliveries);
});

const states = () =>
  deliveries.store.getState().round?.deliveries.map(({ state }) => state) ?? null;
const write = (text: string, targets = ALL) => {
  composer.choose(targets);
  composer.write(text);
};
const wait = (sessionId: number) => fake.happen(sessionId, (session) => session.report('waiting'));

describe('a prompt', () => {
  it('goes to each of those chosen that are there, and is followed to its end', async () => {
    write('say hello', [1, 2, 9]);
    const sent = composer.send(true, ALL);
    expect(states()).toEqual(['sending', 'sending']);
    expect(await sent).toBe(true);
    expect(fake.callsOf('dispatch:send')).toEqual([
      { sessionIds: [1, 2], text: 'say hello', submit: true, queue: false },
    ]);
    expect(states()).toEqual(['sent', 'sent']);
    await vi.waitFor(() => expect(states()).toEqual(['working', 'working']));
    expect(composer.store.getState().text).toBe('');
    expect(errors).toEqual([]);
  });

  it('keeps a receipt that came before the answer, and never goes back', async () => {
    const call = fake.call.bind(fake);
    fake.call = (async (...args: Parameters<typeof call>) => {
      const reply = await call(...args);
      if (args[0] === 'dispatch:send') {
        tell('working');
        tell('accepted');
        tell('working');
      }
      return reply;
    }) as typeof fake.call;
    const tell = (state: ReceiptState) =>
      fake.emit('dispatch:receipt', { promptId: 1, sessionId: 1, state, reason: null, at: 1 });
    write('hello', [1]);
    await composer.send(true, ALL);
    expect(states()).toEqual(['working']);
    tell('accepted');
    expect(states()).toEqual(['working']);
  });

  it('says why it went no further, and goes again to those that were typed nothing', async () => {
    wait(2);
    fake.happen(4, (session) => session.exit(1));
    write('hello');
    await composer.send(true, ALL);
    await vi.waitFor(() => expect(states()).toEqual(['working', 'blocked', 'working', 'exited']));
    const { round } = deliveries.store.getState();
    expect(round?.deliveries[1]?.reason).toBe('A dialog is open in it; answer that first.');
    expect(retriable(round).map(({ sessionId }) => sessionId)).toEqual([2, 4]);
    fake.happen(2, (session) => session.report('idle'));
    await deliveries.retry();
    await vi.waitFor(() => expect(states()).toEqual(['working', 'working', 'working', 'exited']));
    expect(fake.callsOf('dispatch:send')[1]?.sessionIds).toEqual([2, 4]);
  });

  it('is forgotten once it was left, unless it can go again to somebody who is there', async () => {
    wait(2);
    write('hello', [1, 2]);
    await composer.send(true, ALL);
    await vi.waitFor(() => expect(states()).toEqual(['working', 'blocked']));
    deliveries.leave(ALL);
    expect(states()).toEqual(['working', 'blocked']);
    deliveries.leave([1, 3, 4]);
    expect(states()).toBeNull();
  });

  it('that may stand in a composer is not sent again', async () => {
    write('hello', [1]);
    await composer.send(true, ALL);
    fake.emit('dispatch:receipt', {
      promptId: 1,
      sessionId: 1,
      state: 'timeout',
      reason: 'Nothing says that it was taken.',
      at: 1,
    });
    expect(states()).toEqual(['timeout']);
    expect(retriable(deliveries.store.getState().round)).toEqual([]);
  });

  it('of several lines to a shell is confirmed first, and only there', async () => {
    write('one\ntwo', [1, 3]);
    await composer.send(true, ALL);
    await vi.waitFor(() => expect(states()).toEqual(['working', 'unconfirmed']));
    expect(unconfirmed(deliveries.store.getState().round)).toHaveLength(1);
    expect(await composer.send(true, ALL)).toBe(true);
    expect(fake.callsOf('dispatch:send')[1]).toEqual({
      sessionIds: [3],
      text: 'one\ntwo',
      submit: true,
      queue: false,
      confirmed: true,
    });
    await vi.waitFor(() => expect(states()).toEqual(['working', 'working']));
    expect(await composer.send(true, ALL)).toBe(false);
  });

  it('is inserted without Enter, which is a draft and no failure', async () => {
    write('hello', [1]);
    await composer.send(false, ALL);
    await vi.waitFor(() => expect(states()).toEqual(['draft']));
    expect(errors).toEqual([]);
  });

  it('that cannot go now waits in the queue, if it may', async () => {
    wait(1);
    composer.toggleQueue();
    write('hello', [1]);
    await composer.send(true, ALL);
    expect(states()).toEqual(['queued']);
    fake.happen(1, (session) => session.report('idle'));
    await vi.waitFor(() => expect(states()).toEqual(['working']));
  });

  it('that is refused as a whole is written again, with the reason', async () => {
    fake.fail('dispatch:send', { code: 'invalid', message: 'It is longer than 1 MiB.' });
    write('hello', [1]);
    expect(await composer.send(true, ALL)).toBe(false);
    expect(composer.store.getState()).toMatchObject({
      text: 'hello',
      problem: 'It is longer than 1 MiB.',
    });
    expect(states()).toBeNull();
  });

  it('needs somebody to go to', async () => {
    write('hello', []);
    expect(await composer.send(true, ALL)).toBe(false);
    expect(composer.store.getState().problem).toContain('Choose at least one pane');
    expect(fake.callsOf('dispatch:send')).toEqual([]);
  });

  it('that fails is reported, also when another one was sent since', async () => {
    wait(1);
    write('hello', [1]);
    await composer.send(true, ALL);
    const failure = 'The prompt to pane 1: A dialog is open in it; answer that first.';
    expect(errors).toEqual([failure]);
    composer.toggleQueue();
    write('hello', [1]);
    await composer.send(true, ALL);
    write('hello', [2]);
    await composer.send(true, ALL);
    const receipt = { promptId: 2, sessionId: 1, state: 'exited' as const, at: 1 };
    fake.emit('dispatch:receipt', { ...receipt, reason: 'It has ended.' });
    fake.emit('dispatch:receipt', { ...receipt, promptId: 99, reason: 'Another window’s.' });
    expect(errors.slice(1)).toEqual(['The prompt to pane 1: It has ended. Elsewhere.']);
  });
});

describe('the history', () => {
  it('is gone through from what is being written, and back to it', async () => {
    for (const text of ['one', 'two', 'two']) {
      write(text, [3]);
      await composer.send(true, ALL);
    }
    const text = () => composer.store.getState().text;
    composer.write('draft');
    expect(composer.recall(-1)).toBe(false);
    composer.recall(1);
    expect(text()).toBe('two');
    composer.recall(1);
    expect(text()).toBe('one');
    expect(composer.recall(1)).toBe(false);
    composer.recall(-1);
    composer.recall(-1);
    expect(text()).toBe('draft');
  });

  it('outlives the page, is bounded, and has no doubles in a row', () => {
    const history = new PromptHistory();
    for (let count = 0; count < 150; count += 1) history.add(`prompt ${Math.floor(count / 2)}`);
    history.add('x'.repeat(100_000));
    const restored = new PromptHistory();
    expect(restored.length).toBe(75);
    expect(restored.ago(1)).toBe('prompt 74');
    for (let count = 0; count < 150; count += 1) history.add(`more ${count}`);
    expect(new PromptHistory().length).toBe(100);
  });

  it.each(['not json', '{}', 'null'])('starts without what cannot be read: %s', (stored) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    localStorage.setItem('synk.prompts', stored);
    expect(new PromptHistory().length).toBe(0);
  });
});
