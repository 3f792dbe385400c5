// Sums over what was used: by day, by agent, by project, by model. Pure; whole numbers only, so
// that sums are exact.
import type { Cost, CostRow } from '@/protocol/generated/protocol';

export type Grouping = 'agent' | 'project' | 'model';

export interface CostGroup {
  /** The agent's type, the project's folder or the model's name. */
  key: string;
  cost: Cost;
}

export const NOTHING: Cost = {
  tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  nanodollars: null,
  unpricedTokens: 0,
};

export function plus(one: Cost, other: Cost): Cost {
  const tokens = { ...one.tokens };
  for (const name of Object.keys(tokens) as (keyof typeof tokens)[]) {
    tokens[name] += other.tokens[name];
  }
  const priced = one.nanodollars !== null || other.nanodollars !== null;
  return {
    tokens,
    nanodollars: priced ? (one.nanodollars ?? 0) + (other.nanodollars ?? 0) : null,
    unpricedTokens: one.unpricedTokens + other.unpricedTokens,
  };
}

export function total(rows: CostRow[]): Cost {
  return rows.reduce((sum, { cost }) => plus(sum, cost), NOTHING);
}

const KEYS: Record<Grouping, (row: CostRow) => string> = {
  agent: ({ agentType }) => agentType,
  project: ({ projectPath }) => projectPath,
  model: ({ model }) => model,
};

/** Groups of rows, the most expensive first, then by tokens. */
export function grouped(rows: CostRow[], grouping: Grouping): CostGroup[] {
  const groups = new Map<string, Cost>();
  for (const row of rows) {
    const key = KEYS[grouping](row);
    groups.set(key, plus(groups.get(key) ?? NOTHING, row.cost));
  }
  const outputOf = ({ cost }: CostGroup) => cost.tokens.output + cost.tokens.input;
  return [...groups]
    .map(([key, cost]) => ({ key, cost }))
    .sort(
      (one, other) =>
        (other.cost.nanodollars ?? -1) - (one.cost.nanodollars ?? -1) ||
        outputOf(other) - outputOf(one),
    );
}

/** Every day from `since` to `until`, both `2026-11-26`, with what was used then. */
export function byDay(
  rows: CostRow[],
  since: string,
  until: string,
): { day: string; cost: Cost }[] {
  const days = new Map<string, Cost>();
  for (const { day, cost } of rows) days.set(day, plus(days.get(day) ?? NOTHING, cost));
  const all = [];
  for (let day = since; day <= until; day = dayAfter(day, 1)) {
    all.push({ day, cost: days.get(day) ?? NOTHING });
  }
  return all;
}

/** The day of a moment where the person is, as the daemon writes days. */
export function localDay(at: number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** So many days after a day, or before it. Days have no time, so that no clock change counts. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
