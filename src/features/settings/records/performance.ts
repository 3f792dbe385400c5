// Shells that are started before they are asked for.
import { MAX_PANES, type PoolSettings } from '@/protocol/generated/protocol';
import type { NumberControl, Records } from './record';

const SHELLS: NumberControl['unit'] = ['shell', 'shells'];
const MILLISECONDS: NumberControl['unit'] = ['ms', 'ms'];

export const POOL: Records<'pool'> = {
  area: 'Performance',
  title: 'Process pool',
  settings: {
    initialSize: {
      label: 'Waiting shells',
      about:
        'Started before they are asked for, so that a pane opens at once. 0 turns the pool off.',
      kind: 'slider',
      least: 0,
      most: 8,
      unit: SHELLS,
      moves: (initialSize, { maxSize }: PoolSettings) =>
        initialSize > maxSize ? { maxSize: initialSize } : {},
      byMachine: true,
    },
    maxSize: {
      label: 'At most',
      about: 'Shells that were closed are replaced by fresh ones up to this number.',
      kind: 'slider',
      least: 0,
      most: 8,
      unit: SHELLS,
      moves: (maxSize, { initialSize }: PoolSettings) =>
        maxSize < initialSize ? { initialSize: maxSize } : {},
      byMachine: true,
    },
    recycle: {
      label: 'Replace closed shells',
      about: 'Closing a shell starts a fresh one that waits. Nothing of the old one is kept.',
      kind: 'switch',
    },
    loginShell: {
      label: 'Login shells',
      about: 'Shells start as after a login and read its start-up files, such as ~/.profile.',
      kind: 'switch',
    },
    maxAgeMinutes: {
      label: 'Oldest waiting shell',
      about: 'A shell that has waited longer is replaced.',
      kind: 'number',
      least: 1,
      most: 1440,
      unit: ['minute', 'minutes'],
    },
    warmupDelayMs: {
      label: 'Pause between warm-ups',
      about: 'Time from one start to the next, so that the machine is not busy all at once.',
      kind: 'number',
      least: 0,
      most: 10_000,
      unit: MILLISECONDS,
    },
    staggerMs: {
      label: 'Pause between cold starts',
      about: 'When several sessions start and no shell waits, each comes this much later.',
      kind: 'number',
      least: 0,
      most: 10_000,
      unit: MILLISECONDS,
    },
    maxActive: {
      label: 'Panes in the grid',
      about: 'No more can be opened. Sessions in the background do not count.',
      kind: 'number',
      least: 1,
      most: MAX_PANES,
      unit: ['pane', 'panes'],
    },
    promptPattern: {
      label: 'Prompt pattern',
      about:
        'How the prompt of a shell without Synk’s integration is known: a regular expression for the text of its line up to the cursor. bash, zsh, fish and POSIX sh do not need it.',
      kind: 'text',
      empty: 'Empty: Synk’s own pattern, for lines that end in $, #, %, > or an arrow.',
    },
  },
};
