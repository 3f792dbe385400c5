// The fake daemon's settings and its pool of waiting shells. Settings are checked as the real
// daemon checks them, and refused in the same words; the pool is what they say, at once, and
// no shell is behind it.
import {
  DEFAULT_SETTINGS,
  type ImportedPalette,
  type ImportPalette,
  MAX_PANES,
  type Palette,
  type PoolStatus,
  type SetSettings,
  type SettingsChanged,
  type SynkSettings,
} from '@/protocol/generated/protocol';
import { CommandError } from './transport';

/** What one waiting shell of the fake occupies, in bytes. */
const SHELL_BYTES = 7_400_000;

type Range = [least: number, most: number];

/** What somebody has set who has agents and prices of their own. */
const SET: SynkSettings = {
  ...DEFAULT_SETTINGS,
  agents: {
    ...DEFAULT_SETTINGS.agents,
    custom: {
      aider: {
        label: 'Aider',
        command: 'aider',
        args: ['--no-auto-commits'],
        versionArgs: ['--version'],
        install: 'pipx install aider-chat',
        readyWhen: 'paste',
        workingTitle: '',
        waitingTitle: '',
        idleTitle: '',
      },
    },
  },
  prices: {
    models: {
      'house-model-1': { input: '0.50', output: '1.50', cacheRead: '0.05', cacheWrite: '' },
    },
  },
};

/** What a palette file of the fake holds. */
const PALETTE: Palette = {
  background: '#1d2021',
  foreground: '#ebdbb2',
  cursor: '',
  selection: '',
  colors: [
    ...['#282828', '#cc241d', '#98971a', '#d79921', '#458588', '#b16286', '#689d6a', '#a89984'],
    ...['#928374', '#fb4934', '#b8bb26', '#fabd2f', '#83a598', '#d3869b', '#8ec07c', '#ebdbb2'],
  ],
};

export class FakeSettings {
  #settings = structuredClone(SET);
  #problem: string | null = null;
  /** What is otherwise with the pool than the settings have it. */
  #pool: Partial<PoolStatus> = {};

  get(): SynkSettings {
    return structuredClone(this.#settings);
  }

  constructor(private readonly tell: (changed: SettingsChanged) => void) {}

  /** Somebody edits the file; `problem` when they did it badly. */
  edit(settings: SetSettings['settings'], problem: string | null = null): void {
    this.#problem = problem;
    this.set({ settings });
  }

  /** A palette of a file, by its name. */
  importPalette({ path }: ImportPalette): ImportedPalette {
    const name = /([^/]+?)(?:\.[^./]*)?$/.exec(path)?.[1] ?? path;
    const palettes = { ...this.#settings.appearance.palettes, [name]: PALETTE };
    this.set({ settings: { appearance: { palettes } } });
    return { name };
  }

  /** Changes what is named, or nothing at all, and tells of it. */
  set({ settings }: SetSettings): void {
    const changed = this.get();
    for (const [group, values] of Object.entries(settings)) {
      const known: Record<string, unknown> | undefined = changed[group as keyof SynkSettings];
      for (const [name, value] of Object.entries(values)) {
        if (typeof known?.[name] !== typeof value) refuse(`unknown field \`${name}\``);
        else known[name] = value;
      }
    }
    check(changed);
    this.#settings = changed;
    this.tell({ settings: this.get(), problem: this.#problem });
  }

  /** Lets something be otherwise with the pool; what is not named is as before. */
  disturb(pool: Partial<PoolStatus>): void {
    this.#pool = { ...this.#pool, ...pool };
  }

  poolStatus(active: number): PoolStatus {
    const { initialSize } = this.#settings.pool;
    const { idle = initialSize, warming = 0 } = this.#pool;
    return {
      idle,
      active,
      total: idle + warming + active,
      warming,
      memoryBytes: idle * SHELL_BYTES,
      problem: null,
      ...this.#pool,
    };
  }
}

function check({ general, appearance, logs, pool, worktrees }: SynkSettings): void {
  const ranges: [name: string, value: number, range: Range][] = [
    ['general.autoSaveSeconds', general.autoSaveSeconds, [5, 3600]],
    ['appearance.fontSize', appearance.fontSize, [6, 40]],
    ['appearance.lineHeight', appearance.lineHeight, [100, 200]],
    ['appearance.scrollback', appearance.scrollback, [100, 50_000]],
    ['appearance.zoom', appearance.zoom, [50, 200]],
    ['logs.closedDays', logs.closedDays, [0, 3650]],
    ['logs.sessionLimitMib', logs.sessionLimitMib, [1, 65_536]],
    ['logs.totalLimitMib', logs.totalLimitMib, [16, 1_048_576]],
    ['pool.initialSize', pool.initialSize, [0, 8]],
    ['pool.maxSize', pool.maxSize, [pool.initialSize, 8]],
    ['pool.maxActive', pool.maxActive, [1, MAX_PANES]],
    ['pool.maxAgeMinutes', pool.maxAgeMinutes, [1, 1440]],
    ['pool.warmupDelayMs', pool.warmupDelayMs, [0, 10_000]],
    ['pool.staggerMs', pool.staggerMs, [0, 10_000]],
    ['worktrees.prepared', worktrees.prepared, [0, 4]],
    ['worktrees.trashDays', worktrees.trashDays, [1, 3650]],
  ];
  for (const [name, value, [least, most]] of ranges) {
    if (!Number.isInteger(value) || value < least || value > most) {
      refuse(`${name} is ${value}; it goes from ${least} to ${most}`);
    }
  }
  try {
    new RegExp(pool.promptPattern);
  } catch (reason) {
    refuse(`pool.promptPattern is no regular expression: ${(reason as Error).message}`);
  }
}

function refuse(why: string): never {
  throw new CommandError('invalid', `settings:set: /home/ada/.config/synk/settings.toml: ${why}`);
}
