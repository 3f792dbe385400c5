// The settings as they are shown: what the daemon has, with what was changed since on top. A
// change that the daemon refuses is gone from the top again, and its reason stays beside it.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SynkSettings } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';
import type { Changes, Group, Setting, Value } from './records';

/** How long a control must have rested before its value is sent, in milliseconds. */
const PATIENCE_MS = 250;

export interface SettingsState {
  /** Null until the daemon has said. */
  settings: SynkSettings | null;
  /** Why a setting's last change was refused, by the setting's id. */
  refused: Record<string, string>;
  /** Why the settings could not be read, in the daemon's words. */
  problem: string | null;
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
    problem: null,
  }));
  /** What the daemon has. */
  #kept: SynkSettings | null = null;
  /** In the order in which they were made; the last may still rest. */
  #unsettled: Unsettled[] = [];
  #resting: { change: Unsettled; timer: ReturnType<typeof setTimeout> } | null = null;
  /** The end of what was asked of the daemon: one thing after the other. */
  #asked: Promise<void> = Promise.resolve();
  #onShow = false;

  constructor(
    private readonly transport: Transport,
    /** Shows a failure to a person who does not look at the settings any more. */
    private readonly report: (reason: unknown) => void,
  ) {}

  /** Asks now, and whenever the daemon is back. The result ends it. */
  start(): () => void {
    const leave = this.transport.on('daemon:connection', ({ state }) => {
      if (state === 'connected') void this.load();
    });
    void this.load();
    return leave;
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
    });
  }

  /**
   * Gives a setting a value, which is shown at once and sent when the control rests, or now.
   * Several values of one setting in a row are one change, and only the last one counts.
   */
  change(setting: Setting, value: Value, now = false): void {
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
