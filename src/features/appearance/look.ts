// How the window looks: its theme, whether things move, the terminals' colours and the size of
// everything. It is written to the page's root element, where the style sheet reads it, and told
// to the window around the page. What was last is remembered for the first frame of the next
// time, which public/look.js draws before the settings are known.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppearanceSettings } from '@/protocol/generated/protocol';
import type { Native } from '@/transport';
import { paletteTokens, TERMINAL_COLOURS } from './palette';

const STORAGE_KEY = 'synk.look';
const LIGHT = '(prefers-color-scheme: light)';
const STILL = '(prefers-reduced-motion: reduce)';

export interface Look {
  theme: 'dark' | 'light' | 'high_contrast';
  /** Nothing moves. */
  still: boolean;
}

type Wanted = Pick<AppearanceSettings, 'theme' | 'reduceMotion' | 'zoom'>;

export class WindowLook {
  readonly store: StoreApi<Look>;
  #wanted: Wanted = remembered();
  /** What the window around the page was told. */
  #told: { theme: string; zoom: number } = { theme: 'system', zoom: 100 };

  constructor(
    private readonly native: Pick<Native, 'setTheme' | 'setZoom'>,
    private readonly report: (reason: unknown) => void,
  ) {
    this.store = createStore(() => this.#look());
  }

  /** Looks as it did last, and follows the desktop. The result ends it. */
  start(): () => void {
    const queries = [LIGHT, STILL].map((query) => window.matchMedia(query));
    const changed = () => this.#apply();
    for (const query of queries) query.addEventListener('change', changed);
    changed();
    return () => {
      for (const query of queries) query.removeEventListener('change', changed);
    };
  }

  /** Looks as the settings say. */
  follow(appearance: AppearanceSettings): void {
    const { theme, reduceMotion, zoom, palette, palettes } = appearance;
    this.#wanted = { theme, reduceMotion, zoom };
    localStorage.setItem(STORAGE_KEY, JSON.stringify(this.#wanted));
    const { style } = document.documentElement;
    const chosen = palette === '' ? undefined : palettes[palette];
    const tokens = chosen ? paletteTokens(chosen) : {};
    for (const name of TERMINAL_COLOURS) {
      const colour = tokens[name];
      if (colour) style.setProperty(`--terminal-${name}`, colour);
      else style.removeProperty(`--terminal-${name}`);
    }
    this.#apply();
  }

  #look(): Look {
    const has = (query: string) => window.matchMedia(query).matches;
    const { theme, reduceMotion } = this.#wanted;
    return {
      theme: theme !== 'system' ? theme : has(LIGHT) ? 'light' : 'dark',
      still: reduceMotion === 'always' || (reduceMotion === 'system' && has(STILL)),
    };
  }

  #apply(): void {
    const look = this.#look();
    const { dataset } = document.documentElement;
    dataset.theme = look.theme;
    dataset.motion = look.still ? 'reduced' : 'full';
    const before = this.store.getState();
    if (look.theme !== before.theme || look.still !== before.still) this.store.setState(look);
    const { zoom, theme } = this.#wanted;
    const around = theme === 'high_contrast' ? 'dark' : theme;
    if (around !== this.#told.theme) this.native.setTheme(around).catch(this.report);
    if (zoom !== this.#told.zoom) this.native.setZoom(zoom).catch(this.report);
    this.#told = { theme: around, zoom };
  }
}

function remembered(): Wanted {
  const wanted: Wanted = { theme: 'system', reduceMotion: 'system', zoom: 100 };
  try {
    const last: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null');
    return typeof last === 'object' ? { ...wanted, ...last } : wanted;
  } catch {
    // It was written by another hand; the settings come in a moment.
    return wanted;
  }
}
