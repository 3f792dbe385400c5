// What the grid shows of the sessions: which pane has the focus, whether it is zoomed, which
// is being renamed, searched or ended, and whether the keyboard is in a terminal or in the grid.
// Focus changes because the person said so, or because the focused pane is gone. It is the grid
// of the workspace on show; each workspace has its focus and its zoom back when it is shown again.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { panesOf, type Sessions } from '@/features/sessions';
import type { Terminals } from '@/features/terminal';
import type { Workspaces } from '@/features/workspaces';
import { CommandError } from '@/transport';
import { arrange, type Direction, neighbour, sharesOf, tracksOf } from './layout';

export interface GridState {
  /** The focused pane's session. */
  focused: number | null;
  /** The focused pane fills the grid. */
  zoomed: boolean;
  /** Where the keyboard is. */
  mode: 'terminal' | 'grid';
  renaming: number | null;
  searching: number | null;
  /** How often a search was asked for; each time its box takes the keyboard. */
  searchesAsked: number;
  /** Whose end was asked for while others are attached: the person is asked again. */
  ending: number | null;
}

/** Has the keyboard while the person writes or chooses something. */
const OCCUPIED =
  '[role="dialog"], [role="dialog"] *, [role="menu"], [role="menu"] *, input, textarea';

/** Room that a pane takes around its text, in pixels: header, padding, scroll bar. */
const PANE_FRAME = { width: 8 + 14, height: 28 + 6 };

export class GridView {
  readonly store: StoreApi<GridState> = createStore(() => ({
    focused: null,
    zoomed: false,
    mode: 'terminal',
    renaming: null,
    searching: null,
    searchesAsked: 0,
    ending: null,
  }));
  /** The grid's element, while it is on the screen. */
  region: HTMLElement | null = null;
  /** What was left behind in the workspaces that this window has shown. */
  readonly #left = new Map<number, Pick<GridState, 'focused' | 'zoomed'>>();
  /** Has the focus as soon as its pane is there: a list of sessions may be behind. */
  #coming: number | null = null;

  constructor(
    private readonly sessions: Sessions,
    private readonly terminals: Terminals,
    readonly workspaces: Workspaces,
    /** Puts the keyboard back where it belongs, which may be over the grid. */
    readonly restoreKeyboard: () => void,
    /** Panes are brought back with their focus, which this window knows when all are there. */
    private readonly isRestoring: () => boolean = () => false,
  ) {}

  /** Follows the sessions and the workspace on show. The result ends it. */
  start(): () => void {
    let before = this.#paneIds();
    this.#follow([], before);
    const follow = () => {
      const now = this.#paneIds();
      if (this.#coming !== null && now.includes(this.#coming)) {
        this.#coming = null;
        this.#enter(this.workspaces.store.getState().shown, now);
      } else this.#follow(before, now);
      before = now;
    };
    let { shown } = this.workspaces.store.getState();
    const leave = [
      this.sessions.store.subscribe(follow),
      this.workspaces.store.subscribe((now, last) => {
        const isFirstList = last.workspaces.length === 0 && now.workspaces.length > 0;
        if (now.shown === shown && !isFirstList) return;
        const { focused, zoomed } = this.store.getState();
        if (!isFirstList) this.#left.set(shown, { focused, zoomed });
        shown = now.shown;
        before = this.#paneIds();
        this.#enter(shown, before);
      }),
      this.store.subscribe((now, last) => {
        if (now.focused === last.focused && now.zoomed === last.zoomed) return;
        if (this.isRestoring()) return;
        const { focused, zoomed } = now;
        const change = { workspaceId: shown, zoomed };
        this.workspaces.change(focused === null ? change : { ...change, focused });
      }),
    ];
    return () => {
      for (const end of leave) end();
    };
  }

  /** Takes focus and zoom of every workspace as the daemon has them. */
  adopt(): void {
    const panes = this.#paneIds();
    this.#left.clear();
    this.#enter(this.workspaces.store.getState().shown, panes);
    const focused = this.workspaces.current()?.focused ?? null;
    this.#coming = focused !== null && !panes.includes(focused) ? focused : null;
  }

  /** Moves the focus to a pane, and the keyboard into its terminal. */
  focus(sessionId: number): void {
    this.#coming = null;
    this.store.setState({ focused: sessionId });
    this.terminals.focus(sessionId);
  }

  /** The keyboard is in this pane's terminal: the person put it there. */
  focused(sessionId: number): void {
    if (sessionId !== this.store.getState().focused) this.#coming = null;
    this.store.setState({ focused: sessionId, mode: 'terminal' });
  }

  /**
   * Like {@link focus}, for a pane that was made just now: it is to be seen. Where the person
   * writes or chooses something meanwhile the keyboard stays, and comes to the pane from there.
   */
  focusNew(sessionId: number): void {
    this.#coming = null;
    this.store.setState({ zoomed: false, focused: sessionId, mode: 'terminal' });
    if (!document.activeElement?.matches(OCCUPIED)) this.terminals.focus(sessionId);
  }

  /** The pane at a place, counted from 0. */
  focusAt(index: number): void {
    const sessionId = this.#paneIds()[index];
    if (sessionId !== undefined) this.#moveTo(sessionId);
  }

  move(direction: Direction): void {
    const ids = this.#paneIds();
    const index = ids.indexOf(this.store.getState().focused ?? -1);
    const next = neighbour(ids.length, index, direction);
    const sessionId = next === null ? undefined : ids[next];
    if (sessionId !== undefined) this.#moveTo(sessionId);
  }

  /** Changes places with the pane that lies in a direction. Rejects with a CommandError. */
  async swap(direction: Direction): Promise<void> {
    const ids = this.#paneIds();
    const { focused } = this.store.getState();
    const next = neighbour(ids.length, ids.indexOf(focused ?? -1), direction);
    const other = next === null ? undefined : ids[next];
    if (focused !== null && other !== undefined) await this.swapWith(focused, other);
  }

