// One terminal on the screen: owns the xterm, its addons, the attachment to a session, input,
// size and acknowledgement. React mounts it and nothing more; no terminal byte ever enters
// React state.
import { ClipboardAddon } from '@xterm/addon-clipboard';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import type { SessionState } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';
import { Acknowledger } from './acknowledge';
import {
  FONT_FAMILY,
  FONT_SIZE,
  onThemeChange,
  searchAppearance,
  terminalFont,
  terminalTheme,
} from './appearance';
import type { Attachments } from './attachments';
import { InputQueue } from './input';
import { OutputFeed } from './output';
import { silenceQueries } from './queries';
import { Renderer, type RendererName } from './renderer';
import { modelWidths } from './widths.mjs';

/** Lines of history that xterm keeps, as many as the shim's snapshot brings. */
const SCROLLBACK_LINES = 5000;
/** How long a pane's size must stay before the program hears of it, in milliseconds. */
const RESIZE_PATIENCE_MS = 50;

/** What a terminal tells its pane. */
export interface TerminalListener {
  onRenderer(name: RendererName): void;
  /** Null once the session's output is there. */
  onProblem(error: CommandError | null): void;
  /** Something the person did could not be done. */
  onError(reason: unknown): void;
  onFocus(): void;
  onSearchResults(index: number, count: number): void;
  /** Enter in a terminal whose program has ended. */
  onRestart(): void;
  /** `x` in a terminal whose program has ended. */
  onClose(): void;
}

export class SessionTerminal {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #input: InputQueue;
  readonly #feed: OutputFeed;
  readonly #acknowledger: Acknowledger;
  readonly #leave: (() => void)[] = [];
  #renderer: Renderer | null = null;
  #state: SessionState = 'starting';
  #sentSize = '';
  #sendingSize = false;
  #resizeTimer: ReturnType<typeof setTimeout> | null = null;
  #wantsFocus = false;
  #disposed = false;
  #hasProblem = false;

