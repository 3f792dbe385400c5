// Which names git takes for a branch, in the parts that people run into. Git has the last word.

/** Each with what is wrong, for people. */
const RULES: [wrong: RegExp, words: string][] = [
  [/\s/, 'A branch has no spaces in its name.'],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  [/[\x00-\x1f\x7f~^:?*[\\]/, 'A branch has none of ~ ^ : ? * [ \\ in its name.'],
  [/^-/, 'A branch does not begin with a dash.'],
  [/^\/|\/$|\/\//, 'A slash stands between two names.'],
  [/\.\./, 'Two dots in a row mean a range to git.'],
  [/(^|\/)\./, 'No part of a branch’s name begins with a dot.'],
  [/\.$/, 'A branch does not end with a dot.'],
  [/\.lock(\/|$)/, 'No part of a branch’s name ends with .lock.'],
  [/@\{|^@$|^HEAD$/, 'That means something else to git.'],
];

/** A name that ends as one does in the midst of being written: nobody needs to be told. */
export function isUnfinished(name: string): boolean {
  return /[/.@]$/.test(name) && problemOfBranch(name.slice(0, -1)) === null;
}

/** Why a name can be no branch; null when it can, or when nothing is written yet. */
export function problemOfBranch(name: string): string | null {
  return RULES.find(([wrong]) => wrong.test(name))?.[1] ?? null;
}
