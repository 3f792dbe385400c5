// Every setting as a record: what it is called, what it does, and what it can be. The page is
// made from these alone, and a setting of the contract that has no record does not compile.
// Ranges are those of the contract; the daemon has the last word on them.
import {
  type CustomAgent,
  MAX_PANES,
  type ModelPrice,
  type PoolSettings,
  type ProjectScripts,
  type SynkSettings,
} from '@/protocol/generated/protocol';

export type Group = keyof SynkSettings;
export type Value = boolean | number | string | object;
/** What is to change, as `settings:set` takes it. */
export type Changes = { [G in Group]?: Partial<SynkSettings[G]> };

export interface SwitchControl {
  kind: 'switch';
}

/** A whole number in a range: a slider where the range is small, else a field. */
export interface NumberControl {
  kind: 'slider' | 'number';
  least: number;
  most: number;
  /** What it counts, for one and for several. */
  unit: [one: string, several: string];
}

export interface TextControl {
  kind: 'text';
  /** What it means that nothing is written. */
  empty: string;
}

/** Entries by name, which are shown here and written in the file. */
export interface EntriesControl<E> {
  kind: 'entries';
  /** What it means that there are none. */
  none: string;
  /** An entry in a line of words. */
  describe(entry: E): string;
  /** What one looks like in the file. */
  example: string;
}

/** Texts without an order of their own. */
export interface ListControl {
  kind: 'list';
  /** What it means that there are none. */
  none: string;
  /** What one is called: "Add a pattern". */
  one: string;
  /** What one looks like. */
  example: string;
}

/** `never`: whoever shows entries hands each to the control that it came with. */
export type Control =
  | SwitchControl
  | NumberControl
  | TextControl
  | ListControl
  | EntriesControl<never>;

type ControlFor<V> = V extends boolean
  ? SwitchControl
  : V extends number
    ? NumberControl
    : V extends string
      ? TextControl
      : V extends string[]
        ? ListControl
        : V extends Record<string, infer E>
          ? EntriesControl<E>
          : never;

interface Words<V, G> {
  label: string;
  /** What it does, in a sentence or two. */
  about: string;
  /** What must change with it, so that the daemon can take it. */
  moves?(value: V, group: G): Partial<G>;
}

type Records = {
  [G in Group]: {
    /** What the section belongs to; null when it stands for itself. */
    area: string | null;
    title: string;
    settings: {
      [N in keyof SynkSettings[G]]: Words<SynkSettings[G][N], SynkSettings[G]> &
        ControlFor<SynkSettings[G][N]>;
    };
  };
};

const SHELLS: NumberControl['unit'] = ['shell', 'shells'];
const MILLISECONDS: NumberControl['unit'] = ['ms', 'ms'];
const MIB: NumberControl['unit'] = ['MiB', 'MiB'];

const READY: Record<CustomAgent['readyWhen'], string> = {
  reported: 'it says so',
  paste: 'it asks for bracketed pastes',
  silent: 'it has been silent for two seconds',
};

