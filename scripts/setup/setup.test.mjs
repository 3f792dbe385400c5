import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { requireDisplay } from './display.mjs';
import { fingerprint, isCurrent, stamp } from './stamp.mjs';
import { atLeast, toolchain } from './toolchain.mjs';

test('versions are compared as numbers', () => {
  assert.ok(atLeast('1.100.0', '1.95'));
  assert.ok(atLeast('20.19.0', '20.19'));
  assert.ok(!atLeast('1.94.1', '1.95'));
  assert.ok(!atLeast('20', '20.19'));
});

test("this machine's toolchain is named", () => {
  assert.match(toolchain(), /^Node \d+\.\d+\.\d+, Rust \d+\.\d+\.\d+$/);
});

test('no display is said in one sentence, and only where it matters', () => {
  assert.throws(
    () => requireDisplay({}, 'linux'),
    /There is no display here .* run this in a desktop session/,
  );
  requireDisplay({ DISPLAY: ':0' }, 'linux');
  requireDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux');
  requireDisplay({}, 'darwin');
});

test('a stamp holds until a file changes, comes or goes', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'synk-stamp-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const inputs = join(folder, 'inputs');
  mkdirSync(inputs);
  writeFileSync(join(inputs, 'one'), '1');
  const stamps = join(folder, 'stamps');
  const current = () => isCurrent('step', fingerprint([inputs, join(folder, 'absent')]), stamps);

  assert.ok(!current());
  stamp('step', fingerprint([inputs, join(folder, 'absent')]), stamps);
  assert.ok(current());
  writeFileSync(join(inputs, 'two'), '2');
  assert.ok(!current());
  rmSync(join(inputs, 'two'));
  assert.ok(current());
  writeFileSync(join(inputs, 'one'), '2');
  assert.ok(!current());
});
