// The layers of `npm test`, in order. A layer is a few steps; a step is a program and, when it
// is a test runner, the reader of its counts. A table: nothing here runs anything.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cargoEnvironment, nodeProgram, root, rust } from '../paths.mjs';
import { exportTypes } from '../setup/types.mjs';
import { cargoCounts, nodeCounts, vitestCounts } from './counts.mjs';

const minutes = (count) => count * 60_000;

// Biome colours its output in CI unless told otherwise, and then nobody can read it.
const colours = `--colors=${process.stdout.isTTY ? 'force' : 'off'}`;

const cargo = (...args) => ({ program: 'cargo', args, cwd: rust, env: cargoEnvironment });
const node = (name, ...args) => ({ program: nodeProgram(name), args });

/** Node's own runner takes files, so we list them: globs came only after Node 20. */
const testFiles = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.test.mjs'))
    .sort()
    .map((name) => join(folder, name));

const nodeTests = (folder, ...options) => ({
  program: process.execPath,
  args: ['--test', '--test-reporter=spec', ...options, ...testFiles(folder)],
  counts: nodeCounts,
});

const configured = (...names) => names.some((name) => existsSync(join(root, name)));

/** Every layer: its name, what it is for, and its steps. `limit` is the longest a step may take. */
export const layers = () => [
  {
    name: 'format',
    steps: [cargo('fmt', '--all', '--', '--check'), node('biome', 'ci', colours)],
    limit: minutes(2),
  },
  {
    name: 'lint',
    steps: [
      cargo('clippy', '--release', '--workspace', '--all-targets', '--', '-D', 'warnings'),
      node('tsc', '-p', '.', '--noEmit'),
      ...(configured('knip.json', 'knip.jsonc', 'knip.ts') ? [node('knip')] : []),
    ],
    limit: minutes(15),
  },
  { name: 'types', steps: [cargo(...exportTypes(['--check']))], limit: minutes(10) },
  {
    name: 'scripts',
    steps: [nodeTests('scripts'), nodeTests('bench')],
    limit: minutes(2),
  },
  {
    name: 'rust',
    steps: [
      { ...cargo('test', '--release', '--workspace', '--no-fail-fast'), counts: cargoCounts },
    ],
    limit: minutes(30),
  },
  {
    name: 'web',
    steps: [{ ...node('vitest', 'run'), counts: vitestCounts }],
    limit: minutes(10),
  },
  {
    name: 'e2e',
    // WKWebView has no driver, so on macOS there is nothing that could drive the window.
    unavailable:
      process.platform === 'linux' ? undefined : 'the window can only be driven on Linux',
    // One file at a time: every file has a display, and with it a machine, to itself.
    steps: [nodeTests('e2e', '--test-concurrency=1')],
    limit: minutes(20),
  },
  {
    name: 'bench',
    unavailable: process.platform === 'linux' ? undefined : 'it reads /proc, which Linux has',
    steps: [{ program: process.execPath, args: [join('bench', 'run.mjs'), '--quick'], cwd: root }],
    limit: minutes(10),
  },
];
