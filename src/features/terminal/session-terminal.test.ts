import { FitAddon } from '@xterm/addon-fit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS, type SynkSettings } from '@/protocol/generated/protocol';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import { SessionTerminal, type TerminalListener } from './session-terminal';
import { Terminals } from './terminals';

let fake: FakeTransport;
let terminals: Terminals;
let host: HTMLElement;
let size: { cols: number; rows: number };
let resized: () => void;
const opened: SessionTerminal[] = [];

const RUNNING = { state: 'running', shimPid: 3001 } as const;

const listener = (over: Partial<TerminalListener> = {}): TerminalListener => ({
  onRenderer: () => {},
  onProblem: () => {},
  onError: () => {},
  onFocus: () => {},
  onSearchResults: () => {},
  onRestart: () => {},
  onClose: () => {},
  onStalled: () => {},
  ...over,
});

beforeEach(async () => {
  size = { cols: 100, rows: 30 };
  vi.spyOn(FitAddon.prototype, 'proposeDimensions').mockImplementation(() => size);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(changed: ResizeObserverCallback) {
        resized = () => changed([], this as never);
      }
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  host = document.createElement('div');
  laidOut(800, 600);
  document.body.append(host);
  fake = new FakeTransport();
  terminals = new Terminals(fake);
  dress({ terminal: { renderer: 'dom' } });
  await fake.call('session:create', { agentType: 'terminal', projectPath: FAKE_HOME });
});

