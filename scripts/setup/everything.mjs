// All of the set-up, in the order in which a fresh machine needs it.

import { phase } from '../console.mjs';
import { nodePackages, pages } from './front_end.mjs';
import { binariesOf } from './rust.mjs';
import { systemPackages } from './system.mjs';
import { toolchain } from './toolchain.mjs';

/** What must be there before anything can be built. `purpose` is "run" or "test". */
export async function prepare(purpose) {
  await phase('Toolchain', () => toolchain());
  await phase('System packages', (announce) => systemPackages(purpose, announce));
  await phase('Node packages', nodePackages);
}

/** Builds the front end and then the binaries, which embed it; for "test" also those of the tests. */
export async function build(purpose) {
  await phase('Front end', pages);
  await phase('Rust', (announce) => binariesOf(purpose, announce));
}
