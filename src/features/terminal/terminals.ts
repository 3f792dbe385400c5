// The terminals that are on the screen, by session, for everything that speaks to "the
// terminal of this pane" without mounting it: focus, copy, paste, and how large a new one
// will be.
import type { Transport } from '@/transport';
import { Attachments } from './attachments';
import { SessionTerminal, type TerminalListener } from './session-terminal';

/** JetBrains Mono at the terminal's size, until a terminal has measured it, in pixels. */
const USUAL_CELL = { width: 7.8, height: 17 };

export class Terminals {
  readonly #open = new Map<number, SessionTerminal>();
  readonly #attachments: Attachments;
  /** Has been given the keyboard and is not there yet to take it. */
  #awaited: number | null = null;

  constructor(private readonly transport: Transport) {
    this.#attachments = new Attachments(transport);
  }

  /** Puts a session's terminal into `host`. The caller ends it with {@link close}. */
  open(sessionId: number, host: HTMLElement, listener: TerminalListener): SessionTerminal {
    const terminal = new SessionTerminal(sessionId, host, this.transport, this.#attachments, {
      ...listener,
      onFocus: () => {
        this.#awaited = null;
        listener.onFocus();
      },
    });
    this.#open.set(sessionId, terminal);
    if (this.#awaited === sessionId) terminal.focus();
    return terminal;
  }

  close(terminal: SessionTerminal): void {
    if (this.#open.get(terminal.sessionId) === terminal) this.#open.delete(terminal.sessionId);
    terminal.dispose();
  }

  get(sessionId: number | null): SessionTerminal | undefined {
    return sessionId === null ? undefined : this.#open.get(sessionId);
  }

  /** Gives the keyboard to a session's terminal, also when its pane is only about to appear. */
  focus(sessionId: number): void {
    this.#awaited = sessionId;
    this.#open.get(sessionId)?.focus();
  }

  /** Pixels of one character cell. */
  cellSize(): { width: number; height: number } {
    for (const terminal of this.#open.values()) {
      const size = terminal.cellSize();
      if (size) return size;
    }
    return USUAL_CELL;
  }
}
