// What was used, as people read it. Money is whole billionths of a dollar until it is shown.
import type { Cost, TokenCounts } from '@/protocol/generated/protocol';

const DOLLAR = 1_000_000_000;
const CENT = DOLLAR / 100;

/** "$0.42", "$1,204", "<$0.01", "$0.00". */
export function readableMoney(nanodollars: number): string {
  if (nanodollars > 0 && nanodollars < CENT) return '<$0.01';
  const digits = nanodollars < 1000 * DOLLAR ? 2 : 0;
  const dollars = (nanodollars / DOLLAR).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `$${dollars}`;
}

/** "840", "12.3k", "1.2M". */
export function readableTokens(count: number): string {
  if (count < 1000) return String(count);
  // What would be rounded up to 1000k is shown as 1.0M.
  if (count < 999_950) return `${(count / 1000).toFixed(1)}k`;
  if (count < 999_950_000) return `${(count / 1_000_000).toFixed(1)}M`;
  return `${(count / 1_000_000_000).toFixed(1)}G`;
}

/** In one word: "$0.42", "$0.42+" when some of it has no price, "12.3k tok" when all of it, "–". */
export function readableCost(cost: Cost | null): string {
  if (cost === null) return '–';
  const tokens = allTokens(cost.tokens);
  if (cost.nanodollars === null) return tokens === 0 ? '–' : `${readableTokens(tokens)} tok`;
  return `${readableMoney(cost.nanodollars)}${cost.unpricedTokens > 0 ? '+' : ''}`;
}

export function allTokens({ input, output, cacheRead, cacheWrite }: TokenCounts): number {
  return input + output + cacheRead + cacheWrite;
}

/** Tokens by how they are priced: what each class is called, and how many. */
export function tokenClasses(tokens: TokenCounts): [name: string, count: number][] {
  return [
    ['input', tokens.input],
    ['output', tokens.output],
    ['cache read', tokens.cacheRead],
    ['cache write', tokens.cacheWrite],
  ];
}
