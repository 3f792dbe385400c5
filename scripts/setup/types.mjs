// The cargo call that turns the Rust wire types into TypeScript.

import { join, relative } from 'node:path';
import { root, rust } from '../paths.mjs';

const target = relative(rust, join(root, 'src', 'protocol', 'generated', 'protocol.ts'));

/** Arguments for cargo, run in src-tauri. `extra` is `["--check"]` or nothing. */
export const exportTypes = (extra = []) => [
  'run',
  '--quiet',
  '--release',
  '-p',
  'synk-protocol',
  '--bin',
  'export-types',
  '--',
  target,
  ...extra,
];