afterEach(() => {
  for (const terminal of opened.splice(0)) terminals.close(terminal);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function laidOut(width: number, height: number): void {
  Object.defineProperty(host, 'clientWidth', { configurable: true, value: width });
  Object.defineProperty(host, 'clientHeight', { configurable: true, value: height });
}

/** What somebody has set; all else is as ever. */
function dress(
  over: { [G in 'appearance' | 'terminal']?: Partial<SynkSettings[G]> },
  still = false,
) {
  const appearance = { ...DEFAULT_SETTINGS.appearance, ...over.appearance };
  const terminal = { ...DEFAULT_SETTINGS.terminal, ...over.terminal };
  terminals.style.follow({ appearance, terminal }, still);
}

async function open(over?: Partial<TerminalListener>): Promise<SessionTerminal> {
  const before = fake.callsOf('session:attach').length;
  const terminal = terminals.open(SessionTerminal, 1, host, listener(over));
  opened.push(terminal);
  terminal.follow(RUNNING);
  await vi.waitFor(() => expect(fake.callsOf('session:attach').length).toBeGreaterThan(before));
  return terminal;
}

describe('the size', () => {
  it('is told with the attachment, after fitting', async () => {
    await open();
    expect(fake.callsOf('session:attach')).toEqual([{ sessionId: 1, cols: 100, rows: 30 }]);
    expect(fake.callsOf('session:resize')).toEqual([]);
  });

  it('is told once when a pane has stopped changing', async () => {
    await open();
    vi.useFakeTimers();
    for (let cols = 99; cols > 60; cols -= 1) {
      size = { cols, rows: 30 };
      resized();
      vi.advanceTimersByTime(10);
    }
    await vi.advanceTimersByTimeAsync(60);
    expect(fake.callsOf('session:resize')).toEqual([{ sessionId: 1, cols: 61, rows: 30 }]);
    resized();
    await vi.advanceTimersByTimeAsync(60);
    expect(fake.callsOf('session:resize')).toHaveLength(1);
  });

  it('is never nothing, not a number, or that of a pane that is not laid out', async () => {
    await open();
    vi.useFakeTimers();
    const change = async () => {
      resized();
      await vi.advanceTimersByTimeAsync(60);
    };
    laidOut(0, 600);
    size = { cols: 10, rows: 10 };
    await change();
    laidOut(800, 600);
    size = { cols: Number.NaN, rows: Number.NaN };
    await change();
    expect(fake.callsOf('session:resize')).toEqual([]);
    size = { cols: 0, rows: 0 };
    await change();
    expect(fake.callsOf('session:resize')).toEqual([{ sessionId: 1, cols: 2, rows: 1 }]);
  });

  it('is not told to a program that has ended', async () => {
    const terminal = await open();
    terminal.follow({ ...RUNNING, state: 'exited' });
    vi.useFakeTimers();
    size = { cols: 50, rows: 20 };
    resized();
    await vi.advanceTimersByTimeAsync(60);
    expect(fake.callsOf('session:resize')).toEqual([]);
    terminal.follow(RUNNING);
    await vi.advanceTimersByTimeAsync(0);
    expect(fake.callsOf('session:attach').at(-1)).toEqual({ sessionId: 1, cols: 50, rows: 20 });
  });
});

describe('attaching', () => {
  it('and detaching keep their order, however fast panes come and go', async () => {
    const held: (() => void)[] = [];
    const call = fake.call.bind(fake);
    fake.call = (async (...[name, args]: Parameters<typeof call>) => {
      const reply = call(name, args);
      if (name === 'session:detach') await new Promise<void>((resolve) => held.push(resolve));
      return reply;
    }) as typeof fake.call;
    const names = () =>
      fake.calls.map(({ name }) => name).filter((name) => /attach|detach/.test(name));
    terminals.close(await open());
    opened.length = 0;
    const second = terminals.open(SessionTerminal, 1, host, listener());
    opened.push(second);
    second.follow(RUNNING);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    expect(names()).toEqual(['session:attach', 'session:detach']);
    held[0]?.();
    await vi.waitFor(() =>
      expect(names()).toEqual(['session:attach', 'session:detach', 'session:attach']),
    );
  });

  it('that failed late says nothing when another one is under way', async () => {
    const call = fake.call.bind(fake);
    let fail = () => {};
    fake.call = (async (...[name, args]: Parameters<typeof call>) => {
      const reply = call(name, args);
      if (name === 'session:attach' && fake.callsOf('session:attach').length === 1) {
        await new Promise<void>((_, reject) => {
          fail = () => reject(new Error('no shim yet'));
        });
      }
      return reply;
    }) as typeof fake.call;
    const problems: (string | undefined)[] = [];
    const terminal = await open({ onProblem: (error) => problems.push(error?.message) });
    terminal.follow({ ...RUNNING, shimPid: 5001 });
    fail();
    await vi.waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(2));
    await terminal.shown;
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it('comes before a size that is told meanwhile', async () => {
    const call = fake.call.bind(fake);
    let go = () => {};
    fake.call = (async (...[name, args]: Parameters<typeof call>) => {
      const reply = call(name, args);
      if (name === 'session:attach') {
        await new Promise<void>((resolve) => {
          go = resolve;
        });
      }
      return reply;
    }) as typeof fake.call;
    await open();
    vi.useFakeTimers();
    size = { cols: 50, rows: 20 };
    resized();
    await vi.advanceTimersByTimeAsync(60);
    expect(fake.callsOf('session:resize')).toEqual([]);
    go();
    await vi.advanceTimersByTimeAsync(0);
    expect(fake.callsOf('session:resize')).toEqual([{ sessionId: 1, cols: 50, rows: 20 }]);
  });

  it('that failed is tried again when the daemon is back', async () => {
    const problems: (string | undefined)[] = [];
    fake.fail('session:attach', { code: 'unavailable', message: 'gone' });
    await open({ onProblem: (error) => problems.push(error?.message) });
    await vi.waitFor(() => expect(problems.at(-1)).toBe('gone'));
    expect(fake.callsOf('session:attach')).toHaveLength(1);
    fake.fail('session:attach');
    fake.emit('daemon:connection', { state: 'connected', message: null });
    await vi.waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(2));
    expect(problems.at(-1)).toBeUndefined();
  });

  it('waits until a session that only starts runs', async () => {
    const terminal = terminals.open(SessionTerminal, 1, host, listener());
    opened.push(terminal);
    await vi.waitFor(() => expect(host.shadowRoot?.querySelector('.xterm')).not.toBeNull());
    expect(fake.callsOf('session:attach')).toEqual([]);
    terminal.follow(RUNNING);
    await vi.waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(1));
  });
});

describe('what is typed', () => {
  const typed = () => fake.callsOf('session:write').map(({ data }) => data);

  it('is all of a paste but what could end it', async () => {
    const terminal = await open();
    await terminal.shown;
    const dataB64 = btoa('\x1b[?2004h');
    fake.emit('session:output', { sessionId: 1, dataB64, offset: 1000, snapshot: false });
    await vi.waitFor(async () => {
      await terminal.paste(Promise.resolve('a\tb\r\nc\x1b[201~\x03\x9bd'));
      expect(typed().at(-1)).toBe('\x1b[200~a\tb\rc[201~d\x1b[201~');
    });
  });
});

describe('a session that was lost', () => {
  const LOST = { state: 'lost', shimPid: 4001 } as const;

  it('is attached to in the shim that shows its last screen, and takes no input', async () => {
    const terminal = await open();
    fake.happen(1, (session) => session.lose());
    terminal.follow(LOST);
    await vi.waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(2));
    await terminal.paste(Promise.resolve('lost'));
    await vi.waitFor(() => expect(host.shadowRoot?.querySelector('.xterm')).not.toBeNull());
    expect(fake.callsOf('session:write')).toEqual([]);
  });

  it.each([
    ['the same shim', LOST.shimPid],
    ['a new one', 5001],
  ])('is attached to once more when it is run again in %s', async (_, shimPid) => {
    const terminal = await open();
    terminal.follow(LOST);
    terminal.follow({ state: 'running', shimPid });
    await vi.waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(3));
    terminal.follow({ state: 'running', shimPid });
    await Promise.resolve();
    expect(fake.callsOf('session:attach')).toHaveLength(3);
  });
});

