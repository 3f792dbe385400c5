// `npm run test:agents [-- claude codex gemini]`: installs the real agents from npm, builds
// `synk`, and has them work through it with a model of our own. Not part of `npm test`: it takes
// three quarters of a gigabyte and the network, once.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AGENTS, cache, folderOf, programsOf } from '../e2e/agents/agents.mjs';
import { main, phase } from './console.mjs';
import { cargoEnvironment, root, rust } from './paths.mjs';
import { capture, foreground, must, Problem } from './run.mjs';

/** Installs an agent unless it is there, and answers what it says its version is. */
async function install(agent, announce) {
  const program = join(programsOf(agent), agent.name);
  if (!existsSync(program)) {
    const what = `${agent.package}@${agent.version}`;
    announce(`npm install ${what}`);
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    const options = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
    await must('npm', ['install', '--prefix', folderOf(agent), ...options, what]);
  }
  // Its own home stays as it is, whatever a start may write.
  const said = capture(program, ['--version'], { env: { PATH: process.env.PATH, HOME: cache } });
  if (said === null) throw new Problem(`${program} does not say its version; remove its folder.`);
  return said.trim();
}

await main(async () => {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !AGENTS.some((agent) => agent.name === name));
  if (unknown.length > 0) throw new Problem(`There is no agent “${unknown.join('”, “')}”.`);
  const chosen = AGENTS.filter(({ name }) => names.length === 0 || names.includes(name));

  await phase('Build', async (announce) => {
    announce('cargo build');
    await must('cargo', ['build', '--release', '-p', 'synk-cli'], {
      cwd: rust,
      env: cargoEnvironment,
    });
  });
  for (const agent of chosen) await phase(agent.name, (announce) => install(agent, announce));
  const args = ['--test', '--test-reporter=spec', join(root, 'e2e', 'agents', 'turns.mjs')];
  return foreground(process.execPath, args, {
    env: { SYNK_TEST_AGENTS: chosen.map(({ name }) => name).join(' ') },
  });
});
