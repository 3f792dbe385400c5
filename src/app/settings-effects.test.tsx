// Every setting that the page reads, changed in the file by another hand, and what comes of it.
import { act, screen, waitFor } from '@testing-library/react';
import { Terminal } from '@xterm/xterm';
import { beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { DEFAULT_SETTINGS, type SetSettings } from '@/protocol/generated/protocol';
import { CTRL_SHIFT, press, showApp } from './app-on-show';

// jsdom has no WebGL.
vi.mock('@xterm/addon-webgl', () => ({
  WebglAddon: class {
    activate() {}
    dispose() {}
    onContextLoss() {}
    clearTextureAtlas() {}
  },
}));

type Shown = Awaited<ReturnType<typeof showApp>>;

interface Effect {
  set: SetSettings['settings'];
  /** Throws until it is to be seen. */
  seen(app: Shown): unknown;
  /** What is done once the setting has come. */
  after?(app: Shown): unknown;
}

const { dataset, style } = document.documentElement;
let opened: MockInstance<Terminal['open']>;
/** The xterm of the first pane. */
function xterm(): Terminal {
  const terminal = opened.mock.contexts[0];
  if (!(terminal instanceof Terminal)) throw new Error('no terminal has been opened');
  return terminal;
}

const tones: string[] = [];
class Audio {
  currentTime = 0;
  destination = {};
  createOscillator() {
    return {
      frequency: { value: 0 },
      connect: (next: unknown) => next,
      start: () => tones.push('start'),
      stop: () => {},
    };
  }
  createGain() {
    const gain = { setValueAtTime: () => {}, exponentialRampToValueAtTime: () => {} };
    return { gain, connect: () => {} };
  }
}

function ring(): Promise<void> {
  return act(() => new Promise<void>((resolve) => xterm().write('\x07', resolve)));
}

function selectByMouse(): void {
  const screenOf = xterm().element;
  screenOf?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, composed: true }));
  xterm().select(0, 0, 4);
  document.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
}

const PALETTE = {
  background: '#101820',
  foreground: '#f0e8d8',
  cursor: '',
  selection: '',
  colors: Array.from({ length: 16 }, (_, index) => `#0${index.toString(16)}2233`),
};
const option = (name: 'fontSize' | 'lineHeight' | 'cursorStyle' | 'cursorBlink' | 'scrollback') =>
  xterm().options[name];

const EFFECTS: Record<string, Effect> = {
  'appearance.theme': {
    set: { appearance: { theme: 'high_contrast' } },
    seen: ({ fake }) => {
      expect(dataset.theme).toBe('high_contrast');
      expect(fake.machine.theme).toBe('dark');
    },
  },
  'appearance.palette': {
    set: { appearance: { palettes: { mine: PALETTE }, palette: 'mine' } },
    seen: ({ fake }) => {
      expect(style.getPropertyValue('--terminal-background')).toBe('#101820');
      expect(xterm().options.theme).toMatchObject({
        background: '#101820',
        cursor: '#f0e8d8',
        selectionBackground: '#484c4e',
        brightWhite: '#0f2233',
      });
      // Programs are told of it, too.
      expect(fake.callsOf('session:attach').at(-1)?.palette?.background).toEqual([16, 24, 32]);
    },
  },
  'appearance.palettes': {
    set: { appearance: { palettes: { mine: PALETTE }, palette: 'mine' } },
    after: ({ fake }) => {
      const palettes = { mine: { ...PALETTE, background: '#202830' } };
      fake.settings.edit({ appearance: { palettes } });
    },
    seen: () => expect(xterm().options.theme?.background).toBe('#202830'),
  },
  'appearance.fontFamily': {
    set: { appearance: { fontFamily: "Fira Code, 'Iosevka'" } },
    seen: () =>
      expect(xterm().options.fontFamily).toBe(
        '"Fira Code", "Iosevka", "JetBrains Mono Variable", ui-monospace, monospace',
      ),
  },
  'appearance.fontSize': {
    set: { appearance: { fontSize: 17 } },
    seen: () => expect(option('fontSize')).toBe(17),
  },
  'appearance.lineHeight': {
    set: { appearance: { lineHeight: 150 } },
    seen: () => expect(option('lineHeight')).toBe(1.5),
  },
  'appearance.cursor': {
    set: { appearance: { cursor: 'bar' } },
    seen: () => expect(option('cursorStyle')).toBe('bar'),
  },
  'appearance.cursorBlink': {
    set: { appearance: { cursorBlink: false } },
    seen: () => expect(option('cursorBlink')).toBe(false),
  },
  'appearance.scrollback': {
    set: { appearance: { scrollback: 200 } },
    seen: () => expect(option('scrollback')).toBe(200),
  },
  'appearance.zoom': {
    set: { appearance: { zoom: 150 } },
    seen: ({ fake }) => expect(fake.machine.zoom).toBe(150),
  },
  'appearance.reduceMotion': {
    set: { appearance: { reduceMotion: 'always' } },
    seen: () => {
      expect(dataset.motion).toBe('reduced');
      expect(option('cursorBlink')).toBe(false);
    },
  },
  'terminal.copyOnSelect': {
    set: { terminal: { copyOnSelect: true } },
    after: selectByMouse,
    seen: ({ fake }) => expect(fake.machine.clipboard).not.toBe(''),
  },
  'terminal.bell': {
    set: { terminal: { bell: 'sound' } },
    after: async () => {
      await ring();
      await ring();
    },
    // The second comes too soon after the first.
    seen: () => expect(tones).toEqual(['start']),
  },
  'terminal.renderer': {
    set: { terminal: { renderer: 'webgl' } },
    seen: () => expect(document.querySelector('[data-renderer="webgl"]')).not.toBeNull(),
  },
  'terminal.screenReader': {
    set: { terminal: { screenReader: true } },
    seen: () => expect(xterm().options.screenReaderMode).toBe(true),
  },
  'keyboard.bindings': {
    set: { keyboard: { bindings: { sidebar: ['Ctrl+Alt+b'], 'pane.zoom': [] } } },
    after: () => {
      press('b', { ctrlKey: true, altKey: true });
      press('Z', CTRL_SHIFT);
    },
    seen: ({ synk, panes }) => {
      expect(synk.chrome.getState().sidebar).toBe(false);
      expect(panes()[0]?.dataset.zoomed).toBe('false');
    },
  },
  'pool.initialSize': {
    set: { pool: { initialSize: 1 } },
    seen: () => expect(screen.getByTestId('pool').textContent).toMatch(/\/1$/),
  },
};

