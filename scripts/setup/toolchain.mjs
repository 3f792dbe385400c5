// Node and Rust: checks that they are there and new enough. They are the two things that a
// person installs; the version each must have stands in package.json and Cargo.toml alone.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, rust } from '../paths.mjs';
import { capture, Problem } from '../run.mjs';

/** Whether the dotted version `found` is at least `wanted`. */
export function atLeast(found, wanted) {
  const [a, b] = [found, wanted].map((version) => version.split('.').map(Number));
  for (let index = 0; index < b.length; index += 1) {
    if ((a[index] ?? 0) !== b[index]) return (a[index] ?? 0) > b[index];
  }
  return true;
}

const wantedNode = () =>
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace(/^\D*/, '');

const wantedRust = () =>
  readFileSync(join(rust, 'Cargo.toml'), 'utf8').match(/^rust-version = "([\d.]+)"/m)[1];

/** Throws a Problem when Node or Rust is missing or too old. Answers their versions. */
export function toolchain() {
  const node = process.versions.node;
  if (!atLeast(node, wantedNode())) {
    throw new Problem(
      `Node ${node} is too old: Synk needs ${wantedNode()} or newer. Get it from https://nodejs.org and start again.`,
    );
  }
  const found = capture('rustc', ['--version'])?.match(/\d+(\.\d+)+/)?.[0];
  if (!found || capture('cargo', ['--version']) === null) {
    throw new Problem(
      `Rust is not installed: Synk needs ${wantedRust()} or newer. Get it from https://rustup.rs and start again.`,
    );
  }
  if (!atLeast(found, wantedRust())) {
    throw new Problem(
      `Rust ${found} is too old: Synk needs ${wantedRust()} or newer. Run “rustup update stable” and start again.`,
    );
  }
  return `Node ${node}, Rust ${found}`;
}
