// What numbers say: their middle and their ends, whether two sets of them can be told apart,
// and whether they reach what is asked of them. Pure; the shape of a measure stands in run.mjs.

/** `{ median, min, max }` of at least one number. */
export function describe(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const median = (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}

/** The smallest value that at least this part of all is not above. */
export function percentile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
}

/** Whether two descriptions have numbers in common, so that neither is ahead. */
export const overlap = (one, other) => one.min <= other.max && other.min <= one.max;

/** A number as people read it: three digits of it, more only where they are whole. */
export function short(value) {
  const size = Math.abs(value);
  if (size >= 1000 || Number.isInteger(value)) return Math.round(value).toLocaleString('en-GB');
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1).replace(/\.0$/, '');
  return size >= 0.01 ? value.toFixed(2) : value.toPrecision(1);
}

/** The middle of some values: what a run shows. */
export const middle = (values) => describe(values).median;

/** The best of some values, which a busy machine disturbs least: what a guard looks at. */
export const best = (values, better) =>
  better === 'more' ? Math.max(...values) : Math.min(...values);

/**
 * Judges one goal, `{ of, limit }` or `{ of, than, ratio, plus }`, by one number for all of a
 * contender's. Answers `{ reached, says }`; `reached` is null when one was not measured.
 */
export function judge(measure, { of, than, ratio = 1, plus = 0, limit }, pick = middle) {
  const { values, better, unit } = measure;
  const sign = better === 'more' ? '≥' : '≤';
  const times = ratio === 1 ? '' : `${short(ratio)} × `;
  const added = plus === 0 ? '' : ` + ${short(plus)} ${unit}`;
  const asked = than === undefined ? `${short(limit)} ${unit}` : `${times}${than}${added}`;
  const wanted = `${of} ${sign} ${asked}`;
  const missing = [of, than].filter((who) => who !== undefined && !values[who]?.length);
  if (missing.length > 0) {
    return { reached: null, says: `${wanted}: ${missing.join(' and ')} was not measured` };
  }
  const one = pick(values[of], better);
  const other = than === undefined ? null : pick(values[than], better);
  const goal = other === null ? limit : other * ratio + plus;
  const reached = better === 'more' ? one >= goal : one <= goal;
  const beside = other ? `, ${short(one / other)} × ${than}` : '';
  return { reached, says: `${wanted}: ${short(one)} ${unit}${beside}` };
}
