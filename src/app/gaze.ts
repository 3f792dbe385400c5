// Where the person looks: at the focused pane, as long as this window is the one in front and
// the grid is what it shows.
import type { Gaze } from '@/features/attention';
import type { GridView } from '@/features/grid';
import type { Past } from '@/features/history';

export class WindowGaze implements Gaze {
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly grid: GridView,
    private readonly past: Past,
    private readonly page: Window = window,
  ) {}

  /** Follows window and grid. The result ends it. */
  start(): () => void {
    const tell = () => {
      for (const listener of this.#listeners) listener();
    };
    const { page } = this;
    page.addEventListener('focus', tell);
    page.addEventListener('blur', tell);
    const leave = [this.grid.store.subscribe(tell), this.past.store.subscribe(tell)];
    return () => {
      page.removeEventListener('focus', tell);
      page.removeEventListener('blur', tell);
      for (const end of leave) end();
    };
  }

  session(): number | null {
    if (!this.page.document.hasFocus() || this.past.isOpen()) return null;
    return this.grid.store.getState().focused;
  }

  follow(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