  /** A pane changes places with another one. Rejects with a CommandError. */
  async swapWith(sessionId: number, otherId: number): Promise<void> {
    const { sessions } = this.sessions.store.getState();
    const other = sessions.find((each) => each.sessionId === otherId);
    if (!other || other.paneIndex === null) return;
    const { workspaceId, paneIndex } = other;
    await this.sessions.move({ sessionId, workspaceId, paneIndex });
  }

  toggleZoom(): void {
    if (this.store.getState().focused === null) return;
    this.store.setState(({ zoomed }) => ({ zoomed: !zoomed }));
    this.restoreKeyboard();
  }

  /** The keyboard goes into the focused terminal. */
  enterTerminal(): void {
    const { focused } = this.store.getState();
    if (focused !== null) this.terminals.focus(focused);
  }

  /** The keyboard leaves the terminal: grid mode. */
  leaveTerminal(): void {
    this.store.setState({ mode: 'grid' });
    this.region?.focus();
  }

  /** The keyboard goes into the focused terminal, or in grid mode into the grid itself. */
  takeKeyboard(): void {
    if (this.store.getState().mode === 'terminal') this.enterTerminal();
    else this.region?.focus();
  }

  setMode(mode: GridState['mode']): void {
    this.store.setState({ mode });
  }

  rename(sessionId: number | null): void {
    this.store.setState({ renaming: sessionId });
  }

  search(sessionId: number | null): void {
    this.store.setState(({ searchesAsked }) => ({
      searching: sessionId,
      searchesAsked: searchesAsked + 1,
    }));
  }

  /**
   * Ends a session. When others are attached to it, its pane asks first, and `force` is the
   * answer. Rejects with any other CommandError.
   */
  async close(sessionId: number, force = false): Promise<void> {
    try {
      await this.sessions.close(sessionId, force);
    } catch (reason) {
      if (CommandError.from(reason).code !== 'attached') throw reason;
      this.store.setState({ ending: sessionId });
    }
  }

  /** The session goes on after all, and the keyboard goes back into it. */
  keep(sessionId: number): void {
    this.store.setState({ ending: null });
    this.focus(sessionId);
  }

  /** The size that a terminal will have when there is one more pane. */
  nextTerminalSize(): { cols: number; rows: number } {
    const arrangement = arrange(this.#paneIds().length + 1);
    const { columnShares = [], rowShares = [] } = this.workspaces.current() ?? {};
    const { rows, cells } = arrangement;
    const { track, span, row } = cells.at(-1) ?? { track: 0, span: 1, row: 0 };
    const partOf = (shares: number[], from: number, to: number) => {
      const sum = (some: number[]) => some.reduce((all, share) => all + share, 0);
      return sum(shares.slice(from, to)) / sum(shares);
    };
    const across = partOf(tracksOf(arrangement, columnShares), track, track + span);
    const down = partOf(sharesOf(rowShares, rows), row, row + 1);
    const area = this.region?.getBoundingClientRect();
    const width = area?.width || window.innerWidth;
    const height = area?.height || window.innerHeight;
    const cell = this.terminals.cellSize();
    return {
      cols: Math.max(2, Math.floor((width * across - PANE_FRAME.width) / cell.width)),
      rows: Math.max(1, Math.floor((height * down - PANE_FRAME.height) / cell.height)),
    };
  }

  #moveTo(sessionId: number): void {
    if (this.store.getState().mode === 'terminal') this.focus(sessionId);
    else this.store.setState({ focused: sessionId });
  }

  #paneIds(): number[] {
    const { shown } = this.workspaces.store.getState();
    return panesOf(this.sessions.store.getState().sessions, shown).map((pane) => pane.sessionId);
  }

  /** Another workspace is on show: where it was left, or where the daemon has it. */
  #enter(workspaceId: number, panes: number[]): void {
    const left = this.#left.get(workspaceId) ?? this.workspaces.get(workspaceId);
    const there = left !== undefined && panes.includes(left.focused ?? -1);
    const focused = (there ? left.focused : panes[0]) ?? null;
    const had = this.#hasKeyboard();
    this.store.setState({
      focused,
      zoomed: there && left.zoomed,
      renaming: null,
      searching: null,
      ending: null,
    });
    if (had) this.restoreKeyboard();
  }

  #follow(before: number[], now: number[]): void {
    const { focused, renaming, searching, ending } = this.store.getState();
    const gone = (id: number | null) => id !== null && before.includes(id) && !now.includes(id);
    if (gone(renaming)) this.store.setState({ renaming: null });
    if (gone(searching)) this.store.setState({ searching: null });
    if (gone(ending)) this.store.setState({ ending: null });
    if (focused !== null && !gone(focused)) return;
    // Where nothing had the focus yet, it is where it was left.
    const left = focused === null ? this.workspaces.current() : undefined;
    const wasLeft = left !== undefined && now.includes(left.focused ?? -1);
    const place = focused === null ? 0 : before.indexOf(focused);
    const next = (wasLeft ? left.focused : now[Math.min(place, now.length - 1)]) ?? null;
    if (next === focused) return;
    this.store.setState({ focused: next, zoomed: wasLeft && left.zoomed });
    // A sheet or a menu that has the keyboard keeps it, and gives it back when it closes.
    if (next !== null && this.#hasKeyboard()) this.restoreKeyboard();
  }

  /** The keyboard is in the grid, or nowhere. */
  #hasKeyboard(): boolean {
    const holder = document.activeElement;
    return holder === null || holder === document.body || this.region?.contains(holder) === true;
  }
}
