// How many columns a character takes, exactly as the session's screen model counts. xterm
// counts after an older Unicode; two terminals that count differently drift apart at the
// first new emoji. Plain JavaScript, because the model's own tests load it in Node as well.
import { WIDE, ZERO } from './width-ranges.mjs';

/** One entry for each character of the basic plane; beyond it, ranges are searched. */
const BASIC = 0x10000;

function parse(text) {
  return text.split(' ').map((range) => {
    const [first, last] = range.split('-');
    return [Number.parseInt(first, 16), Number.parseInt(last ?? first, 16)];
  });
}

const zero = parse(ZERO);
const wide = parse(WIDE);
const basic = new Uint8Array(BASIC).fill(1);
for (const [ranges, width] of [
  [zero, 0],
  [wide, 2],
]) {
  for (const [first, last] of ranges) {
    if (first < BASIC) basic.fill(width, first, Math.min(last + 1, BASIC));
  }
}

function contains(ranges, code) {
  let from = 0;
  let to = ranges.length - 1;
  while (from <= to) {
    const middle = (from + to) >> 1;
    if (code > ranges[middle][1]) from = middle + 1;
    else if (code < ranges[middle][0]) to = middle - 1;
    else return true;
  }
  return false;
}

function width(code) {
  if (code < BASIC) return basic[code];
  if (contains(wide, code)) return 2;
  return contains(zero, code) ? 0 : 1;
}

/** For `terminal.unicode.register`. */
export const modelWidths = {
  version: 'synk',
  wcwidth: width,
  // A packed number, as xterm's parser wants it: the lowest bit says that the character joins
  // the cell before it, the next two are the width of what the two make together.
  charProperties(code, preceding) {
    const own = width(code);
    // A combining character joins even when a sequence stands between it and its base, where
    // xterm's own tables would give it a cell.
    return own === 0 ? (((preceding >> 1) & 3) << 1) | 1 : own << 1;
  },
};