const RECORDS: Records = {
  pool: {
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
  },
  agents: {
    area: 'Agents',
    title: 'Launch',
    settings: {
      hooks: {
        label: 'Hooks for each launch',
        about:
          'Agents are started with hooks by which they say what they do. Their own configuration is not touched.',
        kind: 'switch',
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
  },
  prices: {
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
  },
  worktrees: {
    area: null,
    title: 'Worktrees',
    settings: {
      copy: {
        label: 'Files that come along',
        about:
          'Files that git ignores and a new worktree gets all the same, such as .env: patterns as in .gitignore, besides those in the project’s .worktreeinclude.',
        kind: 'list',
        none: 'None: a new worktree has what git keeps, and nothing else.',
        one: 'pattern',
        example: '.env*',
      },
      prepared: {
        label: 'Kept ready',
        about:
          'Worktrees that wait for each project that has had one, so that a branch opens at once.',
        kind: 'slider',
        least: 0,
        most: 4,
        unit: ['each', 'each'],
      },
      trashDays: {
        label: 'Kept in the trash',
        about:
          'How long worktrees that were removed, and changes that were discarded, can be had back.',
        kind: 'number',
        least: 1,
        most: 3650,
        unit: ['day', 'days'],
      },
      scripts: {
        label: 'Scripts of projects',
        about:
          'What projects may run in a new worktree and before it is removed: the words of their synk.toml that were agreed to.',
        kind: 'entries',
        none: 'None: each project’s are shown before they run for the first time.',
        describe: ({ setup, teardown }: ProjectScripts) =>
          [setup, ...(teardown ? [`and at the end: ${teardown}`] : [])].join(', '),
        example: `[worktrees.scripts."/home/me/project"]
setup = "npm ci"
teardown = ""`,
      },
      trusted: {
        label: 'Trusted projects',
        about:
          'Git runs these projects’ own programs for Synk: hooks, filters and drivers. In all others they are left out.',
        kind: 'list',
        none: 'No project is trusted with that.',
        one: 'folder',
        example: '/home/you/src/project',
      },
    },
  },
  notifications: {
    area: null,
    title: 'Notifications',
    settings: {
      waiting: {
        label: 'When an agent waits',
        about:
          'Tells on the desktop that an agent waits for you in a pane that you do not look at.',
        kind: 'switch',
      },
      done: {
        label: 'When an agent has finished',
        about: 'Tells on the desktop that an agent is done in a pane that you do not look at.',
        kind: 'switch',
      },
    },
  },
  sessions: {
    area: null,
    title: 'Sessions',
    settings: {
      runLost: {
        label: 'Run lost sessions again',
        about:
          'Sessions that a reboot or a crash has ended are run again by themselves. Else each waits for Enter.',
        kind: 'switch',
      },
    },
  },
  logs: {
    area: 'Privacy',
    title: 'Logs',
    settings: {
      sessionLimitMib: {
        label: 'Each session’s log',
        about: 'The most that is kept of what one session puts out. The oldest goes first.',
        kind: 'number',
        least: 1,
        most: 65_536,
        unit: MIB,
      },
      totalLimitMib: {
        label: 'All logs together',
        about: 'Closed sessions go first, then the oldest parts of the others.',
        kind: 'number',
        least: 16,
        most: 1_048_576,
        unit: MIB,
      },
    },
  },
};

/** One setting, without the types of its group. */
export interface Setting {
  /** As people name it: "pool.maxSize". */
  id: string;
  label: string;
  about: string;
  control: Control;
  valueIn(settings: SynkSettings): Value;
  /** The changes that give it a value. */
  change(value: Value, settings: SynkSettings): Changes;
}

export interface Section {
  group: Group;
  area: string | null;
  title: string;
  settings: Setting[];
}

/** All there is, in the order of the page. */
export const SECTIONS: Section[] = (Object.keys(RECORDS) as Group[]).map((group) => {
  const { area, title, settings } = RECORDS[group];
  // The records are checked above; from here on all groups are alike.
  const records = Object.entries(settings) as [string, Words<Value, object> & Control][];
  return {
    group,
    area,
    title,
    settings: records.map(([name, { label, about, moves, ...control }]) => ({
      id: `${group}.${name}`,
      label,
      about,
      control,
      valueIn: (all) => (all[group] as unknown as Record<string, Value>)[name] as Value,
      change: (value, all) => ({ [group]: { [name]: value, ...moves?.(value, all[group]) } }),
    })),
  };
});

/** The sections with the settings that `text` names, by their words or their names in the file. */
export function sectionsWith(text: string): Section[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return SECTIONS.flatMap((section) => {
    const settings = section.settings.filter(({ id, label, about }) => {
      const told = `${section.area ?? ''} ${section.title} ${label} ${about} ${id}`.toLowerCase();
      return words.every((word) => told.includes(word));
    });
    return settings.length > 0 ? [{ ...section, settings }] : [];
  });
}

/** "2 shells", "1,440 minutes". */
export function readable(count: number, [one, several]: NumberControl['unit']): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : several}`;
}
