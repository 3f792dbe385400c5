// The front end: npm's packages and the built pages in dist/, each only when its inputs changed.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodeModules, root } from '../paths.mjs';
import { must } from '../run.mjs';
import { fingerprint, isCurrent, stamp } from './stamp.mjs';

const inRoot = (names) => names.map((name) => join(root, name));

const dependencyInputs = inRoot(['package-lock.json', '.npmrc']);
const pageInputs = inRoot([
  'src',
  'public',
  'index.html',
  'package-lock.json',
  'tsconfig.json',
  'vite.config.ts',
  'tailwind.config.js',
]);

/** Installs exactly what package-lock.json names. */
export async function nodePackages(announce) {
  const hash = fingerprint(dependencyInputs);
  if (existsSync(nodeModules) && isCurrent('node-packages', hash)) return 'up to date';
  announce('npm ci');
  await must('npm', ['ci', '--no-fund', '--no-audit']);
  stamp('node-packages', hash);
}

/** Checks the types and builds the pages that the window embeds. */
export async function pages(announce) {
  const hash = fingerprint(pageInputs);
  if (existsSync(join(root, 'dist', 'index.html')) && isCurrent('pages', hash)) return 'up to date';
  announce('npm run build');
  await must('npm', ['run', '--silent', 'build']);
  stamp('pages', hash);
}
