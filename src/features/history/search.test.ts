import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FoundText, SearchHit } from '@/protocol/generated/protocol';
import { FakeTransport } from '@/transport/fake';
import { HistorySearch } from './search';

let fake: FakeTransport;
let search: HistorySearch;
const state = () => search.store.getState();

/** Answers, one for each question, in whatever order they are given. */
let answers: ((found: FoundText) => void)[];

beforeEach(() => {
  vi.useFakeTimers();
  fake = new FakeTransport();
  search = new HistorySearch(fake);
  answers = [];
});
afterEach(() => vi.useRealTimers());

function holdAnswers(): void {
  const call = fake.call.bind(fake);
  fake.call = (async (...[name, args]: Parameters<typeof call>) => {
    const reply = call(name, args);
    if (name !== 'session:search') return reply;
    return new Promise<FoundText>((resolve) => answers.push(resolve));
  }) as typeof fake.call;
}

const hit = (sessionId: number, found: string): SearchHit => ({
  sessionId,
  name: `session ${sessionId}`,
  closed: false,
  offset: 10,
  at: 0,
  before: '',
  found,
  after: '',
});

const found = (...hits: SearchHit[]): FoundText => ({ hits, more: false });
const patience = () => vi.advanceTimersByTimeAsync(150);

describe('a search', () => {
  it('asks once the person has stopped typing', async () => {
    for (const text of ['l', 'la', 'lam', 'lamp']) {
      search.type(text);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(fake.callsOf('session:search')).toEqual([]);
    expect(state().searching).toBe(true);
    await patience();
    expect(fake.callsOf('session:search')).toEqual([{ text: 'lamp', limit: 200 }]);
    expect(state()).toMatchObject({ searching: false, hits: [], answered: 'lamp' });
  });

  it('does not use an answer that is older than what is sought', async () => {
    holdAnswers();
    search.type('one');
    await patience();
    search.type('two');
    await patience();
    answers[1]?.(found(hit(1, 'two')));
    answers[0]?.(found(hit(1, 'one')));
    await patience();
    expect(state().hits.map((each) => each.found)).toEqual(['two']);
  });

  it('keeps what was found until the next answer, and forgets it with the text', async () => {
    holdAnswers();
    search.type('one');
    await patience();
    answers[0]?.(found(hit(1, 'one')));
    await patience();
    search.type('one m');
    expect(state()).toMatchObject({ searching: true, hits: [hit(1, 'one')] });
    search.type('  ');
    await patience();
    expect(state()).toMatchObject({ searching: false, hits: [], text: '  ' });
    expect(answers).toHaveLength(1);
  });

  it('brings the lines of a session together, where its newest stands', async () => {
    holdAnswers();
    search.type('x');
    await patience();
    answers[0]?.(found(hit(2, 'a'), hit(1, 'b'), hit(2, 'c')));
    await patience();
    expect(state().hits.map((each) => each.found)).toEqual(['a', 'c', 'b']);
  });

  it('says what went wrong, and works again', async () => {
    fake.fail('session:search', { code: 'unavailable', message: 'The daemon is away.' });
    search.type('x');
    await patience();
    expect(state()).toMatchObject({ searching: false, problem: 'The daemon is away.' });
    fake.fail('session:search');
    await search.again();
    expect(state()).toMatchObject({ problem: null, answered: 'x' });
  });

  it('asks for more once, and no further', async () => {
    holdAnswers();
    search.type('x');
    await patience();
    answers[0]?.({ hits: [hit(1, 'x')], more: true });
    await patience();
    expect(state()).toMatchObject({ more: true, canShowMore: true });
    const more = search.showMore();
    answers[1]?.({ hits: [hit(1, 'x'), hit(1, 'x')], more: true });
    await more;
    expect(fake.callsOf('session:search')[1]).toEqual({ text: 'x', limit: 1000 });
    expect(state()).toMatchObject({ more: true, canShowMore: false });
  });

  it('keeps the choice within what was found, also when it is asked again', async () => {
    holdAnswers();
    search.type('x');
    await patience();
    answers[0]?.(found(hit(1, 'a'), hit(1, 'b'), hit(1, 'c')));
    await patience();
    search.choose(12);
    expect(state().chosen).toBe(2);
    search.choose(-3);
    expect(state().chosen).toBe(0);
    search.choose(2);
    const again = search.again();
    answers[1]?.(found(hit(1, 'a'), hit(1, 'b')));
    await again;
    expect(state().chosen).toBe(1);
  });
});