/** What the daemon does, or another part of the page with tests of its own. */
const ELSEWHERE = [
  ...['general.closing', 'general.autoSave', 'general.autoSaveSeconds'],
  ...['terminal.shell', 'sessions.runLost'],
  ...['logs.sessionLimitMib', 'logs.totalLimitMib', 'logs.closedDays'],
  ...['pool.maxSize', 'pool.maxActive', 'pool.recycle', 'pool.maxAgeMinutes', 'pool.staggerMs'],
  ...['pool.warmupDelayMs', 'pool.loginShell', 'pool.promptPattern'],
  ...['agents.hooks', 'agents.arguments', 'agents.custom', 'prices.models'],
  ...['notifications.waiting', 'notifications.done'],
  ...['worktrees.copy', 'worktrees.prepared', 'worktrees.trashDays', 'worktrees.scripts'],
  'worktrees.trusted',
];

beforeEach(() => {
  tones.length = 0;
  opened = vi.spyOn(Terminal.prototype, 'open');
  vi.stubGlobal('AudioContext', Audio);
});

describe('a setting that is changed', () => {
  it.each(Object.keys(EFFECTS))('takes effect at once: %s', async (path) => {
    const effect = EFFECTS[path] as Effect;
    const app = await showApp(2);
    await waitFor(() => xterm());
    expect(() => effect.seen(app)).toThrow();
    await act(async () => app.fake.settings.edit(effect.set));
    await act(async () => effect.after?.(app));
    await waitFor(() => effect.seen(app));
  });

  it('is one of those above, or somebody else’s', () => {
    const all = Object.entries(DEFAULT_SETTINGS).flatMap(([group, settings]) =>
      Object.keys(settings).map((name) => `${group}.${name}`),
    );
    expect([...Object.keys(EFFECTS), ...ELSEWHERE].sort()).toEqual(all.sort());
  });
});

describe('the bell', () => {
  it('lights up the header of its pane once, however often it rings', async () => {
    const { panes } = await showApp(2);
    await waitFor(() => xterm());
    await ring();
    await ring();
    const light = screen.getByTestId('bell');
    expect(panes()[0]?.contains(light)).toBe(true);
    // React listens to the one that the web view has, and jsdom has none.
    for (const name of ['animationend', 'webkitAnimationEnd']) {
      await act(async () => light.dispatchEvent(new Event(name, { bubbles: true })));
    }
    expect(screen.queryByTestId('bell')).toBeNull();
  });

  it('stands in the header where nothing may move, until somebody types there', async () => {
    const { fake, synk } = await showApp(2);
    await waitFor(() => xterm());
    await act(async () => fake.settings.edit({ appearance: { reduceMotion: 'always' } }));
    await ring();
    expect(screen.getByRole('img', { name: 'The bell rang' }).isConnected).toBe(true);
    act(() => synk.terminals.bells.heard(1));
    expect(screen.queryByTestId('bell')).toBeNull();
  });

  it('does nothing where that is set', async () => {
    const { fake } = await showApp(1);
    await waitFor(() => xterm());
    await act(async () => fake.settings.edit({ terminal: { bell: 'off' } }));
    await ring();
    expect(screen.queryByTestId('bell')).toBeNull();
    expect(tones).toEqual([]);
  });
});

it('shows what a search selects without copying it', async () => {
  const { fake } = await showApp(1);
  await waitFor(() => xterm());
  await act(async () => fake.settings.edit({ terminal: { copyOnSelect: true } }));
  xterm().select(0, 0, 4);
  document.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
  expect(fake.machine.clipboard).toBe('');
});
