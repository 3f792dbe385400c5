// The settings as they are shown: what the daemon has, with what was changed since on top. A
// change that the daemon refuses is gone from the top again, and its reason stays beside it.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SynkSettings } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';
import type { Changes, Group, Value } from './records/record';

/** How long a control must have rested before its value is sent, in milliseconds. */
const PATIENCE_MS = 250;

export interface SettingsState {
  /** Null until the daemon has said. */
  settings: SynkSettings | null;
  /** Why a setting's last change was refused, by the setting's id. */
  refused: Record<string, string>;
  /** What is wrong with their file, in the daemon's words; the last good ones count. */
  wrong: string | null;
  /** Why they could not be read, in the daemon's words. */
  problem: string | null;
  /** The section that the page shows. */
  chosen: Group;
}

/** What can be given a value. */
interface Changeable {
  /** As people name it: "pool.maxSize". */
  id: string;
  /** The changes that give it a value. */
  change(value: Value, settings: SynkSettings): Changes;
}

/** A change of one setting that the daemon has not answered yet. */
interface Unsettled {
  id: string;
  changes: Changes;
}

export class Settings {
  readonly store: StoreApi<SettingsState> = createStore<SettingsState>(() => ({
    settings: null,
    refused: {},
    wrong: null,
    problem: null,
    chosen: 'general',
  }));
  /** What the daemon has. */
  #kept: SynkSettings | null = null;
  /** In the order in which they were made; the last may still rest. */
  #unsettled: Unsettled[] = [];
  #resting: { change: Unsettled; timer: ReturnType<typeof setTimeout> } | null = null;
  /** The end of what was asked of the daemon: one thing after the other. */
  #asked: Promise<void> = Promise.resolve();
  #onShow = false;
  #onKnown: () => void = () => {};
  /** Settles when the settings have come, or cannot come now. */
  readonly known = new Promise<void>((resolve) => {
    this.#onKnown = resolve;
  });

  constructor(
    private readonly transport: Transport,
    /** Shows a failure to a person who does not look at the settings any more. */
    private readonly report: (reason: unknown) => void,
  ) {}

  /** Asks now and whenever the daemon is back, and follows whoever changes them. The result ends it. */
  start(): () => void {
    const leave = [
      this.transport.on('settings:changed', ({ settings, problem }) => {
        this.#kept = settings;
        this.#show({ wrong: problem, problem: null });
        this.#onKnown();
      }),
      this.transport.on('daemon:connection', ({ state }) => {
        if (state === 'connected') void this.load();
      }),
    ];
    void this.load();
    return () => {
      for (const end of leave) end();
    };
  }

  /** The page shows this section, now or when it is opened. */
  choose(chosen: Group): void {
    this.store.setState({ chosen });
  }

  /** The person looks at the settings: their file may have been edited. The result ends it. */
  begin(): () => void {
    this.#onShow = true;
    this.store.setState({ refused: {} });
    void this.load();
    return () => {
      this.#onShow = false;
      this.#send();
    };
  }

  /** Reads the settings once what was changed before is settled. */
  load(): Promise<void> {
    return this.#next(async () => {
      try {
        await this.transport.ready;
        this.#kept = await this.transport.call('settings:get', {});
        this.#show({ problem: null });
      } catch (reason) {
        this.store.setState({ problem: CommandError.from(reason).message });
      }
      this.#onKnown();
    });
  }

  /**
   * Gives a setting a value, which is shown at once and sent when the control rests, or now.
   * Several values of one setting in a row are one change, and only the last one counts.
   */
  change(setting: Changeable, value: Value, now = false): void {
    if (this.#resting?.change.id === setting.id) this.#unrest();
    else this.#send();
    const before = this.#current();
    if (before === null) return;
    const change = { id: setting.id, changes: setting.change(value, before) };
    this.#unsettled.push(change);
    this.#resting = { change, timer: setTimeout(() => this.#send(), PATIENCE_MS) };
    const { [setting.id]: _, ...refused } = this.store.getState().refused;
    this.#show({ refused });
    if (now) this.#send();
  }

  /** Gives one setting of a group a value, at once. */
  set<G extends Group, N extends keyof SynkSettings[G] & string>(
    group: G,
    name: N,
    value: SynkSettings[G][N] & Value,
  ): void {
    const change = () => ({ [group]: { [name]: value } });
    this.change({ id: `${group}.${name}`, change }, value, true);
  }

  /** Sends what rests, if anything does. */
  #send(): void {
    if (!this.#resting) return;
    const { change, timer } = this.#resting;
    clearTimeout(timer);
    this.#resting = null;
    void this.#next(async () => {
      try {
        await this.transport.call('settings:set', { settings: change.changes });
        if (this.#kept) this.#kept = merged(this.#kept, change.changes);
        this.#settle(change, {});
      } catch (reason) {
        const { message } = CommandError.from(reason);
        const { refused } = this.store.getState();
        this.#settle(change, { refused: { ...refused, [change.id]: message } });
        if (!this.#onShow) this.report(reason);
      }
    });
  }

  /** Forgets what rests, as if it had never been. */
  #unrest(): void {
    if (!this.#resting) return;
    clearTimeout(this.#resting.timer);
    this.#unsettled.pop();
    this.#resting = null;
  }

  #settle(change: Unsettled, news: Partial<SettingsState>): void {
    this.#unsettled = this.#unsettled.filter((each) => each !== change);
    this.#show(news);
  }

  #show(news: Partial<SettingsState>): void {
    this.store.setState({ ...news, settings: this.#current() });
  }

  #current(): SynkSettings | null {
    if (this.#kept === null) return null;
    return this.#unsettled.reduce((all, { changes }) => merged(all, changes), this.#kept);
  }

  #next(ask: () => Promise<void>): Promise<void> {
    this.#asked = this.#asked.then(ask);
    return this.#asked;
  }
}

/** `changes` over `settings`, group by group. Neither is changed. */
function merged(settings: SynkSettings, changes: Changes): SynkSettings {
  const groups = Object.keys(changes) as Group[];
  const over = groups.map((group) => [group, { ...settings[group], ...changes[group] }]);
  return { ...settings, ...Object.fromEntries(over) };
}
