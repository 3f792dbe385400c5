import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { test } from 'node:test';
import { nothingLeft, processesOf } from './leftovers.mjs';

const node = realpathSync(process.execPath);

test('a running process of a binary is found, listed, and gone after its end', async () => {
  const before = processesOf([node]);
  const child = spawn(node, ['-e', "console.log('up'); process.stdin.resume()"], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const find = () => processesOf([node]).filter((one) => one.pid === child.pid);
  assert.equal(find().length, 1);
  await assert.rejects(
    nothingLeft(before, { find, patience: 0 }),
    new RegExp(`${child.pid}  .*resume`),
  );

  child.stdin.end();
  await nothingLeft(before, { find });
});
