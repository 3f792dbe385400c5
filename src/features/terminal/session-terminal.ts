// One session on the screen: joins an emulator to the session's output, input and size, and
// follows the session through its life. React mounts it and nothing more; no terminal byte
// ever enters React state.
import { ClipboardAddon } from '@xterm/addon-clipboard';
import { hasEnded } from '@/features/sessions';
import type { SessionInfo, SessionState } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';
import { Acknowledger } from './acknowledge';
import type { Attachments } from './attachments';
import { Emulator } from './emulator';
import type { LineContext } from './find-line';
import { InputQueue } from './input';
import { isUntaken, keyboardHolder } from './keyboard';
import { OutputFeed } from './output';
import type { RendererName } from './renderer';
import { onSelected } from './selecting';
import { FittedSize } from './size';
import { StallWatch } from './stall';
import type { TerminalStyle } from './style';

/** What a person gave a terminal: keys as their bytes, or text to paste that may still be fetched. */
export type Typed = { kind: 'keys'; data: string } | { kind: 'paste'; text: Promise<string> };

/** What a terminal tells its pane. */
export interface TerminalListener {
  onRenderer(name: RendererName): void;
  /** Null once the session's output is there. */
  onProblem(error: CommandError | null): void;
  /** Something the person did could not be done. */
  onError(reason: unknown): void;
  onFocus(): void;
  /** A person typed or pasted here; what comes from elsewhere by {@link SessionTerminal.receive} is not told. */
  onTyped?(typed: Typed): void;
  onSearchResults(index: number, count: number): void;
  /** The program rings. */
  onBell?(): void;
  /** It will never show another byte; another terminal can be put in its place. */
  onStalled(): void;
  /** Enter in a terminal whose program has ended or was lost. */
  onRestart(): void;
  /** `x` in a terminal whose program has ended or was lost. */
  onClose(): void;
}

/** What a terminal works with. */
export interface Surroundings {
  transport: Transport;
  attachments: Attachments;
  style: TerminalStyle;
}

/** What a terminal follows of its session. */
export type FollowedSession = Pick<SessionInfo, 'state' | 'shimPid'>;

export class SessionTerminal {
  readonly #emulator: Emulator;
  readonly #size: FittedSize;
  readonly #input: InputQueue;
  readonly #feed: OutputFeed;
  readonly #acknowledger: Acknowledger;
  readonly #stall: StallWatch;
  readonly #leave: (() => void)[] = [];
  private readonly transport: Transport;
  private readonly attachments: Attachments;
  private readonly style: TerminalStyle;
  #state: SessionState = 'starting';
  #shimPid: number | null = null;
  /** Who had the keyboard when this was given it before it was open. */
  #wantsFocusFrom: Element | null = null;
  /** What the emulator hands over now is a paste… */
  #pasting = false;
  /** …or keys that it made of the mouse's wheel. */
  #wheeling = false;
  /** How often the session was attached to: only the last time says whether it can be shown. */
  #attempts = 0;
  #disposed = false;
  #hasProblem = false;
  #onShown: () => void = () => {};
  /** Settles when the session's screen is there, or why it is not. */
  readonly shown = new Promise<void>((resolve) => {
    this.#onShown = resolve;
  });

