// `node scripts/prices.mjs FILE VERSION`: makes the price table that ships with Synk from the one
// of LiteLLM (MIT), which the Python package `litellm` of that version carries as
// `model_prices_and_context_window_backup.json`. Prices come out as whole billionths of a dollar
// for one token, so that sums are exact; a price that is none stops it.

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { main } from './console.mjs';
import { rust } from './paths.mjs';
import { Problem } from './run.mjs';

const TABLE = path.join(rust, 'crates/core/src/cost/prices.json');
const PROVIDERS = ['anthropic', 'openai', 'gemini'];
// What coding agents talk to. What is charged by the picture or the minute is not among it.
const NAMES = /^(claude|gpt|chatgpt|codex|gemini|o\d)/;
const OTHER_USES =
  /audio|image|live|omni|realtime|robotics|search|transcribe|tts|computer-use|gemma|-exp-/;
const DATED = /-(\d{8}|\d{4}-\d{2}-\d{2})$/;
const FIELDS = {
  input: 'input_cost_per_token',
  output: 'output_cost_per_token',
  cacheRead: 'cache_read_input_token_cost',
  cacheWrite: 'cache_creation_input_token_cost',
  cacheWriteHour: 'cache_creation_input_token_cost_above_1hr',
};

function billionths(price, where) {
  const scaled = price * 1e9;
  const whole = Math.round(scaled);
  if (Math.abs(scaled - whole) > 1e-6) throw new Problem(`${where}: ${price} is too fine a price`);
  return whole;
}

function rates(entry, suffix, where) {
  const known = Object.entries(FIELDS).filter(([, field]) => entry[field + suffix] !== undefined);
  return Object.fromEntries(
    known.map(([name, field]) => [name, billionths(entry[field + suffix], `${where}.${name}`)]),
  );
}

function price(entry, name) {
  const made = rates(entry, '', name);
  const above = Object.keys(entry)
    .map((field) => /^input_cost_per_token_above_(\d+)k_tokens$/.exec(field)?.[1])
    .find((thousands) => thousands !== undefined);
  if (above !== undefined) {
    made.long = { above: above * 1000, ...rates(entry, `_above_${above}k_tokens`, name) };
  }
  const fast = entry.provider_specific_entry?.fast;
  if (fast !== undefined) made.fast = fast;
  return made;
}

/** The table's lines, by name. A dated model that costs what the undated one does is left out. */
function trim(table) {
  const models = new Map();
  for (const [key, entry] of Object.entries(table)) {
    const name = key.replace(/^gemini\//, '');
    const wanted =
      PROVIDERS.includes(entry.litellm_provider) &&
      ['chat', 'responses'].includes(entry.mode) &&
      NAMES.test(name) &&
      !OTHER_USES.test(name) &&
      entry.input_cost_per_token !== undefined;
    if (wanted) models.set(name, JSON.stringify(price(entry, name)));
  }
  const redundant = ([name, line]) =>
    DATED.test(name) && models.get(name.replace(DATED, '')) === line;
  return [...models].filter((model) => !redundant(model)).sort(([a], [b]) => (a < b ? -1 : 1));
}

async function write([file, version]) {
  if (!file || !version) throw new Problem('usage: node scripts/prices.mjs FILE VERSION');
  const lines = trim(JSON.parse(await readFile(file, 'utf8')));
  const table = [
    '{',
    `  "date": "${new Date().toISOString().slice(0, 10)}",`,
    `  "source": "LiteLLM ${version} (MIT), model_prices_and_context_window_backup.json",`,
    '  "unit": "billionths of a US dollar for one token",',
    '  "models": {',
    lines.map(([name, line]) => `    "${name}": ${line}`).join(',\n'),
    '  }',
    '}',
    '',
  ];
  await writeFile(TABLE, table.join('\n'));
  console.log(`${lines.length} models in ${TABLE}`);
}

await main(() => write(process.argv.slice(2)));