  constructor(
    readonly sessionId: number,
    private readonly host: HTMLElement,
    private readonly transport: Transport,
    private readonly attachments: Attachments,
    private readonly listener: TerminalListener,
  ) {
    this.#terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: false,
      // What a program marks as a link (OSC 8). Without this xterm asks and opens by itself.
      linkHandler: {
        activate: (event, url) => this.#openLink(event, url),
        hover: (_event, url) => this.#showLink(url),
        leave: () => this.#showLink(''),
      },
      fontFamily: FONT_FAMILY,
      fontSize: FONT_SIZE,
      macOptionIsMeta: true,
      // Programs choose colours for one background; this keeps them readable on the other.
      minimumContrastRatio: 4.5,
      scrollback: SCROLLBACK_LINES,
      theme: terminalTheme(),
    });
    this.#input = new InputQueue(
      (data, binary) =>
        transport.call('session:write', binary ? { sessionId, data, binary } : { sessionId, data }),
      (reason) => listener.onError(reason),
    );
    this.#acknowledger = new Acknowledger((offset) => this.#acknowledge(offset));
    this.#feed = new OutputFeed(
      {
        write: (bytes, parsed) => this.#terminal.write(bytes, parsed),
        linesFromBottom: () => {
          const { baseY, viewportY } = this.#terminal.buffer.active;
          return baseY - viewportY;
        },
        scrollToLinesFromBottom: (lines) => {
          this.#terminal.scrollToLine(Math.max(0, this.#terminal.buffer.active.baseY - lines));
        },
      },
      (offset, bytes) => this.#acknowledger.parsed(offset, bytes),
    );
    this.#loadAddons();
    this.#listen();
    void this.#open();
  }

  /** Gives the keyboard to the program, now or as soon as the terminal is open. */
  focus(): void {
    this.#wantsFocus = true;
    if (this.#terminal.textarea) this.#terminal.focus();
  }

  /**
   * Where the session is in its life. One that is only starting has nothing to attach to;
   * one that was started again is attached to again, at the size that the pane has by now.
   */
  setState(state: SessionState): void {
    const begins =
      (this.#state === 'starting' && state !== 'starting') ||
      (this.#state === 'exited' && state !== 'exited');
    const mayWorkNow = this.#hasProblem && state === 'running';
    this.#state = state;
    this.#terminal.options.disableStdin = state === 'exited';
    if ((begins || mayWorkNow) && this.#terminal.element) void this.attach();
  }

  /** Begins output: a snapshot, then what follows. Reports a failure to the listener. */
  async attach(): Promise<void> {
    this.#hasProblem = false;
    this.listener.onProblem(null);
    try {
      await this.attachments.attach(this.sessionId, () => {
        if (this.#disposed) return null;
        this.#fitToHost();
        const { cols, rows } = this.#terminal;
        this.#sentSize = `${cols}x${rows}`;
        return { cols, rows };
      });
    } catch (reason) {
      if (this.#disposed) return;
      this.#hasProblem = true;
      this.listener.onProblem(CommandError.from(reason));
    }
  }

  /** The selected text; empty when nothing is selected. */
  selection(): string {
    return this.#terminal.getSelection();
  }

  /** Types `text`, bracketed when the program asked for that. */
  paste(text: string): void {
    if (this.#state !== 'exited') this.#terminal.paste(text);
  }

  find(text: string, direction: 'next' | 'previous', incremental = false): void {
    if (text === '') {
      this.endSearch();
      return;
    }
    const options = { incremental, decorations: searchAppearance() };
    if (direction === 'next') this.#search.findNext(text, options);
    else this.#search.findPrevious(text, options);
  }

  endSearch(): void {
    this.#search.clearDecorations();
    this.#terminal.clearSelection();
    this.listener.onSearchResults(-1, 0);
  }

  /** Pixels of one cell; null until they are measured. */
  cellSize(): { width: number; height: number } | null {
    const screen = this.#terminal.element?.querySelector('.xterm-screen');
    if (!screen?.clientWidth) return null;
    const { cols, rows } = this.#terminal;
    return { width: screen.clientWidth / cols, height: screen.clientHeight / rows };
  }

  dispose(): void {
    this.#disposed = true;
    if (this.#resizeTimer !== null) clearTimeout(this.#resizeTimer);
    for (const leave of this.#leave) leave();
    this.#feed.close();
    this.#acknowledger.stop();
    void this.attachments.detach(this.sessionId);
    this.#renderer?.dispose();
    this.#terminal.dispose();
  }

  #loadAddons(): void {
    const terminal = this.#terminal;
    terminal.loadAddon(this.#fit);
    terminal.loadAddon(this.#search);
    terminal.unicode.register(modelWidths);
    terminal.unicode.activeVersion = modelWidths.version;
    terminal.loadAddon(
      new WebLinksAddon((event, url) => this.#openLink(event, url), {
        hover: (_event, url) => this.#showLink(url),
        leave: () => this.#showLink(''),
      }),
    );
    terminal.loadAddon(
      new ClipboardAddon(undefined, {
        // Output is not trusted: it may set the clipboard and never learn what is in it.
        readText: () => '',
        writeText: (_selection, text) => {
          this.transport.native
            .writeClipboard(text)
            .catch((reason) => this.listener.onError(reason));
        },
      }),
    );
    silenceQueries(terminal);
  }

  #openLink(event: MouseEvent, url: string): void {
    if (!(event.ctrlKey || event.metaKey) || !/^https?:\/\//i.test(url)) return;
    this.transport.native.openUrl(url).catch((reason) => this.listener.onError(reason));
  }

  /** Says where a link leads before it is followed: its text may say something else. */
  #showLink(url: string): void {
    this.host.title = url === '' ? '' : `${url}\nCtrl+click opens it`;
  }

  #listen(): void {
    const { sessionId } = this;
    const terminal = this.#terminal;
    terminal.onData((data) => this.#type(data, false));
    terminal.onBinary((data) => this.#type(data, true));
    terminal.attachCustomKeyEventHandler((event) => this.#onKey(event));
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) =>
      this.listener.onSearchResults(resultIndex, resultCount),
    );
    this.#leave.push(
      this.transport.on('session:output', (output) => {
        if (output.sessionId === sessionId) this.#feed.push(output);
      }),
      this.transport.on('daemon:connection', ({ state }) => {
        if (state === 'connected' && this.#hasProblem) void this.attach();
      }),
      onThemeChange((theme) => {
        terminal.options.theme = theme;
      }),
    );
  }

  async #open(): Promise<void> {
    await terminalFont();
    if (this.#disposed) return;
    this.#terminal.open(this.host);
    this.#renderer = new Renderer(this.#terminal, (name) => this.listener.onRenderer(name));
    this.#showCursor();
    this.#terminal.textarea?.addEventListener('focus', () => this.listener.onFocus());
    this.#watchFonts();
    this.#watchSize();
    if (this.#wantsFocus) this.#terminal.focus();
    if (this.#state !== 'starting') await this.attach();
  }

  /**
   * xterm draws no cursor until a terminal has had the keyboard once. Telling it so, without
   * moving the keyboard, shows every pane's cursor from the start.
   */
  #showCursor(): void {
    this.#terminal.textarea?.dispatchEvent(new FocusEvent('focus'));
    this.#terminal.textarea?.dispatchEvent(new FocusEvent('blur'));
  }

  #onKey(event: KeyboardEvent): boolean {
    if (event.isComposing || event.keyCode === 229 || this.#state !== 'exited') return true;
    // The Enter that ended the program may still be held down.
    if (event.type !== 'keydown' || event.repeat) return false;
    const plain = !(event.ctrlKey || event.altKey || event.metaKey);
    if (plain && event.key === 'Enter') this.listener.onRestart();
    if (plain && event.key.toLowerCase() === 'x') this.listener.onClose();
    return false;
  }

  #type(data: string, binary: boolean): void {
    if (this.#state !== 'exited') this.#input.push(data, binary);
  }

  async #acknowledge(offset: number): Promise<boolean> {
    try {
      await this.transport.call('session:ack', { sessionId: this.sessionId, offset });
      return true;
    } catch (reason) {
      return CommandError.from(reason).code === 'not_found';
    }
  }

  /** A font for rare characters loads when the first of them is drawn, with another font. */
  #watchFonts(): void {
    const loaded = () => this.#renderer?.clearGlyphs();
    document.fonts?.addEventListener('loadingdone', loaded);
    this.#leave.push(() => document.fonts?.removeEventListener('loadingdone', loaded));
  }

  #watchSize(): void {
    const observer = new ResizeObserver(() => {
      if (this.#resizeTimer !== null) clearTimeout(this.#resizeTimer);
      this.#resizeTimer = setTimeout(() => {
        this.#fitToHost();
        void this.#sendSize();
      }, RESIZE_PATIENCE_MS);
    });
    observer.observe(this.host);
    this.#leave.push(() => observer.disconnect());
  }

  #fitToHost(): void {
    // A pane that is not laid out has no size to tell.
    if (this.host.clientWidth === 0 || this.host.clientHeight === 0) return;
    const size = this.#fit.proposeDimensions();
    if (!size || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return;
    const { cols, rows } = size;
    if (cols !== this.#terminal.cols || rows !== this.#terminal.rows) {
      this.#terminal.resize(cols, rows);
    }
  }

  /** One resize under way; after it the newest size, when it is another one. */
  async #sendSize(): Promise<void> {
    if (this.#sendingSize) return;
    this.#sendingSize = true;
    for (;;) {
      const { cols, rows } = this.#terminal;
      const size = `${cols}x${rows}`;
      if (this.#disposed || this.#state === 'exited' || size === this.#sentSize) break;
      this.#sentSize = size;
      try {
        await this.transport.call('session:resize', { sessionId: this.sessionId, cols, rows });
      } catch (reason) {
        // A session that was just closed has no size any more.
        if (CommandError.from(reason).code !== 'not_found') this.listener.onError(reason);
        break;
      }
    }
    this.#sendingSize = false;
  }
}