describe('colours', () => {
  it('are told when attaching, and again when they change', async () => {
    const style = document.documentElement.style;
    const names = ['foreground', 'background', 'cursor'].concat(
      ['', 'bright-'].flatMap((bright) =>
        ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'].map(
          (name) => `${bright}${name}`,
        ),
      ),
    );
    for (const name of names) style.setProperty(`--terminal-${name}`, '#010203');
    dress({ terminal: { renderer: 'dom' } });
    await open();
    expect(fake.callsOf('session:attach')[0]?.palette?.background).toEqual([1, 2, 3]);
    style.setProperty('--terminal-background', '#ffffff');
    dress({ terminal: { renderer: 'dom' } });
    await vi.waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(2));
    expect(fake.callsOf('session:attach')[1]?.palette).toMatchObject({
      background: [255, 255, 255],
      ansi: Array.from({ length: 16 }, () => [1, 2, 3]),
    });
    document.documentElement.removeAttribute('style');
  });
});

describe('a line', () => {
  const line = { before: '', found: 'needle', after: '' };

  it('is revealed once the screen is there, also in a pane that is not there yet', async () => {
    await fake.call('session:write', { sessionId: 1, data: 'echo needle\r' });
    const revealed = terminals.reveal(1, line);
    await open();
    expect(await revealed).toBe(true);
    expect(await terminals.reveal(1, { ...line, found: 'nowhere' })).toBe(false);
  });

  it('is not waited for for ever', async () => {
    vi.useFakeTimers();
    const revealed = terminals.reveal(7, line);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await revealed).toBe(false);
  });

  it('is not there in a session that cannot be shown', async () => {
    fake.fail('session:attach', { code: 'unavailable', message: 'gone' });
    await open();
    expect(await terminals.reveal(1, line)).toBe(false);
  });
});

describe('a terminal that has stopped for good', () => {
  // xterm 6 fails in this, and takes no more output afterwards.
  const fatal = { sessionId: 1, dataB64: btoa('\x1b[999;999H\x1b[1J'), snapshot: false };

  it('says so also when it fails at once, as it does after a key', async () => {
    const onStalled = vi.fn();
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const terminal = await open({ onStalled });
    expect(await terminals.reveal(1, { before: '', found: 'nowhere', after: '' })).toBe(false);
    // Nothing is echoed, so what is fatal comes first after the key.
    fake.fail('session:write', { code: 'unavailable', message: 'gone' });
    await terminal.paste(Promise.resolve('x'));
    fake.emit('session:output', { ...fatal, offset: 1_000_000 });
    expect(console.error).toHaveBeenCalled();
    await vi.waitFor(() => expect(onStalled).toHaveBeenCalledOnce());
  });
});

describe('the keyboard', () => {
  it('is given to a terminal that is not there yet, once it is', async () => {
    terminals.focus(1);
    await open();
    expect(host.contains(document.activeElement)).toBe(true);
  });

  it('stays with whoever has taken it before the terminal is there', async () => {
    const field = document.body.appendChild(document.createElement('input'));
    terminals.focus(1);
    field.focus();
    await open();
    expect(document.activeElement).toBe(field);
    field.remove();
  });

  it('stays with whoever has taken it before the terminal is open', async () => {
    const field = document.body.appendChild(document.createElement('input'));
    const opening = open();
    terminals.focus(1);
    field.focus();
    await opening;
    expect(document.activeElement).toBe(field);
    terminals.focus(1);
    expect(host.contains(document.activeElement)).toBe(true);
    field.remove();
  });

  it('is given to what stands in for a terminal', async () => {
    const button = document.createElement('button');
    document.body.append(button);
    const leave = terminals.standIn(1, button);
    terminals.focus(1);
    expect(document.activeElement).toBe(button);
    leave();
    button.blur();
    terminals.focus(1);
    expect(document.activeElement).not.toBe(button);
    button.remove();
  });

  it('is not taken by a terminal that only appears', async () => {
    const onFocus = vi.fn();
    await open({ onFocus });
    expect(host.contains(document.activeElement)).toBe(false);
    expect(onFocus).not.toHaveBeenCalled();
  });
});
