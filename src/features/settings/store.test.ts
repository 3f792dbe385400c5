import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeTransport } from '@/transport/fake';
import { SECTIONS, type Setting, sectionsWith } from './records';
import { Settings } from './store';

let fake: FakeTransport;
let settings: Settings;
let report: ReturnType<typeof vi.fn<(reason: unknown) => void>>;
const state = () => settings.store.getState();
const pool = () => state().settings?.pool;
const sent = () => fake.callsOf('settings:set').map((args) => args.settings);
const rest = () => vi.advanceTimersByTimeAsync(250);
const answered = () => vi.advanceTimersByTimeAsync(0);

function setting(id: string): Setting {
  const found = SECTIONS.flatMap((section) => section.settings).find((each) => each.id === id);
  if (!found) throw new Error(`no setting ${id}`);
  return found;
}

beforeEach(async () => {
  vi.useFakeTimers();
  fake = new FakeTransport();
  report = vi.fn();
  settings = new Settings(fake, report);
  settings.start();
  await answered();
});
afterEach(() => vi.useRealTimers());

describe('a change', () => {
  it('is shown at once and sent when the control rests', async () => {
    for (const size of [3, 2, 1]) {
      settings.change(setting('pool.initialSize'), size);
      expect(pool()?.initialSize).toBe(size);
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(sent()).toEqual([]);
    await rest();
    expect(sent()).toEqual([{ pool: { initialSize: 1 } }]);
    expect(pool()?.initialSize).toBe(1);
  });

  it('that will not go on is sent at once', async () => {
    settings.change(setting('pool.recycle'), false, true);
    await answered();
    expect(sent()).toEqual([{ pool: { recycle: false } }]);
  });

  it('moves what must move with it, and only as far as its last value needs', async () => {
    settings.change(setting('pool.initialSize'), 6);
    expect(pool()).toMatchObject({ initialSize: 6, maxSize: 6 });
    settings.change(setting('pool.initialSize'), 4);
    await rest();
    settings.change(setting('pool.maxSize'), 1);
    await rest();
    expect(sent()).toEqual([
      { pool: { initialSize: 4, maxSize: 4 } },
      { pool: { initialSize: 1, maxSize: 1 } },
    ]);
    expect(state().refused).toEqual({});
  });

  it('of another setting does not wait for the one before', async () => {
    settings.change(setting('pool.initialSize'), 1);
    settings.change(setting('pool.maxSize'), 5);
    await answered();
    expect(sent()).toEqual([{ pool: { initialSize: 1 } }]);
    await rest();
    expect(sent()).toHaveLength(2);
    expect(pool()).toMatchObject({ initialSize: 1, maxSize: 5 });
  });

  it('stays on show when the settings are read in between', async () => {
    settings.change(setting('pool.initialSize'), 1);
    await settings.load();
    expect(pool()?.initialSize).toBe(1);
  });

  it('that rests is sent when the person leaves', async () => {
    const leave = settings.begin();
    await answered();
    settings.change(setting('pool.maxSize'), 5);
    leave();
    await answered();
    expect(sent()).toEqual([{ pool: { maxSize: 5 } }]);
  });

  it('does nothing before the settings are known', async () => {
    const early = new Settings(fake, report);
    early.change(setting('pool.recycle'), false, true);
    await answered();
    expect(sent()).toEqual([]);
  });
});

describe('a refused change', () => {
  const wrong = () => settings.change(setting('pool.promptPattern'), '[', true);

  it('is put back and says why, until the setting is changed again', async () => {
    settings.begin();
    await answered();
    wrong();
    expect(pool()?.promptPattern).toBe('[');
    await answered();
    expect(pool()?.promptPattern).toBe('');
    expect(state().refused).toEqual({
      'pool.promptPattern': expect.stringContaining('is no regular expression'),
    });
    expect(report).not.toHaveBeenCalled();
    settings.change(setting('pool.promptPattern'), '>$', true);
    expect(state().refused).toEqual({});
  });

  it('does not take a later change with it', async () => {
    wrong();
    settings.change(setting('pool.recycle'), false, true);
    await answered();
    expect(pool()).toMatchObject({ promptPattern: '', recycle: false });
  });

  it('is told otherwise when nobody looks at the settings', async () => {
    wrong();
    await answered();
    expect(report).toHaveBeenCalledOnce();
  });
});

describe('the settings', () => {
  it('are read again when the daemon is back and when the person looks', async () => {
    await fake.call('settings:set', { settings: { pool: { maxAgeMinutes: 5 } } });
    fake.emit('daemon:connection', { state: 'connected', message: null });
    await answered();
    expect(pool()?.maxAgeMinutes).toBe(5);
    await fake.call('settings:set', { settings: { pool: { maxAgeMinutes: 6 } } });
    settings.begin();
    await answered();
    expect(pool()?.maxAgeMinutes).toBe(6);
  });

  it('that cannot be read say why, and the last ones stay', async () => {
    fake.fail('settings:get', { code: 'invalid', message: 'settings.toml: line 3' });
    await settings.load();
    expect(state()).toMatchObject({ problem: 'settings.toml: line 3', settings: {} });
    fake.fail('settings:get');
    await settings.load();
    expect(state().problem).toBeNull();
  });
});

describe('a search for settings', () => {
  const found = (text: string) =>
    sectionsWith(text).flatMap((section) => section.settings.map(({ id }) => id));

  it.each([
    ['login', ['terminal.shell', 'pool.loginShell']],
    ['REGULAR prompt', ['pool.promptPattern']],
    ['privacy', ['logs.sessionLimitMib', 'logs.totalLimitMib', 'logs.closedDays']],
    ['runlost', ['sessions.runLost']],
    ['lamp', []],
  ])('for “%s” finds %j', (text, ids) => expect(found(text)).toEqual(ids));

  it('for nothing finds all', () => {
    const groups: object[] = Object.values(state().settings ?? {});
    const names = groups.flatMap((group) => Object.keys(group));
    expect(found(' ')).toHaveLength(names.length);
  });
});
