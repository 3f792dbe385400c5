// The Rust side: one cargo call for all binaries, in the release profile that the tests use
// too, so that nothing is compiled twice. Cargo itself knows what is up to date.

import { cargoEnvironment, rust } from '../paths.mjs';
import { must } from '../run.mjs';

const PACKAGES = { run: ['synk-desktop', 'synk-cli'], test: ['synk-testkit'] };

/** Builds the window and the `synk` command beside it; for "test" also what plays the agents. */
export async function binariesOf(purpose, announce) {
  announce('cargo build (the first time takes minutes, later ones seconds)');
  const packages = purpose === 'test' ? [...PACKAGES.run, ...PACKAGES.test] : PACKAGES.run;
  await must('cargo', ['build', '--release', ...packages.flatMap((name) => ['-p', name])], {
    cwd: rust,
    env: cargoEnvironment,
  });
}
