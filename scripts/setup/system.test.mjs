import assert from 'node:assert/strict';
import { test } from 'node:test';
import { managers, needed, requirements } from './requirements.mjs';
import { commandsFor } from './system.mjs';

test('every Linux package manager has a name for everything', () => {
  for (const one of requirements) {
    for (const manager of ['apt', 'dnf', 'pacman']) {
      assert.ok(
        one[manager],
        `${manager} has no package for ${one.program ?? one.library ?? one.font}`,
      );
    }
  }
});

test('running needs less than testing, that less than measuring, and macOS less than Linux', () => {
  assert.ok(needed('test', 'linux').length < needed('bench', 'linux').length);
  assert.ok(needed('run', 'linux').length < needed('test', 'linux').length);
  assert.ok(needed('run', 'linux').every((one) => one.for === 'run'));
  assert.ok(
    !needed('test', 'darwin').some((one) => one.library || one.font || one.program === 'Xvfb'),
  );
});

test('root is not asked, and a person is asked by the manager itself', () => {
  assert.deepEqual(commandsFor(managers.apt, ['git'], { root: true, unattended: true }), [
    ['apt-get', 'update'],
    ['apt-get', 'install', '--no-install-recommends', '--yes', 'git'],
  ]);
  assert.deepEqual(commandsFor(managers.dnf, ['git'], { root: false, unattended: false }), [
    ['sudo', 'dnf', 'install', 'git'],
  ]);
  assert.deepEqual(commandsFor(managers.brew, ['git'], { root: false, unattended: true }), [
    ['brew', 'install', 'git'],
  ]);
});
