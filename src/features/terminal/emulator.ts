// One xterm as Synk sets it up: font, colours, widths, links, renderer, search, and silence
// towards programs that ask questions. What is written to it, and what becomes of what is
// typed, is decided by whoever owns it.
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import {
  type IDecoration,
  type ITerminalAddon,
  type ITerminalOptions,
  Terminal,
} from '@xterm/xterm';
import type { Native } from '@/transport';
import { matchColours, searchAppearance, terminalFont } from './appearance';
import { findLine, type LineContext } from './find-line';
import { silenceQueries } from './queries';
import { Renderer, type RendererName } from './renderer';
import { closeRoot, openRoot } from './root';
import type { TerminalStyle } from './style';
import { modelWidths } from './widths.mjs';

/** Where a line that is revealed stands: a third of the screen is above it. */
const REVEALED_AT = 1 / 3;

interface EmulatorOptions {
  native: Native;
  style: TerminalStyle;
  /** Its cells may have another size now. */
  onCells?(): void;
  /** A link could not be opened. */
  onError(reason: unknown): void;
  options?: ITerminalOptions;
  addons?: ITerminalAddon[];
}

export class Emulator {
  readonly terminal: Terminal;
  readonly #search = new SearchAddon();
  readonly #leave: (() => void)[] = [];
  #renderer: Renderer | null = null;
  #highlight: IDecoration[] = [];
  /** In which the highlight begins. */
  #column = 0;
  #disposed = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly setup: EmulatorOptions,
  ) {
    const link = {
      hover: (_event: MouseEvent, url: string) => this.#showLink(url),
      leave: () => this.#showLink(''),
    };
    const activate = (event: MouseEvent, url: string) => this.#openLink(event, url);
    this.terminal = new Terminal({
      allowProposedApi: true,
      // What a program marks as a link (OSC 8). Without this xterm asks and opens by itself.
      linkHandler: { activate, ...link },
      macOptionIsMeta: true,
      // Programs choose colours for one background; this keeps them readable on the other.
      minimumContrastRatio: 4.5,
      ...setup.style.store.getState().options,
      theme: setup.style.store.getState().theme,
      ...setup.options,
    });
    this.terminal.loadAddon(this.#search);
    this.terminal.unicode.register(modelWidths);
    this.terminal.unicode.activeVersion = modelWidths.version;
    this.terminal.loadAddon(new WebLinksAddon(activate, link));
    for (const addon of setup.addons ?? []) this.terminal.loadAddon(addon);
    silenceQueries(this.terminal);
    this.#leave.push(setup.style.store.subscribe(() => void this.#restyle()));
  }

  /** Resolves to whether it is on the screen; not when it was disposed before its font came. */
  async open(onRenderer: (name: RendererName) => void): Promise<boolean> {
    const { style } = this.setup;
    await style.known;
    await this.#restyle();
    if (this.#disposed) return false;
    this.terminal.open(openRoot(this.host));
    this.#renderer = new Renderer(this.terminal, this.setup.native, onRenderer);
    await this.#renderer.choose(style.store.getState().renderer);
    if (this.#disposed) return false;
    this.#watchFonts();
    return true;
  }

  /** Resolves when all that was written so far is on the screen. */
  drawn(): Promise<void> {
    return new Promise((resolve) => this.terminal.write('', resolve));
  }

  find(text: string, direction: 'next' | 'previous', incremental: boolean): void {
    const options = { incremental, decorations: searchAppearance() };
    if (direction === 'next') this.#search.findNext(text, options);
    else this.#search.findPrevious(text, options);
  }

  onFound(handler: (index: number, count: number) => void): void {
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) =>
      handler(resultIndex, resultCount),
    );
  }

  endSearch(): void {
    this.#search.clearDecorations();
    this.terminal.clearSelection();
  }

  /** Scrolls to a line and highlights the match in it. False when it is not there. */
  reveal(context: LineContext): boolean {
    this.endReveal();
    const { terminal } = this;
    const { active } = terminal.buffer;
    const runs = findLine(active, context);
    const first = runs?.[0];
    if (!runs || !first) return false;
    terminal.scrollToLine(Math.max(0, first.row - Math.floor(terminal.rows * REVEALED_AT)));
    this.#column = first.column;
    const cursor = active.baseY + active.cursorY;
    for (const { row, column, width } of runs) {
      const marker = terminal.registerMarker(row - cursor);
      const place = { marker, x: column, width };
      const decoration = terminal.registerDecoration({ ...place, ...matchColours() });
      if (decoration) this.#highlight.push(decoration);
    }
    return true;
  }

  /** Takes the highlight of {@link reveal} away. */
  endReveal(): void {
    for (const decoration of this.#highlight.splice(0)) {
      decoration.marker.dispose();
      decoration.dispose();
    }
  }

  /** The cell of the screen, counted from 0, in which the highlight begins; null without one. */
  revealedCell(): { row: number; column: number } | null {
    const [first] = this.#highlight;
    if (!first) return null;
    const row = first.marker.line - this.terminal.buffer.active.viewportY;
    return { row, column: this.#column };
  }

  /** Pixels of one cell; null until they are measured. */
  cellSize(): { width: number; height: number } | null {
    const screen = this.terminal.element?.querySelector('.xterm-screen');
    if (!screen?.clientWidth) return null;
    const { cols, rows } = this.terminal;
    return { width: screen.clientWidth / cols, height: screen.clientHeight / rows };
  }

  dispose(): void {
    this.#disposed = true;
    for (const leave of this.#leave) leave();
    this.#renderer?.dispose();
    this.terminal.dispose();
    closeRoot(this.host);
  }

  /** Looks as the style says now, once its font is there. */
  async #restyle(): Promise<void> {
    const { store } = this.setup.style;
    await terminalFont(store.getState().options.fontFamily);
    if (this.#disposed) return;
    const { options, theme, renderer } = store.getState();
    // A program's own choice of a cursor stays: xterm asks the options only where there is none.
    Object.assign(this.terminal.options, options, this.setup.options);
    this.terminal.options.theme = theme;
    await this.#renderer?.choose(renderer);
    if (!this.#disposed) this.setup.onCells?.();
  }

  #openLink(event: MouseEvent, url: string): void {
    if (!(event.ctrlKey || event.metaKey) || !/^https?:\/\//i.test(url)) return;
    this.setup.native.openUrl(url).catch((reason) => this.setup.onError(reason));
  }

  /** Says where a link leads before it is followed: its text may say something else. */
  #showLink(url: string): void {
    this.host.title = url === '' ? '' : `${url}\nCtrl+click opens it`;
  }

  /** A font for rare characters loads when the first of them is drawn, with another font. */
  #watchFonts(): void {
    const loaded = () => this.#renderer?.clearGlyphs();
    document.fonts?.addEventListener('loadingdone', loaded);
    this.#leave.push(() => document.fonts?.removeEventListener('loadingdone', loaded));
  }
}
