// A real git repository in a test's home, with a person who commits in it.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes files below a folder, by their paths. */
export function write(folder, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** What a file says. */
export const read = (folder, path) => readFileSync(join(folder, path), 'utf8');

/** Runs git in a folder, as the home's person, and answers what it printed. */
export function gitIn(home, folder, ...args) {
  const options = { cwd: folder, env: home.environment, encoding: 'utf8' };
  return execFileSync('git', args, options).trimEnd();
}

/** Makes the home's project a repository whose branch `main` has one commit of these files. */
export function makeRepository(home, files) {
  const person = '[user]\n\tname = Ada\n\temail = ada@example.org\n';
  write(home.user, { '.gitconfig': `${person}[init]\n\tdefaultBranch = main\n` });
  write(home.project, files);
  gitIn(home, home.project, 'init', '--quiet');
  gitIn(home, home.project, 'add', '--all');
  gitIn(home, home.project, 'commit', '--quiet', '--message', 'The lamp');
}
