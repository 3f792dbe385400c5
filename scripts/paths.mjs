// Where things are in this checkout. Only names of places: nothing here looks at the disk.

import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');
export const rust = join(root, 'src-tauri');
export const nodeModules = join(root, 'node_modules');

/** Where stamps of finished set-up steps are kept. It goes away with node_modules, and so it should. */
export const stamps = join(nodeModules, '.cache', 'synk');

/** Where cargo builds, also where a person has set another folder for what they build. */
export const target = join(rust, 'target');
/** For cargo alone: what else is started here passes its environment on to every session. */
export const cargoEnvironment = { CARGO_TARGET_DIR: target };

/** The release binaries: `synk` (commands, daemon, shim) and `synk-desktop` (the window). */
export const binaries = join(target, 'release');
export const desktopBinary = join(binaries, 'synk-desktop');
export const commandBinary = join(binaries, 'synk');
/** What stands in for agents and for the desktop in tests. */
export const fakeAgentBinary = join(binaries, 'synk-fake-agent');
export const fakeDesktopBinary = join(binaries, 'synk-fake-desktop');
/** The terminal that measures, and where cargo puts what Synk is measured beside. */
export const benchTerminalBinary = join(binaries, 'synk-bench-terminal');
export const contenders = join(target, 'contenders');
export const contenderBinaries = join(contenders, 'bin');

/** A program that npm installed in this checkout. */
export const nodeProgram = (name) => join(nodeModules, '.bin', name);

/**
 * PATH with rustup's folder at its end: an app launcher or a CI shell often lacks it although
 * Rust is installed.
 */
export const searchPath = [process.env.PATH ?? '', join(homedir(), '.cargo', 'bin')].join(
  delimiter,
);
