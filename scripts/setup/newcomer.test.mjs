import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { root } from '../paths.mjs';

/** What a module imports before any of it runs. */
const IMPORTS = /^(?:import|export)\s(?:[^'"]*?\sfrom\s+)?'([^']+)';/gm;

/** A file and all that it loads at once, each with what it asks for of elsewhere. */
function loaded(file, seen = new Map()) {
  if (seen.has(file)) return seen;
  const foreign = [];
  seen.set(file, foreign);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(IMPORTS)) {
    if (name.startsWith('.')) loaded(join(dirname(file), name), seen);
    else if (!name.startsWith('node:')) foreign.push(name);
  }
  return seen;
}

test('every command of package.json starts in a checkout without node_modules', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const files = Object.values(scripts).flatMap((script) => script.match(/\S+\.mjs$/) ?? []);
  assert.ok(files.includes('bench/run.mjs'), 'the commands are found');
  for (const file of files) {
    for (const [module, foreign] of loaded(join(root, file))) {
      assert.deepEqual(foreign, [], `${file} loads ${relative(root, module)}, which needs it`);
    }
  }
});
