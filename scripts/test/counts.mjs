// Reads how many tests passed and failed from what the runners print. A runner that says
// nothing readable (it did not compile, say) gives null, and the step counts as one check.

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const withoutColour = (text) => text.replace(/\u001b\[[\d;]*m/g, '');

const sum = (numbers) => numbers.reduce((total, number) => total + Number(number), 0);

/** `cargo test`: one "test result:" line for each test binary. */
export function cargoCounts(output) {
  const results = [
    ...withoutColour(output).matchAll(/^test result: .*? (\d+) passed; (\d+) failed;/gm),
  ];
  if (results.length === 0) return null;
  return { passed: sum(results.map((one) => one[1])), failed: sum(results.map((one) => one[2])) };
}

/** vitest: "Tests  1 failed | 20 passed (21)". */
export function vitestCounts(output) {
  const line = withoutColour(output).match(/^\s*Tests\s+(.*)$/m)?.[1];
  if (!line) return null;
  const of = (word) => Number(line.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0);
  return { passed: of('passed'), failed: of('failed') };
}

/** `node --test` with its spec reporter: "ℹ pass 3", "ℹ fail 0", "ℹ cancelled 0". */
export function nodeCounts(output) {
  const text = withoutColour(output);
  const of = (word) => text.match(new RegExp(`^ℹ ${word} (\\d+)$`, 'm'))?.[1];
  if (of('pass') === undefined) return null;
  return { passed: Number(of('pass')), failed: sum([of('fail') ?? 0, of('cancelled') ?? 0]) };
}
