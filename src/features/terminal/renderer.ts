// Which renderer draws a terminal. WebGL is the fast one, and a page has few WebGL contexts,
// so each visible pane holds one and gives it back; where there is none, xterm draws with
// DOM elements, and says so.
import type { WebglAddon } from '@xterm/addon-webgl';
import type { Terminal } from '@xterm/xterm';
import type { Renderer as Choice } from '@/protocol/generated/protocol';
import type { Native } from '@/transport';

export type RendererName = 'webgl' | 'dom';

let warned = false;

function warnOnce(message: string, reason?: unknown): void {
  if (warned) return;
  warned = true;
  console.warn(message, reason ?? '');
}

export class Renderer {
  #addon: WebglAddon | null = null;
  #name: RendererName | null = null;
  #choice: Choice | null = null;
  #disposed = false;
  readonly #canvases: HTMLCanvasElement[] = [];

  /** Call after `terminal.open()`. `onChange` is told the renderer on each change. */
  constructor(
    private readonly terminal: Terminal,
    private readonly native: Pick<Native, 'hasGpu'>,
    private readonly onChange: (name: RendererName) => void,
  ) {}

  /** Draws as the settings say; resolves when it does. */
  async choose(choice: Choice): Promise<void> {
    if (choice === this.#choice) return;
    this.#choice = choice;
    if (choice === 'webgl' || (choice === 'auto' && (await this.native.hasGpu()))) {
      await this.#drawWithWebgl();
    } else if (choice === this.#choice) {
      this.#drawWithDom();
    }
  }

  /** Draws glyphs afresh, for when a font that was missing has loaded. */
  clearGlyphs(): void {
    this.#addon?.clearTextureAtlas();
  }

  dispose(): void {
    this.#disposed = true;
    this.#releaseWebgl();
  }

  async #drawWithWebgl(): Promise<void> {
    if (this.#addon) return;
    const { WebglAddon } = await import('@xterm/addon-webgl');
    if (this.#disposed || this.#addon || this.#choice === 'dom') return;
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
      this.#tell('webgl');
    } catch (reason) {
      this.#drawWithDom('This web view has no WebGL 2', reason);
    }
  }

  /** `why` it is not WebGL, unless that was chosen. */
  #drawWithDom(why?: string, reason?: unknown): void {
    if (why !== undefined) warnOnce(`${why}; drawing with DOM elements, which is slower`, reason);
    this.#releaseWebgl();
    this.#tell('dom');
  }

  #tell(name: RendererName): void {
    if (this.#name === name) return;
    this.#name = name;
    this.onChange(name);
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
