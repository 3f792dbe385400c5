import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cost, CostRow } from '@/protocol/generated/protocol';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import { csvOf } from './csv';
import { readableCost, readableMoney, readableTokens } from './readable';
import { Costs, PAUSE_MS } from './store';
import { byDay, dayAfter, grouped, localDay, NOTHING, total } from './sums';

const cost = (nanodollars: number | null, input = 10, unpricedTokens = 0): Cost => ({
  tokens: { input, output: 1, cacheRead: 2, cacheWrite: 3 },
  nanodollars,
  unpricedTokens,
});
const row = (more: Partial<CostRow>): CostRow => ({
  day: '2026-11-26',
  agentType: 'codex',
  projectPath: '/src/lamp',
  model: 'gpt-6-sol',
  cost: cost(1),
  ...more,
});

describe('what was used reads', () => {
  it.each([
    [420_000_000, '$0.42'],
    [0, '$0.00'],
    [1, '<$0.01'],
    [10_000_000, '$0.01'],
    [1_234_560_000_000, '$1,235'],
    [999_990_000_000, '$999.99'],
  ])('%d billionths as %s', (nanodollars, text) => expect(readableMoney(nanodollars)).toBe(text));

  it.each([
    [999, '999'],
    [12_345, '12.3k'],
    [999_949, '999.9k'],
    [999_950, '1.0M'],
    [1_200_000, '1.2M'],
    [2_500_000_000, '2.5G'],
  ])('%d tokens as %s', (count, text) => expect(readableTokens(count)).toBe(text));

  it.each<[Cost | null, string]>([
    [null, '–'],
    [NOTHING, '–'],
    [cost(420_000_000), '$0.42'],
    [cost(420_000_000, 10, 5), '$0.42+'],
    [cost(null, 12_300 - 6, 12_300), '12.3k tok'],
  ])('%o as %s', (used, text) => expect(readableCost(used)).toBe(text));
});

describe('sums', () => {
  const rows = [
    row({}),
    row({ day: '2026-11-24', agentType: 'claude_code', cost: cost(5) }),
    row({ model: 'house-model', cost: cost(null, 10, 16) }),
  ];

  it('are exact, and know what has no price', () => {
    expect(total(rows)).toEqual({
      tokens: { input: 30, output: 3, cacheRead: 6, cacheWrite: 9 },
      nanodollars: 6,
      unpricedTokens: 16,
    });
    expect(total([]).nanodollars).toBeNull();
  });

  it('are made by agent, project and model, the most expensive first', () => {
    const keys = (grouping: 'agent' | 'project' | 'model') =>
      grouped(rows, grouping).map(({ key }) => key);
    expect(keys('agent')).toEqual(['claude_code', 'codex']);
    expect(keys('project')).toEqual(['/src/lamp']);
    expect(keys('model')).toEqual(['gpt-6-sol', 'house-model']);
  });

  it('are made for every day, also over the end of a month and a clock change', () => {
    const days = byDay(rows, '2026-11-24', '2026-11-26');
    expect(days.map(({ day, cost: used }) => [day, used.nanodollars])).toEqual([
      ['2026-11-24', 5],
      ['2026-11-25', null],
      ['2026-11-26', 1],
    ]);
    expect(dayAfter('2026-02-28', 1)).toBe('2026-03-01');
    expect(dayAfter('2026-03-30', -2)).toBe('2026-03-28');
  });
});

it('becomes a table that no spreadsheet runs', () => {
  const csv = csvOf([
    row({ model: '=HYPERLINK("x")', projectPath: '/src/a,b', cost: cost(1_234_567_890) }),
    row({ model: '-model', cost: cost(null, 10, 16) }),
  ]);
  expect(csv.split('\r\n')).toEqual([
    'day,agent,project,model,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,unpriced_tokens,usd',
    `2026-11-26,codex,"/src/a,b","'=HYPERLINK(""x"")",10,1,2,3,0,1.234567890`,
    "2026-11-26,codex,/src/lamp,'-model,10,1,2,3,16,",
    '',
  ]);
});

describe('the costs', () => {
  let fake: FakeTransport;
  let costs: Costs;
  let leave: () => void;
  const asked = () => fake.callsOf('cost:list').length;
  const state = () => costs.store.getState();

  beforeEach(async () => {
    vi.useFakeTimers({ now: new Date(2026, 10, 26, 12) });
    fake = new FakeTransport();
    costs = new Costs(fake);
    await fake.call('session:create', { agentType: 'codex', projectPath: FAKE_HOME });
    leave = costs.start();
    await vi.advanceTimersByTimeAsync(1);
  });
  afterEach(() => {
    leave();
    vi.useRealTimers();
  });

  it('of today are asked for again when something is used, but not all the time', async () => {
    expect(asked()).toBe(1);
    for (let time = 0; time < 50; time += 1) fake.spend(1, 'm', cost(10_000_000));
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(asked()).toBe(2);
    expect(state().today?.nanodollars).toBe(500_000_000);
    expect(state().list).toBeNull();
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(asked()).toBe(2);
  });

  it('of today are others after midnight', async () => {
    fake.spend(1, 'm', cost(10_000_000));
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(state().today?.nanodollars).toBe(10_000_000);
    await vi.advanceTimersByTimeAsync(new Date().setHours(24, 0, 0, 1) - Date.now());
    expect(state().today?.nanodollars).toBeNull();
    await vi.advanceTimersByTimeAsync(25 * 3_600_000);
    expect(asked()).toBe(4);
  });

  it('over time are asked for while somebody looks', async () => {
    fake.spend(1, 'm', cost(1), Date.now() - 40 * 86_400_000);
    const end = costs.begin();
    await vi.advanceTimersByTimeAsync(1);
    const today = localDay(Date.now());
    expect(fake.callsOf('cost:list').at(-1)).toEqual({
      since: dayAfter(today, -29),
      until: today,
    });
    expect(state().list?.rows).toEqual([]);
    costs.show(90);
    await vi.advanceTimersByTimeAsync(1);
    expect(state().list?.rows).toHaveLength(1);
    end();
    fake.fail('cost:list', { code: 'unavailable', message: 'No daemon.' });
    await costs.load();
    expect(state().problem).toBe('No daemon.');
  });
});
