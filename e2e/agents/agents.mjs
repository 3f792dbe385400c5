// The three agents as npm has them: which version, where it is installed, what each needs to find
// before it asks for nothing at its first start, and how it is told of a model of our own. The
// versions are those that the rules of the product were written against. All that an agent keeps
// lies in a home made for one run; nobody's own configuration is read or written.

import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Where agents are installed and homes are made. Not among the temporary files: Gemini CLI does
 * not believe what lies in a folder that everybody can write to.
 */
export const cache = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'synk',
  'agents',
);

/** The folder that an agent of this version is installed in, and the one with its program. */
export const folderOf = ({ name, version }) => join(cache, `${name}-${version}`);
export const programsOf = (agent) => join(folderOf(agent), 'node_modules', '.bin');

/** Of no worth to anybody: the model takes every key. */
const KEY = 'sk-ant-loopback-000000000000000000000000';

const json = (path, value) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(value));
};

export const AGENTS = [
  {
    name: 'claude',
    type: 'claude_code',
    package: '@anthropic-ai/claude-code',
    version: '2.1.332',
    environment: (port) => ({
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
      ANTHROPIC_API_KEY: KEY,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    }),
    /** Its dialog when it asks for permission, and the key that allows it. */
    asks: /Do you want to proceed/,
    yes: '\r',
    prepare(user, project) {
      json(join(user, '.claude.json'), {
        hasCompletedOnboarding: true,
        hasSeenAutoDefaultNudge: true,
        customApiKeyResponses: { approved: [KEY.slice(-20)] },
        projects: { [project]: { hasTrustDialogAccepted: true } },
      });
      // It would decide for itself what needs no permission.
      json(join(user, '.claude', 'settings.json'), { permissions: { defaultMode: 'default' } });
    },
  },
  {
    name: 'codex',
    type: 'codex',
    package: '@openai/codex',
    version: '0.169.0',
    environment: () => ({}),
    asks: /Would you like to run/,
    yes: 'y',
    prepare(user, project, port) {
      mkdirSync(join(user, '.codex'), { recursive: true });
      writeFileSync(
        join(user, '.codex', 'config.toml'),
        `model = "gpt-6-sol"
model_provider = "loopback"
approval_policy = "on-request"
check_for_update_on_startup = false

[model_providers.loopback]
name = "loopback"
base_url = "http://127.0.0.1:${port}/v1"
wire_api = "responses"

[projects."${project}"]
trust_level = "trusted"
`,
      );
    },
  },
  {
    name: 'gemini',
    type: 'gemini_cli',
    package: '@google/gemini-cli',
    version: '0.61.0',
    environment: (port) => ({
      GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${port}`,
      GEMINI_API_KEY: KEY,
    }),
    asks: /Allow execution/,
    yes: '\r',
    prepare(user) {
      json(join(user, '.gemini', 'settings.json'), {
        // A router would ask a model which model to ask.
        model: { name: 'gemini-2.5-flash' },
        security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
        general: { enableAutoUpdate: false },
      });
    },
  },
];
