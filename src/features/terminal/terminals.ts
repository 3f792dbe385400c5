// The terminals that are on the screen, by session, for everything that speaks to "the
// terminal of this pane" without mounting it: focus, copy, paste, and how large a new one
// will be.
import type { Transport } from '@/transport';
import { Attachments } from './attachments';
import { Bells } from './bells';
import type { LineContext } from './find-line';
import { isUntaken, keyboardHolder } from './keyboard';
import type { SessionTerminal, TerminalListener, Typed } from './session-terminal';
import { TerminalStyle } from './style';

/**
 * How long a line is waited for that is to be revealed in a pane that may not be there yet. A
 * busy machine takes seconds to show one.
 */
const REVEAL_PATIENCE_MS = 10_000;

/** A cell of JetBrains Mono, until a terminal has measured its own, in parts of the font's size. */
const USUAL_CELL = { width: 0.6, height: 1.32 };

export class Terminals {
  readonly #open = new Map<number, SessionTerminal>();
  readonly #attachments: Attachments;
  readonly bells: Bells;
  /** What takes the keyboard in a pane that shows no terminal. */
  readonly #standIns = new Map<number, HTMLElement>();
  /** Who waits for a session's terminal to appear. */
  readonly #waiting = new Map<number, ((terminal: SessionTerminal) => void)[]>();
  /** Has been given the keyboard and is not there yet to take it, and who had it then. */
  #awaited: { sessionId: number; from: Element } | null = null;

  readonly #listeners = new Set<(sessionId: number, typed: Typed) => void>();

  constructor(
    private readonly transport: Transport,
    readonly style = new TerminalStyle(),
  ) {
    this.#attachments = new Attachments(transport);
    this.bells = new Bells(style);
  }

  /**
   * Puts a session's terminal into `host`. The caller ends it with {@link close}, and brings the
   * class along: the first frame has no terminal yet, and does not wait for xterm.
   */
  open(
    Kind: typeof SessionTerminal,
    sessionId: number,
    host: HTMLElement,
    listener: TerminalListener,
  ): SessionTerminal {
    const there = { transport: this.transport, attachments: this.#attachments, style: this.style };
    const terminal = new Kind(sessionId, host, there, {
      ...listener,
      onFocus: () => {
        this.#awaited = null;
        this.bells.heard(sessionId);
        listener.onFocus();
      },
      onTyped: (typed) => {
        this.bells.heard(sessionId);
        for (const tell of this.#listeners) tell(sessionId, typed);
      },
      onBell: () => this.bells.ring(sessionId),
    });
    this.#open.set(sessionId, terminal);
    if (this.#isAwaited(sessionId)) terminal.focus();
    for (const resolve of this.#waiting.get(sessionId) ?? []) resolve(terminal);
    this.#waiting.delete(sessionId);
    return terminal;
  }

  /** An element takes the keyboard for a session that has no terminal. The result ends it. */
  standIn(sessionId: number, element: HTMLElement): () => void {
    this.#standIns.set(sessionId, element);
    if (this.#isAwaited(sessionId)) element.focus();
    return () => {
      if (this.#standIns.get(sessionId) === element) this.#standIns.delete(sessionId);
    };
  }

  /** Calls back with what a person types into any terminal. The result ends it. */
  onTyped(listener: (sessionId: number, typed: Typed) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  close(terminal: SessionTerminal): void {
    if (this.#open.get(terminal.sessionId) === terminal) this.#open.delete(terminal.sessionId);
    terminal.dispose();
  }

  get(sessionId: number | null): SessionTerminal | undefined {
    return sessionId === null ? undefined : this.#open.get(sessionId);
  }

  /**
   * Gives the keyboard to a session's terminal, also when its pane is only about to appear; then
   * unless the person has gone on to something else by then.
   */
  focus(sessionId: number): void {
    this.#awaited = { sessionId, from: keyboardHolder() };
    (this.#open.get(sessionId) ?? this.#standIns.get(sessionId))?.focus();
  }

  /**
   * Scrolls to a line in a session's terminal, also when its pane is only about to appear, and
   * highlights the match. Resolves to false when the line is not in it, or not soon.
   */
  async reveal(sessionId: number, context: LineContext): Promise<boolean> {
    const revealed = this.#opened(sessionId).then((terminal) => terminal.reveal(context));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), REVEAL_PATIENCE_MS);
    });
    return Promise.race([revealed, late]).finally(() => clearTimeout(timer));
  }

  /** Settles when these sessions' terminals show their screens, or why they do not. */
  async shown(sessionIds: number[]): Promise<void> {
    await Promise.all(sessionIds.map(async (each) => (await this.#opened(each)).shown));
  }

  /** A session's terminal, once it is open. */
  async #opened(sessionId: number): Promise<SessionTerminal> {
    const open = this.#open.get(sessionId);
    if (open) return open;
    return new Promise((resolve) => {
      this.#waiting.set(sessionId, [...(this.#waiting.get(sessionId) ?? []), resolve]);
    });
  }

  #isAwaited(sessionId: number): boolean {
    return this.#awaited?.sessionId === sessionId && isUntaken(this.#awaited.from);
  }

  /** Pixels of one character cell. */
  cellSize(): { width: number; height: number } {
    for (const terminal of this.#open.values()) {
      const size = terminal.cellSize();
      if (size) return size;
    }
    const { fontSize, lineHeight } = this.style.store.getState().options;
    const { width, height } = USUAL_CELL;
    return { width: width * fontSize, height: Math.ceil(height * fontSize) * lineHeight };
  }
}
