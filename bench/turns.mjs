// Takes turns: every contender once a round, so that whatever the machine does meanwhile is
// done to all of them.

/**
 * Has each of `who` measured once a round. `measure(contender, round)` resolves with numbers by
 * name. One that fails is left out from then on and noted; Synk may not fail. Answers
 * `{ values: { name: { contender: [..] } }, notes: [..] }`.
 */
export async function inTurns({ rounds, log }, who, measure) {
  const values = {};
  const notes = [];
  const failed = new Set();
  for (let round = 0; round < rounds; round += 1) {
    for (const one of who) {
      if (failed.has(one)) continue;
      log(`round ${round + 1} of ${rounds}: ${one.name}`);
      try {
        for (const [name, value] of Object.entries(await measure(one, round))) {
          values[name] ??= {};
          values[name][one.name] ??= [];
          values[name][one.name].push(value);
        }
      } catch (error) {
        if (one.name.startsWith('Synk')) {
          const where = `${one.name}, round ${round + 1}`;
          throw new Error(`${where}: ${error.message}`, { cause: error });
        }
        failed.add(one);
        // Where its files were is nobody's business.
        const why = error.message.split('\n')[0].replaceAll(/\S*\/sb-\w+\//g, '');
        notes.push(`${one.name} could not do this: ${why.slice(0, 160)}`);
      }
    }
  }
  return { values, notes };
}

/** Runs work with a contender in a place of its own, and clears both away. */
export async function withHost(contender, place, work) {
  const host = await contender.open(place);
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}
