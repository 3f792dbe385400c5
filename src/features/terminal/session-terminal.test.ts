import { FitAddon } from '@xterm/addon-fit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import type { SessionTerminal, TerminalListener } from './session-terminal';
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
  ...over,
});

beforeEach(async () => {
  localStorage.setItem('synk.renderer', 'dom');
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

async function open(over?: Partial<TerminalListener>): Promise<SessionTerminal> {
  const before = fake.callsOf('session:attach').length;
  const terminal = terminals.open(1, host, listener(over));
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
    const second = terminals.open(1, host, listener());
    opened.push(second);
    second.follow(RUNNING);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    expect(names()).toEqual(['session:attach', 'session:detach']);
    held[0]?.();
    await vi.waitFor(() =>
      expect(names()).toEqual(['session:attach', 'session:detach', 'session:attach']),
    );
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
    const terminal = terminals.open(1, host, listener());
    opened.push(terminal);
    await vi.waitFor(() => expect(host.querySelector('.xterm')).not.toBeNull());
    expect(fake.callsOf('session:attach')).toEqual([]);
    terminal.follow(RUNNING);
    await vi.waitFor(() => expect(fake.callsOf('session:attach')).toHaveLength(1));
  });
});

describe('the keyboard', () => {
  it('is given to a terminal that is not there yet, once it is', async () => {
    terminals.focus(1);
    await open();
    expect(host.contains(document.activeElement)).toBe(true);
  });

  it('is not taken by a terminal that only appears', async () => {
    const onFocus = vi.fn();
    await open({ onFocus });
    expect(host.contains(document.activeElement)).toBe(false);
    expect(onFocus).not.toHaveBeenCalled();
  });
});
