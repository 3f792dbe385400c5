// What programs put out, made the same way each time: plain text, coloured text, text in
// characters of every width, and what a full-screen program draws. Sizes are in bytes.

import { closeSync, openSync, writeSync } from 'node:fs';
import { SIZE } from './contenders/place.mjs';

export const MIB = 1 << 20;
const BLOCK = MIB / 4;

/** Numbers below a limit, the same ones each time (xorshift). */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const WORDS = 'the session goes on while nobody looks at it and its output is kept in full'.split(
  ' ',
);
const WIDE = [
  '終端',
  '画面',
  '出力',
  '漢字',
  '한글',
  'é',
  'n\u0303',
  'ä',
  'µs',
  '→',
  '─',
  '🚀',
  '🎉',
  '👍',
  'ok',
];

const words = (next, from, count, wrap = (word) => word) =>
  Array.from({ length: count }, () => wrap(from[next(from.length)])).join(' ');

const lines = {
  plain: (next) => `${words(next, WORDS, 8 + next(10))}\r\n`,
  coloured: (next) =>
    `${words(next, WORDS, 6 + next(8), (word) => {
      const colour = next(2) ? `${30 + next(8)}` : `38;5;${16 + next(216)}`;
      return `\x1b[${next(3) ? '' : '1;'}${colour}m${word}\x1b[0m`;
    })}\r\n`,
  unicode: (next) => `${words(next, WIDE, 8 + next(10))}\r\n`,
  /** A frame of boxes with text in them, each row put where it belongs. */
  fullScreen: (next) => {
    const rows = Array.from({ length: SIZE.rows - 2 }, (_, row) => {
      const inside = words(next, WORDS, 6).slice(0, 40).padEnd(40);
      return `\x1b[${row + 2};${1 + 60 * next(2)}H\x1b[3${next(8)}m│\x1b[0m ${inside}\x1b[K`;
    });
    return `\x1b[H\x1b[7m ${words(next, WORDS, 8)} \x1b[0m\x1b[K${rows.join('')}\x1b[${SIZE.rows};1H${next(1e6)}`;
  },
};

export const KINDS = {
  plain: 'plain',
  coloured: 'coloured',
  unicode: 'Unicode',
  fullScreen: 'full-screen',
};

/** About so many bytes of a kind, cut at a line's or a frame's end. */
export function output(kind, bytes) {
  const next = numbers(2463534242);
  const parts = [];
  for (let size = 0; size < bytes; size += Buffer.byteLength(parts.at(-1))) {
    parts.push(lines[kind](next));
  }
  return parts.join('');
}

/** Lines of coloured text. */
export function textLines(count) {
  const next = numbers(88172645);
  return Array.from({ length: count }, () => lines.coloured(next)).join('');
}

/** Writes so many bytes of a kind into a file, and answers how many they became. */
export function writeOutput(path, kind, bytes) {
  const block = Buffer.from(output(kind, Math.min(bytes, BLOCK)));
  const times = Math.max(1, Math.round(bytes / block.length));
  const file = openSync(path, 'w');
  let size = kind === 'fullScreen' ? writeSync(file, '\x1b[?1049h') : 0;
  for (let time = 0; time < times; time += 1) size += writeSync(file, block);
  closeSync(file);
  return size;
}
