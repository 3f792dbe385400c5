// What the fake daemon's sessions have used, by day, agent, project and model. Prices are the
// caller's: it adds up what it is told.
import type { Cost, CostList, CostRow, ListCosts } from '@/protocol/generated/protocol';

const NOTHING: Cost = {
  tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  nanodollars: null,
  unpricedTokens: 0,
};
const DAY = 86_400_000;

export class FakeCosts {
  readonly #rows: CostRow[] = [];

  add(row: CostRow): void {
    const same = this.#rows.find(
      (each) =>
        each.day === row.day &&
        each.agentType === row.agentType &&
        each.projectPath === row.projectPath &&
        each.model === row.model,
    );
    if (same) same.cost = sum(same.cost, row.cost);
    else this.#rows.push({ ...row });
  }

  list({ since, until }: ListCosts): CostList {
    const from = since ?? dayOf(Date.now() - 29 * DAY);
    const to = until ?? dayOf(Date.now());
    const rows = this.#rows
      .filter(({ day }) => day >= from && day <= to)
      .sort((one, other) => other.day.localeCompare(one.day));
    const today = this.#rows
      .filter(({ day }) => day === dayOf(Date.now()))
      .reduce((total, { cost }) => sum(total, cost), NOTHING);
    return { rows: structuredClone(rows), today, pricesOf: '2026-11-20' };
  }
}

export function sum(one: Cost | null, other: Cost): Cost {
  if (one === null) return other;
  const { tokens } = one;
  return {
    tokens: {
      input: tokens.input + other.tokens.input,
      output: tokens.output + other.tokens.output,
      cacheRead: tokens.cacheRead + other.tokens.cacheRead,
      cacheWrite: tokens.cacheWrite + other.tokens.cacheWrite,
    },
    nanodollars:
      one.nanodollars === null && other.nanodollars === null
        ? null
        : (one.nanodollars ?? 0) + (other.nanodollars ?? 0),
    unpricedTokens: one.unpricedTokens + other.unpricedTokens,
  };
}

/** `2026-11-26`, where the person is. */
export function dayOf(at: number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
