// The fake daemon's settings and its pool of waiting shells. Settings are checked as the real
// daemon checks them, and refused in the same words; the pool is what they say, at once, and
// no shell is behind it.
import {
  MAX_PANES,
  type PoolStatus,
  type SetSettings,
  type SynkSettings,
} from '@/protocol/generated/protocol';
import { CommandError } from './transport';

/** What one waiting shell of the fake occupies, in bytes. */
const SHELL_BYTES = 7_400_000;

type Range = [least: number, most: number];

const DEFAULTS: SynkSettings = {
  general: { closing: 'ask', autoSave: true, autoSaveSeconds: 30 },
  appearance: {
    theme: 'system',
    palette: '',
    palettes: {},
    fontFamily: '',
    fontSize: 13,
    lineHeight: 120,
    cursor: 'block',
    cursorBlink: true,
    scrollback: 5000,
    zoom: 100,
    reduceMotion: 'system',
  },
  terminal: {
    shell: '',
    copyOnSelect: false,
    bell: 'visual',
    renderer: 'auto',
    screenReader: false,
  },
  keyboard: { bindings: {} },
  logs: { sessionLimitMib: 64, totalLimitMib: 2048, closedDays: 0 },
  sessions: { runLost: false },
  pool: {
    initialSize: 2,
    maxSize: 3,
    maxActive: MAX_PANES,
    recycle: true,
    maxAgeMinutes: 30,
    warmupDelayMs: 100,
    loginShell: true,
    promptPattern: '',
    staggerMs: 100,
  },
  agents: {
    hooks: true,
    arguments: {},
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
  notifications: { waiting: true, done: true },
  worktrees: { copy: ['.env*'], prepared: 0, trashDays: 30, scripts: {}, trusted: [] },
  prices: {
    models: {
      'house-model-1': { input: '0.50', output: '1.50', cacheRead: '0.05', cacheWrite: '' },
    },
  },
};

export class FakeSettings {
  #settings = structuredClone(DEFAULTS);
  /** What is otherwise with the pool than the settings have it. */
  #pool: Partial<PoolStatus> = {};

  get(): SynkSettings {
    return structuredClone(this.#settings);
  }

  /** Changes what is named, or nothing at all. */
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

function check({ logs, pool, worktrees }: SynkSettings): void {
  const ranges: [name: string, value: number, range: Range][] = [
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
