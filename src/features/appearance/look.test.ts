import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AppearanceSettings, DEFAULT_SETTINGS } from '@/protocol/generated/protocol';
import { FakeMachine } from '@/transport/fake-machine';
import { WindowLook } from './look';

const root = document.documentElement;
let machine: FakeMachine;
let report: ReturnType<typeof vi.fn<(reason: unknown) => void>>;
let desktop: Map<string, EventTarget & { matches: boolean }>;

const query = (media: string) => {
  const known = desktop.get(media) ?? Object.assign(new EventTarget(), { matches: false });
  desktop.set(media, known);
  return known;
};
const LIGHT = '(prefers-color-scheme: light)';
const STILL = '(prefers-reduced-motion: reduce)';
function desktopIs(media: string, matches: boolean): void {
  query(media).matches = matches;
  query(media).dispatchEvent(new Event('change'));
}

function started(): WindowLook {
  const look = new WindowLook(machine.native, report);
  look.start();
  return look;
}
const wanted = (over: Partial<AppearanceSettings>) => ({ ...DEFAULT_SETTINGS.appearance, ...over });

beforeEach(() => {
  machine = new FakeMachine();
  report = vi.fn();
  desktop = new Map();
  vi.spyOn(window, 'matchMedia').mockImplementation((media) => query(media) as MediaQueryList);
});
afterEach(() => {
  root.removeAttribute('data-theme');
  root.removeAttribute('data-motion');
  root.removeAttribute('style');
});

describe('the look of the window', () => {
  it('follows the desktop unless the settings say otherwise', () => {
    const look = started();
    expect(root.dataset).toMatchObject({ theme: 'dark', motion: 'full' });
    desktopIs(LIGHT, true);
    desktopIs(STILL, true);
    expect(root.dataset).toMatchObject({ theme: 'light', motion: 'reduced' });
    look.follow(wanted({ theme: 'dark', reduceMotion: 'never' }));
    expect(root.dataset).toMatchObject({ theme: 'dark', motion: 'full' });
    expect(machine.theme).toBe('dark');
    look.follow(wanted({}));
    expect(look.store.getState()).toEqual({ theme: 'light', still: true });
    expect(machine.theme).toBe('system');
  });

  it('is at the next start what it was last, before the settings are known', () => {
    started().follow(wanted({ theme: 'high_contrast', zoom: 125, reduceMotion: 'always' }));
    machine = new FakeMachine();
    started();
    expect(root.dataset).toMatchObject({ theme: 'high_contrast', motion: 'reduced' });
    expect(machine).toMatchObject({ zoom: 125, theme: 'dark' });
  });

  it('is the same in the first frame, which no module draws', () => {
    const script = readFileSync('public/look.js', 'utf8');
    const firstFrame = () => {
      root.removeAttribute('data-theme');
      root.removeAttribute('data-motion');
      new Function('localStorage', 'matchMedia', 'document', script)(
        localStorage,
        window.matchMedia,
        document,
      );
      return { ...root.dataset };
    };
    for (const theme of ['system', 'dark', 'light', 'high_contrast'] as const) {
      for (const reduceMotion of ['system', 'always', 'never'] as const) {
        for (const is of [true, false]) {
          desktopIs(LIGHT, is);
          desktopIs(STILL, is);
          started().follow(wanted({ theme, reduceMotion }));
          const last = { ...root.dataset };
          expect(firstFrame()).toEqual(last);
        }
      }
    }
    localStorage.setItem('synk.look', 'not json');
    expect(firstFrame()).toEqual({ theme: 'dark', motion: 'full' });
  });

  it('tells the window only what is new to it, and says what failed', async () => {
    const refuse = vi.spyOn(machine.native, 'setZoom').mockRejectedValue(new Error('no window'));
    const look = started();
    look.follow(wanted({ zoom: 150 }));
    look.follow(wanted({ zoom: 150 }));
    await vi.waitFor(() => expect(report).toHaveBeenCalledOnce());
    expect(refuse).toHaveBeenCalledOnce();
  });
});
