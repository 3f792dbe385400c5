// The scripted agent in a home, as `claude`, `codex` and `gemini`, and what it wrote down. What a
// prompt can tell it stands in src-tauri/crates/testkit/src/bin/synk-fake-agent.

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeAgentBinary } from '../../scripts/paths.mjs';

/**
 * Installs it where the home's shells find it, with options for all of them. Answers
 * `{ log(), prompts(id) }`.
 */
export function installAgents(home, options = '') {
  const folder = join(home.user, 'bin');
  const file = join(home.user, 'agents.jsonl');
  mkdirSync(folder);
  for (const name of ['claude', 'codex', 'gemini']) {
    symlinkSync(fakeAgentBinary, join(folder, name));
  }
  const profile = [
    `PATH='${folder}':$PATH`,
    `export PATH SYNK_FAKE_AGENT_LOG='${file}' SYNK_FAKE_AGENT='${options}'`,
    '. ~/.bashrc\n',
  ];
  writeFileSync(join(home.user, '.bash_profile'), profile.join('\n'));

  /** What the agents wrote down so far; a line that is being written is left out. */
  function log() {
    const text = readFileSync(file, 'utf8');
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line));
  }
  const decoded = (base64) => Buffer.from(base64, 'base64').toString('utf8');

  return {
    log,
    /** The prompts that a session's agent took, in order. */
    prompts: (id) =>
      log()
        .filter(({ event, session }) => event === 'prompt' && session === id)
        .map(({ text }) => decoded(text)),
    /** What was typed to a session's agent while it stood behind no composer. */
    disturbances: (id) =>
      log()
        .filter(({ event, session }) => event === 'disturbed' && session === id)
        .map(({ state, bytes }) => ({ state, typed: decoded(bytes) })),
  };
}
