// The table that is printed for a measure. Names nobody ahead where the ranges overlap.

import { describe, judge, overlap, short } from './statistics.mjs';

function ratioTo(first, one) {
  if (one === first) return '';
  if (overlap(one, first)) return 'overlap';
  return first.median === 0 ? '–' : `${short(one.median / first.median)} ×`;
}

/** Rows of equally wide columns, the first flush left and numbers flush right. */
function columns(rows) {
  const width = (at) => Math.max(...rows.map((row) => row[at].length));
  const widths = rows[0].map((_, at) => width(at));
  const fill = (cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]));
  return rows.map((row) => `  ${row.map(fill).join('  ')}`.trimEnd());
}

/** The lines for one measure; `absent` says who is not here and why. */
export function table(measure, absent = {}) {
  const { what, unit, better, values, reach = [], notes = [] } = measure;
  const measured = Object.entries(values).filter(([, all]) => all.length > 0);
  const described = measured.map(([who, all]) => [who, describe(all)]);
  const first = described[0]?.[1];
  const rows = described.map(([who, one]) => [
    who,
    short(one.median),
    short(one.min),
    short(one.max),
    ratioTo(first, one),
  ]);
  const head = ['', 'median', 'min', 'max', described[0] ? `to ${described[0][0]}` : ''];
  const marks = { true: '✓', false: '✗', null: '–' };
  return [
    `${what} [${unit}, ${better} is better]`,
    ...columns([head, ...rows]),
    ...Object.entries(absent).map(([who, why]) => `  ${who}: ${why}`),
    ...reach
      .map((goal) => judge(measure, goal))
      .map(({ reached, says }) => `  ${marks[reached]} ${says}`),
    ...notes.map((note) => `  · ${note}`),
  ];
}