  constructor(
    readonly sessionId: number,
    private readonly host: HTMLElement,
    { transport, attachments, style }: Surroundings,
    private readonly listener: TerminalListener,
  ) {
    this.transport = transport;
    this.attachments = attachments;
    this.style = style;
    const { native } = transport;
    const onError = (reason: unknown) => listener.onError(reason);
    const clipboard = new ClipboardAddon(undefined, {
      // Output is not trusted: it may set the clipboard and never learn what is in it.
      readText: () => '',
      writeText: (_selection, text) => {
        native.writeClipboard(text).catch(onError);
      },
    });
    this.#emulator = new Emulator(host, {
      native,
      style,
      onCells: () => this.#size.refit(),
      onError,
      addons: [clipboard],
    });
    const { terminal } = this.#emulator;
    this.#size = new FittedSize(
      terminal,
      host,
      (size) => attachments.resize(sessionId, size),
      () => !this.#hasEnded(),
      (reason) => {
        // A session that was just closed has no size any more.
        if (CommandError.from(reason).code !== 'not_found') onError(reason);
      },
    );
    this.#input = new InputQueue(
      (data, binary) =>
        transport.call('session:write', binary ? { sessionId, data, binary } : { sessionId, data }),
      onError,
    );
    // Every paste takes the same way, also that of the web view's own keys and the mouse.
    const onPaste = (event: ClipboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      void this.paste(Promise.resolve(event.clipboardData?.getData('text/plain') ?? ''));
    };
    host.addEventListener('paste', onPaste, { capture: true });
    this.#leave.push(() => host.removeEventListener('paste', onPaste, { capture: true }));
    this.#stall = new StallWatch(() => listener.onStalled());
    this.#acknowledger = new Acknowledger((offset) => this.#acknowledge(offset));
    this.#feed = new OutputFeed(
      {
        write: (bytes, parsed) => {
          const taken = this.#stall.wrote();
          try {
            terminal.write(bytes, () => {
              taken();
              parsed();
            });
          } catch (fault) {
            // What comes first after a key xterm parses at once, and fails here and not in the
            // page.
            this.#stall.look();
            throw fault;
          }
        },
        linesFromBottom: () => {
          const { baseY, viewportY } = terminal.buffer.active;
          return baseY - viewportY;
        },
        scrollToLinesFromBottom: (lines) => {
          terminal.scrollToLine(Math.max(0, terminal.buffer.active.baseY - lines));
        },
      },
      (offset, bytes) => {
        this.#onShown();
        this.#acknowledger.parsed(offset, bytes);
      },
    );
    this.#listen();
    void this.#open();
  }

  /**
   * Gives the keyboard to the program: now, or as soon as the terminal is open, unless the person
   * has gone on to something else by then.
   */
  focus(): void {
    if (this.#emulator.terminal.textarea) this.#emulator.terminal.focus();
    else this.#wantsFocusFrom = keyboardHolder();
  }

  /**
   * Where the session is in its life, and in which shim. One that is only starting has nothing
   * to attach to; one that was started again, or that another shim holds now, is attached to
   * again, at the size that the pane has by now.
   */
  follow({ state, shimPid }: FollowedSession): void {
    const hadEnded = this.#hasEnded();
    const begins = state !== 'starting' && this.#state === 'starting';
    const moved = this.#shimPid !== null && shimPid !== this.#shimPid && state !== 'starting';
    const mayWorkNow = this.#hasProblem && state === 'running';
    this.#state = state;
    this.#shimPid = shimPid;
    const { terminal } = this.#emulator;
    terminal.options.disableStdin = this.#hasEnded();
    const runsAgain = hadEnded && !this.#hasEnded();
    if ((begins || runsAgain || moved || mayWorkNow) && terminal.element) void this.attach();
  }

  /** Begins output: a snapshot, then what follows. Reports a failure to the listener. */
  async attach(): Promise<void> {
    this.#attempts += 1;
    const attempt = this.#attempts;
    this.#hasProblem = false;
    this.listener.onProblem(null);
    try {
      await this.attachments.attach(this.sessionId, () => {
        if (this.#disposed) return null;
        const { palette } = this.style.store.getState();
        return { ...this.#size.fitAndTell(), ...(palette && { palette }) };
      });
    } catch (reason) {
      if (this.#disposed || attempt !== this.#attempts) return;
      this.#hasProblem = true;
      this.#onShown();
      this.listener.onProblem(CommandError.from(reason));
    }
  }

  /** The selected text; empty when nothing is selected. */
  selection(): string {
    return this.#emulator.terminal.getSelection();
  }

  /** Types `text` before whatever is typed from now on, bracketed when the program asked so. */
  async paste(text: Promise<string>): Promise<void> {
    if (!this.#hasEnded()) this.listener.onTyped?.({ kind: 'paste', text });
    await this.#paste(text);
  }

  /** Types what was typed elsewhere. Rejects when what is to be pasted could not be fetched. */
  async receive(typed: Typed): Promise<void> {
    if (typed.kind === 'paste') await this.#paste(typed.text);
    else if (!this.#hasEnded()) this.#input.push(typed.data);
  }

  find(text: string, direction: 'next' | 'previous', incremental = false): void {
    if (text === '') this.endSearch();
    else this.#emulator.find(text, direction, incremental);
  }

  endSearch(): void {
    this.#emulator.endSearch();
    this.listener.onSearchResults(-1, 0);
  }

  /**
   * Scrolls to a line and highlights the match in it, once the session's screen is there.
   * Resolves to false when the line is not, or not any more.
   */
  async reveal(context: LineContext): Promise<boolean> {
    await this.shown;
    if (this.#disposed || this.#hasProblem) return false;
    await this.#emulator.drawn();
    return !this.#disposed && this.#emulator.reveal(context);
  }

  cellSize(): { width: number; height: number } | null {
    return this.#emulator.cellSize();
  }

  dispose(): void {
    this.#disposed = true;
    this.#onShown();
    for (const leave of this.#leave) leave();
    this.#size.dispose();
    this.#feed.close();
    this.#acknowledger.stop();
    this.#stall.stop();
    void this.attachments.detach(this.sessionId);
    this.#emulator.dispose();
  }

  #hasEnded(): boolean {
    return hasEnded(this.#state);
  }

  #listen(): void {
    const { terminal } = this.#emulator;
    terminal.onData((data) => this.#type(data, false));
    terminal.onKey(() => this.#emulator.endReveal());
    terminal.onBell(() => this.listener.onBell?.());
    terminal.onBinary((data) => this.#type(data, true));
    terminal.attachCustomKeyEventHandler((event) => this.#onKey(event));
    // Called before the keys are made, in the same turn.
    terminal.attachCustomWheelEventHandler(() => {
      this.#wheeling = true;
      queueMicrotask(() => {
        this.#wheeling = false;
      });
      return true;
    });
    this.#emulator.onFound((index, count) => this.listener.onSearchResults(index, count));
    this.#leave.push(
      this.transport.on('session:output', (output) => {
        if (output.sessionId === this.sessionId) this.#feed.push(output);
      }),
      this.transport.on('daemon:connection', ({ state }) => {
        if (state === 'connected' && this.#hasProblem) void this.attach();
      }),
      // Programs that ask for the colours are answered by the shim, which learns them when
      // somebody attaches. The snapshot that comes with it redraws what is there already.
      this.style.store.subscribe((now, before) => {
        const hasOthers = now.palette !== before.palette;
        if (hasOthers && terminal.element && this.#state !== 'starting') void this.attach();
      }),
      onSelected(terminal, this.host, (text) => {
        if (!this.style.store.getState().copyOnSelect) return;
        this.transport.native.writeClipboard(text).catch((reason) => this.listener.onError(reason));
      }),
    );
  }

  async #open(): Promise<void> {
    if (!(await this.#emulator.open((name) => this.listener.onRenderer(name)))) return;
    this.#showCursor();
    const { terminal } = this.#emulator;
    terminal.textarea?.addEventListener('focus', () => this.listener.onFocus());
    this.#size.watch();
    if (this.#wantsFocusFrom && isUntaken(this.#wantsFocusFrom)) terminal.focus();
    if (this.#state !== 'starting') await this.attach();
  }

  /**
   * xterm draws no cursor until a terminal has had the keyboard once. Telling it so, without
   * moving the keyboard, shows every pane's cursor from the start.
   */
  #showCursor(): void {
    const { textarea } = this.#emulator.terminal;
    textarea?.dispatchEvent(new FocusEvent('focus'));
    textarea?.dispatchEvent(new FocusEvent('blur'));
  }

  #onKey(event: KeyboardEvent): boolean {
    if (event.isComposing || event.keyCode === 229 || !this.#hasEnded()) return true;
    // The Enter that ended the program may still be held down.
    if (event.type !== 'keydown' || event.repeat) return false;
    const plain = !(event.ctrlKey || event.altKey || event.metaKey);
    if (plain && event.key === 'Enter') this.listener.onRestart();
    if (plain && event.key.toLowerCase() === 'x') this.listener.onClose();
    return false;
  }

  #type(data: string, binary: boolean): void {
    if (this.#hasEnded()) return;
    this.#input.push(data, binary);
    const isTyped = !this.#pasting && !this.#wheeling && !isReport(data);
    if (!binary && isTyped) this.listener.onTyped?.({ kind: 'keys', data });
  }

  async #paste(text: Promise<string>): Promise<void> {
    const fill = this.#input.hold();
    let fetched = '';
    try {
      fetched = await text;
    } finally {
      fill(() => {
        if (fetched === '' || this.#hasEnded()) return;
        this.#pasting = true;
        try {
          this.#emulator.terminal.paste(pasteable(fetched));
        } finally {
          this.#pasting = false;
        }
      });
    }
  }

  async #acknowledge(offset: number): Promise<boolean> {
    try {
      await this.transport.call('session:ack', { sessionId: this.sessionId, offset });
      return true;
    } catch (reason) {
      return CommandError.from(reason).code === 'not_found';
    }
  }
}

/** Without what is no text: a sequence in it could end a bracketed paste, and type the rest. */
function pasteable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return text.replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, '');
}

/** Whether the emulator said this by itself: where the mouse is, or that it has the focus. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: reports begin with one.
const REPORT = /^\x1b\[(?:[IO]|M[\s\S]{3}|<\d+;\d+;\d+[Mm])$/;

function isReport(data: string): boolean {
  return REPORT.test(data);
}
