// Which renderer draws a terminal. WebGL is the fast one, and a page has few WebGL contexts,
// so each visible pane holds one and gives it back; where there is none, xterm draws with
// DOM elements, and says so.
import { WebglAddon } from '@xterm/addon-webgl';
import type { Terminal } from '@xterm/xterm';

export type RendererName = 'webgl' | 'dom';

/** `localStorage` key that chooses a renderer: "webgl" or "dom". */
const CHOICE_KEY = 'synk.renderer';

let warned = false;

function warnOnce(message: string, reason?: unknown): void {
  if (warned) return;
  warned = true;
  console.warn(message, reason ?? '');
}

export class Renderer {
  #addon: WebglAddon | null = null;
  readonly #canvases: HTMLCanvasElement[];

  /** Call after `terminal.open()`. `onChange` is told the renderer now and on each change. */
  constructor(
    private readonly terminal: Terminal,
    private readonly onChange: (name: RendererName) => void,
  ) {
    this.#canvases = [];
    if (localStorage.getItem(CHOICE_KEY) === 'dom') onChange('dom');
    else this.#drawWithWebgl();
  }

  /** Draws glyphs afresh, for when a font that was missing has loaded. */
  clearGlyphs(): void {
    this.#addon?.clearTextureAtlas();
  }

  dispose(): void {
    this.#releaseWebgl();
  }

  #drawWithWebgl(): void {
    const before = new Set(this.terminal.element?.querySelectorAll('canvas'));
    try {
      // WebKitGTK shows a canvas that is not preserved one frame late.
      const addon = new WebglAddon(true);
      addon.onContextLoss(() => this.#drawWithDom('The WebGL context of a terminal was lost'));
      this.terminal.loadAddon(addon);
      this.#addon = addon;
      for (const canvas of this.terminal.element?.querySelectorAll('canvas') ?? []) {
        if (!before.has(canvas)) this.#canvases.push(canvas);
      }
      this.onChange('webgl');
    } catch (reason) {
      this.#drawWithDom('This web view has no WebGL 2', reason);
    }
  }

  #drawWithDom(why: string, reason?: unknown): void {
    warnOnce(`${why}; drawing with DOM elements, which is slower`, reason);
    this.#releaseWebgl();
    this.onChange('dom');
  }

  #releaseWebgl(): void {
    this.#addon?.dispose();
    this.#addon = null;
    // The addon leaves its context to the garbage collector; a grid that is rebuilt often
    // would run out of contexts first.
    for (const canvas of this.#canvases.splice(0)) {
      canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
    }
  }
}
