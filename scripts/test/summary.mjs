// The end of `npm test`: the last words of what failed, one table, and one plain line.

import { bold, duration, green, red, say } from '../console.mjs';

const tail = (text, lines) => text.trimEnd().split('\n').slice(-lines).join('\n');

/** The table as plain text. `results` are layers as runLayer answers them. */
export function table(results) {
  const rows = [
    ['layer', 'passed', 'failed', 'time'],
    ...results.map((one) =>
      one.unavailable
        ? [one.name, '–', '–', one.unavailable]
        : [one.name, String(one.passed), String(one.failed), duration(one.milliseconds)],
    ),
  ];
  const width = (column) => Math.max(...rows.map((row) => row[column].length));
  return rows.map(
    (row) =>
      `${row[0].padEnd(width(0))}  ${row[1].padStart(width(1))}  ${row[2].padStart(width(2))}  ${row[3]}`,
  );
}

export const totals = (results) =>
  results.reduce(
    (total, one) => ({
      passed: total.passed + (one.passed ?? 0),
      failed: total.failed + (one.failed ?? 0),
    }),
    { passed: 0, failed: 0 },
  );

/** Prints everything and answers the exit code. */
export function summarize(results) {
  for (const { name, failures = [] } of results) {
    for (const { command, output } of failures) {
      say(`\n${red(`✗ ${name}`)}  ${command ?? ''}\n${tail(output, 40)}`);
    }
  }
  const [head, ...rows] = table(results);
  say(`\n${bold(head)}`);
  rows.forEach((row, index) => {
    say(results[index].failed > 0 ? red(row) : row);
  });
  const { passed, failed } = totals(results);
  say(failed === 0 ? `\n${green('All is well.')}` : '');
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
