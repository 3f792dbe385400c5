// A screen as it once was: an xterm that shows one snapshot and takes nothing but scrolling
// and selecting. It belongs to no session any more and is attached to nothing.
import type { PastScreen } from '@/protocol/generated/protocol';
import type { Native } from '@/transport';
import { decodeBase64 } from './base64';
import { Emulator } from './emulator';
import type { LineContext } from './find-line';
import type { TerminalStyle } from './style';

export class PastTerminal {
  readonly #emulator: Emulator;
  #disposed = false;

  /** `box` scrolls when the screen of then is larger than it; `host` lies within. */
  constructor(
    private readonly box: HTMLElement,
    host: HTMLElement,
    { native, style }: { native: Native; style: TerminalStyle },
    onError: (reason: unknown) => void,
  ) {
    this.#emulator = new Emulator(host, {
      native,
      style,
      onError,
      options: { disableStdin: true, cursorInactiveStyle: 'none' },
    });
    // Its keys are those of the view that it lies in.
    this.#emulator.terminal.attachCustomKeyEventHandler(() => false);
  }

  /**
   * Shows a screen and what was found in it. Resolves to whether it was found; one that is
   * disposed meanwhile shows nothing.
   */
  async show({ dataB64, cols, rows }: PastScreen, context: LineContext): Promise<boolean> {
    const { terminal } = this.#emulator;
    terminal.resize(cols, rows);
    // What is written before it is open, it would show from its beginning.
    if (!(await this.#emulator.open(() => {}))) return false;
    if (terminal.textarea) terminal.textarea.tabIndex = -1;
    terminal.write(decodeBase64(dataB64));
    await this.#emulator.drawn();
    if (this.#disposed) return false;
    const found = this.#emulator.reveal(context);
    this.#scrollBox();
    return found;
  }

  scrollLines(lines: number): void {
    this.#emulator.terminal.scrollLines(lines);
  }

  scrollPages(pages: number): void {
    this.#emulator.terminal.scrollPages(pages);
  }

  selection(): string {
    return this.#emulator.terminal.getSelection();
  }

  dispose(): void {
    this.#disposed = true;
    this.#emulator.dispose();
  }

  /** What is highlighted, in the middle of a box that is too small for the whole screen. */
  #scrollBox(): void {
    const revealed = this.#emulator.revealedCell();
    const cell = this.#emulator.cellSize();
    if (!revealed || !cell) return;
    this.box.scrollTop = revealed.row * cell.height - this.box.clientHeight / 2;
    this.box.scrollLeft = revealed.column * cell.width - this.box.clientWidth / 2;
  }
}
