// System packages: finds what is missing and has the package manager install it. When all is
// there, this runs no package manager and needs no root.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { bold, say } from '../console.mjs';
import { searchPath } from '../paths.mjs';
import { capture, foreground, must, Problem } from '../run.mjs';
import { managers, needed } from './requirements.mjs';

const onPath = (program) =>
  searchPath.split(delimiter).some((folder) => folder && existsSync(join(folder, program)));

function isPresent({ program, library, font }) {
  if (program) return onPath(program);
  if (library) return capture('pkg-config', ['--exists', library]) !== null;
  return Boolean(capture('fc-list', [font]));
}

const nameOf = ({ program, library, font }) =>
  program ?? (library ? `${library} (library)` : `a font (fc-list ${font})`);

/** The commands that install `packages`, as a person would type them. */
export function commandsFor(manager, packages, { root, unattended }) {
  const prefix = manager.needsRoot && !root ? ['sudo'] : [];
  const extra = unattended && manager.unattended ? [manager.unattended] : [];
  return [
    ...(manager.refresh ? [[...prefix, ...manager.refresh]] : []),
    [...prefix, ...manager.install, ...extra, ...packages],
  ];
}

async function agrees(question) {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^(y|yes|)$/i.test((await lines.question(`${question} [Y/n] `)).trim());
  } finally {
    lines.close();
  }
}

/** Makes sure that the system has what `purpose` ("run", "test" or "bench") needs. */
export async function systemPackages(purpose, announce) {
  const missing = needed(purpose, process.platform).filter((one) => !isPresent(one));
  if (missing.length === 0) return 'all there';
  const names = missing.map(nameOf).join(', ');

  if (process.platform === 'darwin' && missing.some((one) => one.program === 'cc')) {
    throw new Problem('There is no C compiler: run “xcode-select --install”, then start again.');
  }
  const found = Object.entries(managers).find(([, manager]) => onPath(manager.program));
  if (!found) {
    throw new Problem(
      `Missing on this system: ${names}. None of apt, dnf, pacman and brew is here to install them, ` +
        "so please install them with your system's own package manager and start again.",
    );
  }
  const [key, manager] = found;
  const packages = [...new Set(missing.map((one) => one[key]).filter(Boolean))];
  if (packages.length === 0) {
    throw new Problem(`Missing on this system: ${names}. Please install them and start again.`);
  }

  const root = process.getuid?.() === 0;
  const atTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY) && !process.env.CI;
  const unattended = root || !atTerminal;
  const commands = commandsFor(manager, packages, { root, unattended });
  const shown = commands.map((command) => command.join(' ')).join(' && ');
  if (manager.needsRoot && !root) {
    if (!atTerminal) {
      throw new Problem(`Missing on this system: ${names}. Install them with: ${shown}`);
    }
    if (!onPath('sudo')) {
      throw new Problem(
        `Missing on this system: ${names}. There is no sudo here, so run this as root: ${shown.replaceAll('sudo ', '')}`,
      );
    }
    say(`Missing on this system: ${names}.`);
    say(`This installs them:\n\n    ${bold(shown)}\n`);
    if (!(await agrees('Run it now?'))) {
      throw new Problem(`Nothing was installed. Synk needs: ${names}.`);
    }
  }
  announce(`installing ${packages.join(', ')}`);
  for (const [program, ...args] of commands) {
    const refreshing = args.includes('update');
    const options = { env: unattended ? manager.env : {} };
    // One broken source must not keep us from packages that the others have.
    if (refreshing) await foreground(program, args, options);
    else await must(program, args, options);
  }

  const still = missing.filter((one) => !isPresent(one));
  if (still.length > 0) {
    throw new Problem(
      `${packages.join(', ')} were installed, and yet these are missing: ${still.map(nameOf).join(', ')}. ` +
        'Synk needs WebKitGTK 4.1, which Debian 12, Ubuntu 22.04 and Fedora 38 were the first to have.',
    );
  }
  return `installed ${packages.join(', ')}`;
}
