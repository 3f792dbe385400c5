// Words of a command line in one text, and back. Only as much of a shell as that takes: quotes and
// the backslash, and nothing that is run or looked up.

/** The words of a line; null when a quote is left open. */
export function wordsOf(line: string): string[] | null {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    const [whole = '', body = ''] =
      /^((?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+)(?:\s+|$)/.exec(rest) ?? [];
    if (whole === '') return null;
    words.push(
      body.replace(
        /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
        (_, single?: string, double?: string, escaped?: string) =>
          single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? '',
      ),
    );
    rest = rest.slice(whole.length);
  }
  return words;
}

/** A line whose words these are. */
export function lineOf(words: string[]): string {
  return words
    .map((word) =>
      /^[^\s"'\\]+$/.test(word) ? word : `"${word.replace(/["\\]/g, (sign) => `\\${sign}`)}"`,
    )
    .join(' ');
}
