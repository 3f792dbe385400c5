// Colours for code: a text in, for each of its lines the pieces with what they are. Loaded with
// the panel only. A hunk is read as a whole, so that what spans lines is known; a very long one
// in parts, each when it comes into view.
import { common, createLowlight } from 'lowlight';
import type { DiffHunk } from '@/protocol/generated/protocol';
import type { Side } from './rows';

export interface Piece {
  text: string;
  /** A text colour of the design tokens; null for plain text. */
  colour: string | null;
}

const lowlight = createLowlight(common);
/** So many lines are read at once. */
const PART = 400;
/** A line longer than that is shown plain: it was made by a program. */
const LONGEST = 1000;

const LANGUAGES: Record<string, string> = {
  cjs: 'javascript',
  cts: 'typescript',
  h: 'c',
  hpp: 'cpp',
  jsonc: 'json',
  mjs: 'javascript',
  mts: 'typescript',
  svelte: 'xml',
  toml: 'ini',
  tsx: 'typescript',
  vue: 'xml',
  yml: 'yaml',
};

const COLOURS: Record<string, string> = {
  attr: 'text-code-name',
  attribute: 'text-code-name',
  addition: 'text-code-string',
  built_in: 'text-code-type',
  bullet: 'text-code-keyword',
  class: 'text-code-type',
  code: 'text-code-string',
  comment: 'text-code-comment',
  deletion: 'text-code-number',
  doctag: 'text-code-comment',
  keyword: 'text-code-keyword',
  link: 'text-code-string',
  literal: 'text-code-number',
  meta: 'text-code-type',
  name: 'text-code-keyword',
  number: 'text-code-number',
  property: 'text-code-name',
  quote: 'text-code-comment',
  regexp: 'text-code-string',
  section: 'text-code-title',
  'selector-class': 'text-code-title',
  'selector-tag': 'text-code-keyword',
  string: 'text-code-string',
  symbol: 'text-code-number',
  tag: 'text-code-keyword',
  title: 'text-code-title',
  type: 'text-code-type',
  variable: 'text-code-name',
};

/** The language of a file, as far as its name says it. */
export function languageOf(path: string): string | null {
  const name = path.split('/').at(-1)?.toLowerCase() ?? '';
  if (name === 'makefile') return 'makefile';
  const ending = name.includes('.') ? (name.split('.').at(-1) ?? '') : '';
  const language = LANGUAGES[ending] ?? ending;
  return language !== '' && lowlight.registered(language) ? language : null;
}

type Parts = Map<string, Piece[][]>;
const known = new WeakMap<DiffHunk, Parts>();

/** The pieces of one line of a hunk, by its place there. */
export function piecesOf(hunk: DiffHunk, index: number, side: Side, path: string): Piece[] {
  const line = hunk.lines[index];
  if (!line) return [];
  const language = languageOf(path);
  if (language === null || line.text.length > LONGEST) return [{ text: line.text, colour: null }];
  let parts = known.get(hunk);
  if (!parts) {
    parts = new Map();
    known.set(hunk, parts);
  }
  const first = Math.floor(index / PART) * PART;
  const key = `${language} ${side} ${first}`;
  let pieces = parts.get(key);
  if (!pieces) {
    const other = side === 'old' ? 'added' : 'deleted';
    const lines = hunk.lines
      .slice(first, first + PART)
      .map(({ change, text }) => (change === other || text.length > LONGEST ? null : text));
    const read = linesOf(lines.filter((text) => text !== null).join('\n'), language);
    let at = 0;
    pieces = lines.map((text) => (text === null ? [] : (read[at++] ?? [])));
    parts.set(key, pieces);
  }
  return pieces[index - first] ?? [];
}

interface Node {
  type: string;
  value?: string;
  properties?: { className?: unknown };
  children?: Node[];
}

/** Exported for tests. */
export function linesOf(text: string, language: string): Piece[][] {
  const lines: Piece[][] = [[]];
  const walk = (node: Node, colour: string | null) => {
    if (node.type === 'text') {
      (node.value ?? '').split('\n').forEach((part, index) => {
        if (index > 0) lines.push([]);
        if (part !== '') lines.at(-1)?.push({ text: part, colour });
      });
      return;
    }
    const own = colourOf(node.properties?.className);
    for (const child of node.children ?? []) walk(child, own ?? colour);
  };
  walk(lowlight.highlight(language, text) as Node, null);
  return lines;
}

function colourOf(classes: unknown): string | null {
  if (!Array.isArray(classes)) return null;
  const name = String(classes[0] ?? '').replace('hljs-', '');
  return COLOURS[name] ?? null;
}

/** Pieces cut where a range begins and ends, with whether each is in it. */
export function cut(
  pieces: Piece[],
  range: [from: number, to: number] | null,
): (Piece & { marked: boolean })[] {
  if (!range || range[0] >= range[1]) return pieces.map((piece) => ({ ...piece, marked: false }));
  const [from, to] = range;
  let at = 0;
  return pieces.flatMap(({ text, colour }) => {
    const begin = at;
    at += text.length;
    const one = Math.max(0, Math.min(from - begin, text.length));
    const two = Math.max(0, Math.min(to - begin, text.length));
    return [
      { text: text.slice(0, one), colour, marked: false },
      { text: text.slice(one, two), colour, marked: true },
      { text: text.slice(two), colour, marked: false },
    ].filter((piece) => piece.text !== '');
  });
}
