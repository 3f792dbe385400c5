// What was used, as a table for other programs (RFC 4180). Names come from transcripts, so no
// cell is left that a spreadsheet would run as a formula.
import type { CostRow } from '@/protocol/generated/protocol';

const COLUMNS: [name: string, of: (row: CostRow) => string | number][] = [
  ['day', ({ day }) => day],
  ['agent', ({ agentType }) => agentType],
  ['project', ({ projectPath }) => projectPath],
  ['model', ({ model }) => model],
  ['input_tokens', ({ cost }) => cost.tokens.input],
  ['output_tokens', ({ cost }) => cost.tokens.output],
  ['cache_read_tokens', ({ cost }) => cost.tokens.cacheRead],
  ['cache_write_tokens', ({ cost }) => cost.tokens.cacheWrite],
  ['unpriced_tokens', ({ cost }) => cost.unpricedTokens],
  ['usd', ({ cost }) => (cost.nanodollars === null ? '' : dollars(cost.nanodollars))],
];

export function csvOf(rows: CostRow[]): string {
  const lines = rows.map((row) => COLUMNS.map(([, of]) => cell(of(row))));
  return [COLUMNS.map(([name]) => name), ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

/** All nine digits, exactly. */
function dollars(nanodollars: number): string {
  const digits = String(nanodollars).padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
