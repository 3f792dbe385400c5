// Which agents there are, how they are started, and what they cost.
import type { CustomAgent, ModelPrice } from '@/protocol/generated/protocol';
import type { Records } from './record';

const READY: Record<CustomAgent['readyWhen'], string> = {
  reported: 'it says so',
  paste: 'it asks for bracketed pastes',
  silent: 'it has been silent for two seconds',
};

export const AGENTS: Records<'agents'> = {
  area: 'Agents',
  title: 'Launch',
  settings: {
    hooks: {
      label: 'Hooks for each launch',
      about:
        'Agents are started with hooks by which they say what they do. Their own configuration is not touched.',
      kind: 'switch',
    },
    arguments: {
      label: 'Arguments',
      about:
        'For each start of an agent that Synk knows, on one line. Quotes keep words with spaces together.',
      kind: 'arguments',
    },
    custom: {
      label: 'Your own agents',
      about: 'Agents that Synk does not know. They are offered wherever the others are.',
      kind: 'entries',
      none: 'There are none yet.',
      describe: ({ label, command, args, readyWhen }: CustomAgent) =>
        `${label ? `${label}: ` : ''}${[command, ...args].join(' ')}, ready when ${READY[readyWhen]}`,
      example: `[agents.custom.opencode]
label = "OpenCode"
command = "opencode"
versionArgs = ["--version"]
readyWhen = "silent"`,
    },
  },
};

export const PRICES: Records<'prices'> = {
  area: 'Agents',
  title: 'Prices',
  settings: {
    models: {
      label: 'Your own prices',
      about:
        'US dollars for a million tokens. They count before the table that ships with Synk; a model in neither shows its tokens without a price.',
      kind: 'entries',
      none: 'There are none; the table that ships with Synk counts.',
      describe: ({ input, output, cacheRead, cacheWrite }: ModelPrice) =>
        [
          `$${input} in`,
          `$${output} out`,
          ...(cacheRead ? [`$${cacheRead} from a cache`] : []),
          ...(cacheWrite ? [`$${cacheWrite} into a cache`] : []),
        ].join(', '),
      example: `[prices.models."house-model-1"]
input = "0.50"
output = "1.50"
cacheRead = "0.05"`,
    },
  },
};
