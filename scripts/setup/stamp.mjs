// Stamps: a step of set-up is done again only when what it reads has changed. A stamp is the
// hash of those files, kept once the step has ended well.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root, stamps } from '../paths.mjs';

function* filesUnder(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) yield* filesUnder(join(path, name));
}

/** One hash over the names and contents of files and folders. What is not there counts as empty. */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesUnder(path)) {
      const content = readFileSync(file);
      hash.update(`${relative(root, file)}\0${content.length}\0`);
      hash.update(content);
    }
  }
  return hash.digest('hex');
}

const place = (name, folder) => join(folder, name);

/** Whether the step `name` ended well with just these inputs. */
export function isCurrent(name, hash, folder = stamps) {
  return existsSync(place(name, folder)) && readFileSync(place(name, folder), 'utf8') === hash;
}

/** Notes that the step `name` ended well with these inputs. */
export function stamp(name, hash, folder = stamps) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(place(name, folder), hash);
}
