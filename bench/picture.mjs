// Draws a benchmark as an SVG: for each measure a group of bars, their medians, with a line from
// the smallest to the largest value. It has a card of its own, so it can be read on light and
// dark pages. Pure: it takes what run.mjs writes down and answers text.

import { describe, short } from './statistics.mjs';

const WIDTH = 800;
const EDGE = 28;
const NUMBERS = 168;
/** About the width of a letter of a name, and the most letters that one is shown with. */
const LETTER = 7.7;
const LETTERS = 28;
const RIGHT = WIDTH - EDGE - NUMBERS;
const BAR = 16;
const ROW = 24;
/** How many characters of the small type go on a line. */
const LINE = 122;

const STYLE = `
  svg { font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; }
  .card { fill: #ffffff; stroke: #d8dee4; }
  .title { font-size: 18px; font-weight: 600; fill: #1f2328; }
  .what { font-size: 14px; font-weight: 600; fill: #1f2328; }
  .name, .median { font-size: 13px; fill: #1f2328; }
  .small, .range { font-size: 11.5px; fill: #656d76; }
  .ours { font-weight: 600; }
  .bar { fill: #afb8c1; }
  .bar.ours { fill: #2f6feb; }
  .axis { stroke: #d0d7de; }
  .whisker { stroke: #1f2328; stroke-width: 1.25; fill: none; }
  @media (prefers-color-scheme: dark) {
    .card { fill: #161b22; stroke: #30363d; }
    .title, .what, .name, .median { fill: #e6edf3; }
    .small, .range { fill: #9198a1; }
    .bar { fill: #57606a; }
    .bar.ours { fill: #4c8dff; }
    .axis { stroke: #30363d; }
    .whisker { stroke: #e6edf3; }
  }`;

const escaped = (text) =>
  String(text).replace(
    /[&<>"]/g,
    (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one],
  );

const text = (x, y, kind, words, anchor = 'start') =>
  `<text x="${x}" y="${y}" class="${kind}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${escaped(words)}</text>`;

/** Breaks words into lines. */
function wrapped(words, length = LINE) {
  const lines = [''];
  for (const word of words.split(' ')) {
    const line = lines.at(-1);
    if (line && line.length + word.length >= length) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}

const clipped = (words, length) =>
  words.length > length ? `${words.slice(0, length - 1)}…` : words;

/** Where bars begin, so that every name is before them. */
function leftOf(measures) {
  const names = measures.flatMap(({ values }) => Object.keys(values));
  const letters = Math.min(LETTERS, Math.max(12, ...names.map((name) => name.length)));
  return Math.ceil(EDGE + letters * LETTER + 10);
}

function bar(who, one, most, left, top) {
  const at = (value) => Number((left + (most > 0 ? value / most : 0) * (RIGHT - left)).toFixed(1));
  const ours = who.startsWith('Synk') ? ' ours' : '';
  const middle = top + BAR / 2;
  const [from, to] = [at(one.min), at(one.max)];
  const range = one.min === one.max ? '' : `${short(one.min)}–${short(one.max)}`;
  return [
    text(left - 10, middle + 4.5, `name${ours}`, clipped(who, LETTERS), 'end'),
    `<rect x="${left}" y="${top}" width="${Math.max(1, at(one.median) - left).toFixed(1)}" height="${BAR}" rx="2" class="bar${ours}"/>`,
    from === to
      ? ''
      : `<path d="M${from} ${middle - 4}v8M${from} ${middle}H${to}M${to} ${middle - 4}v8" class="whisker"/>`,
    text(RIGHT + 66, middle + 4.5, `median${ours}`, short(one.median), 'end'),
    text(RIGHT + 76, middle + 4.5, 'range', range),
  ];
}

function group(measure, left, top) {
  const { what, unit, better, values, notes = [] } = measure;
  const measured = Object.entries(values).filter(([, all]) => all.length > 0);
  const described = measured.map(([who, all]) => [who, describe(all)]);
  const most = Math.max(0, ...described.map(([, one]) => one.max));
  const first = top + 30;
  const parts = [
    text(EDGE, top + 14, 'what', clipped(what, 72)),
    text(WIDTH - EDGE, top + 14, 'small', `${unit}, ${better} is better`, 'end'),
    ...described.flatMap(([who, one], at) => bar(who, one, most, left, first + at * ROW)),
    `<path d="M${left} ${first - 4}V${first + described.length * ROW - 4}" class="axis"/>`,
  ];
  let y = first + described.length * ROW + 10;
  for (const line of notes.flatMap((note) => wrapped(note))) {
    parts.push(text(EDGE, y, 'small', line));
    y += 16;
  }
  return { parts, bottom: y + 14 };
}

/** The picture of one benchmark, as run.mjs writes it into its results. */
export function picture({ title, rounds, measures, machine, versions = {}, absent = {} }) {
  const parts = [
    text(EDGE, 42, 'title', clipped(title, 80)),
    text(
      EDGE,
      62,
      'small',
      rounds === 1
        ? 'One round only.'
        : `Bars are medians, lines go from the smallest to the largest of ${rounds} rounds.`,
    ),
  ];
  const left = leftOf(measures);
  let y = 84;
  for (const measure of measures) {
    const drawn = group(measure, left, y);
    parts.push(...drawn.parts);
    y = drawn.bottom;
  }
  const known = Object.values(versions).filter((version) => version !== process.platform);
  const footer = [
    `${machine.date.slice(0, 10)} · ${machine.cpu} · ${machine.memoryGib} GiB · ${machine.system} · load ${machine.load.join(', ')}`,
    ...(known.length > 0 ? [known.join(' · ')] : []),
    ...Object.entries(absent).map(([who, why]) => `Without ${who}: ${why}`),
  ];
  for (const line of footer.flatMap((words) => wrapped(words))) {
    parts.push(text(EDGE, y, 'small', line));
    y += 16;
  }
  const height = Math.ceil(y + 12);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}
</style>
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="10" class="card"/>
${parts.filter(Boolean).join('\n')}
</svg>
`;
}
