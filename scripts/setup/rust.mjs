// The Rust side: one cargo call for both binaries, in the release profile that the tests use
// too, so that nothing is compiled twice. Cargo itself knows what is up to date.

import { rust } from '../paths.mjs';
import { must } from '../run.mjs';

/** Builds the window and the `synk` command beside it. */
export async function binariesOf(announce) {
  announce('cargo build (the first time takes minutes, later ones seconds)');
  await must('cargo', ['build', '--release', '-p', 'synk-desktop', '-p', 'synk-cli'], {
    cwd: rust,
  });
}
