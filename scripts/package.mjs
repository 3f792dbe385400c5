// `npm run package`: a .deb with the window and, beside it, the `synk` command.

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { main, phase, say } from './console.mjs';
import { cargoEnvironment, nodeProgram, root, rust, target } from './paths.mjs';
import { capture, must, Problem } from './run.mjs';
import { prepare } from './setup/everything.mjs';
import { pages } from './setup/front_end.mjs';

const profile = 'dist';

/** The triple by which Tauri finds the right one of several side binaries. */
function hostTriple() {
  const host = capture('rustc', ['-vV'])?.match(/^host: (.+)$/m)?.[1];
  if (!host) throw new Problem('rustc does not say which machine it builds for (rustc -vV).');
  return host;
}

await main(async () => {
  if (process.platform !== 'linux') {
    throw new Problem('A .deb can only be made on Linux.');
  }
  await prepare('run');
  await phase('Front end', pages);
  await phase('synk', async (announce) => {
    announce(`cargo build --profile ${profile}`);
    await must('cargo', ['build', '--profile', profile, '-p', 'synk-cli'], {
      cwd: rust,
      env: cargoEnvironment,
    });
    const folder = join(rust, 'binaries');
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(target, profile, 'synk'), join(folder, `synk-${hostTriple()}`));
  });
  await phase('Package', async (announce) => {
    announce('tauri build');
    // The side binary is named here and not in tauri.conf.json, where every `cargo build`
    // would ask for it.
    const bundle = JSON.stringify({ bundle: { active: true, externalBin: ['binaries/synk'] } });
    const args = ['build', '--bundles', 'deb', '--config', bundle, '--', '--profile', profile];
    await must(nodeProgram('tauri'), args, { env: cargoEnvironment });
  });
  say(`The package is under ${join(target, profile, 'bundle', 'deb').replace(`${root}/`, '')}.`);
});
