// The whole window over a fake daemon, for tests.
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import axe from 'axe-core';
import type { Commands } from '@/protocol/generated/protocol';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import { showError } from '@/ui';
import { App } from './App';
import { Synk } from './synk';

export const CTRL_SHIFT = { ctrlKey: true, shiftKey: true };

/** Presses a chord where the keyboard is. False when somebody took it. */
export function press(key: string, modifiers: KeyboardEventInit = {}): boolean {
  const { activeElement } = document;
  const holder = activeElement?.shadowRoot?.activeElement ?? activeElement ?? document.body;
  return fireEvent.keyDown(holder, { key, ...modifiers });
}

/** What a selector finds in the terminal that is open within the first of these elements. */
export function inTerminal(within: string, selector: string): HTMLElement | null {
  const host = document.querySelector(`${within} [data-terminal]`);
  return host?.shadowRoot?.querySelector<HTMLElement>(selector) ?? null;
}

/** Keeps every call of a command from the daemon, until what is returned is called. */
export function hold(fake: FakeTransport, held: keyof Commands): () => void {
  const call = fake.call.bind(fake);
  let go = () => {};
  const free = new Promise<void>((resolve) => {
    go = resolve;
  });
  fake.call = (async (...[name, args]: Parameters<typeof call>) => {
    if (name === held) await free;
    return call(name, args);
  }) as typeof fake.call;
  return () => go();
}

/** What axe finds that is serious, in words. */
export async function seriousFaults(): Promise<string[]> {
  // jsdom draws nothing, so colours are judged in a browser.
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false } },
    resultTypes: ['violations'],
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

interface AppOnShow {
  fake: FakeTransport;
  synk: Synk;
  /** The panes on the screen, in order. */
  panes(): HTMLElement[];
  /** The session of the pane that has the focus. */
  focused(): number | null;
  /** What has the keyboard, seen from the page, when keys go to a pane's program. */
  keyboardOf(sessionId: number): HTMLElement;
  /** Gives a pane's terminal the keyboard, as a click into it does. */
  giveKeyboard(sessionId: number): void;
}

/** Shows the window with a number of panes, every one of them attached. */
export async function showApp(panes: number, prepare?: (fake: FakeTransport) => Promise<unknown>) {
  // jsdom has no WebGL, and a warning about that says nothing here.
  const fake = new FakeTransport();
  fake.settings.edit({ terminal: { renderer: 'dom' } });
  for (let count = 0; count < panes; count += 1) {
    await fake.call('session:create', { agentType: 'terminal', projectPath: FAKE_HOME });
  }
  await prepare?.(fake);
  const synk = new Synk(fake, showError);
  synk.start();
  render(<App synk={synk} />);
  const app: AppOnShow = {
    fake,
    synk,
    panes: () => screen.queryAllByTestId('pane'),
    focused: () => {
      const pane = screen.queryAllByTestId('pane').find((each) => each.dataset.focused === 'true');
      return pane ? Number(pane.dataset.sessionId) : null;
    },
    keyboardOf: (sessionId) => {
      const keyboard = document.querySelector<HTMLElement>(
        `[data-session-id="${sessionId}"] [data-terminal]`,
      );
      if (!keyboard) throw new Error(`session ${sessionId} has no terminal on the screen`);
      return keyboard;
    },
    giveKeyboard: (sessionId) => {
      const field = inTerminal(`[data-session-id="${sessionId}"]`, '.xterm-helper-textarea');
      act(() => field?.focus());
    },
  };
  await waitFor(() => {
    if (!synk.sessions.store.getState().loaded) throw new Error('not loaded');
    if (fake.callsOf('session:attach').length < panes) throw new Error('not attached');
    const { focused } = synk.grid.store.getState();
    if (focused !== null && document.activeElement !== app.keyboardOf(focused)) {
      throw new Error('the keyboard is not in the focused terminal');
    }
  });
  return app;
}
