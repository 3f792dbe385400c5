// What Synk is measured beside: programs of the system's packages, and crates that no
// distribution has, which cargo builds into a folder of their own. One that cannot be had is no
// reason not to measure the rest: it is said, and is missing in the tables.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complain, phase } from '../console.mjs';
import { contenders } from '../paths.mjs';
import { must, Problem } from '../run.mjs';
import { systemPackages } from './system.mjs';

const CRATES = { shpool: '0.11.5', zellij: '0.45.1' };

/** Whether cargo has noted that it installed this version. */
function isInstalled(name, version) {
  const notes = join(contenders, '.crates.toml');
  return existsSync(notes) && readFileSync(notes, 'utf8').includes(`"${name} ${version} (`);
}

async function crate(name, version, announce) {
  if (isInstalled(name, version)) return 'up to date';
  announce(`cargo install (this takes minutes, once)`);
  await must('cargo', ['install', '--locked', '--version', version, '--root', contenders, name]);
}

async function unlessItFails(name, work) {
  try {
    await phase(name, work);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    complain(`${error.message} What is missing will be missing in the tables.`);
  }
}

/** Installs what can be had of it. */
export async function installContenders() {
  await unlessItFails('Contenders', (announce) => systemPackages('bench', announce));
  for (const [name, version] of Object.entries(CRATES)) {
    await unlessItFails(name, (announce) => crate(name, version, announce));
  }
}
