import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { KINDS, output, textLines, writeOutput } from './payloads.mjs';

test('what is put out is the same each time, and as much as was asked for', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'synk-payloads-'));
  context.after(() => rmSync(folder, { recursive: true }));
  for (const kind of Object.keys(KINDS)) {
    assert.equal(output(kind, 10_000), output(kind, 10_000), kind);
    const path = join(folder, kind);
    const size = writeOutput(path, kind, 1 << 20);
    assert.equal(readFileSync(path).length, size);
    assert.ok(Math.abs(size / (1 << 20) - 1) < 0.1, `${kind}: ${size}`);
  }
});

test('so many lines are so many lines', () => {
  assert.equal(textLines(1000).split('\r\n').length, 1001);
});
