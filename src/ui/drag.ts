// Carrying something with the pointer to where it is dropped. It knows neither what is carried
// nor where: whoever begins says what lies under a point, and what a drop does. Nothing of it
// goes through React but what is carried and over what it is; where it is, is told apart.
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface DragState<What, Where> {
  /** What is carried; null while nothing is. */
  what: What | null;
  /** Over what it is; null where it cannot be dropped. */
  where: Where | null;
}

export interface Point {
  x: number;
  y: number;
}

/** How far the pointer must go before it carries something, in pixels: less is a click. */
const THRESHOLD = 6;

export class Drag<What, Where> {
  readonly store: StoreApi<DragState<What, Where>> = createStore<DragState<What, Where>>(() => ({
    what: null,
    where: null,
  }));
  /** Where the pointer is, while something is carried. */
  at: Point = { x: 0, y: 0 };
  /** Told whenever that changes. */
  onMove: () => void = () => {};
  #end: () => void = () => {};

  constructor(
    /** What lies under a point, for something that is carried. */
    private readonly whereAt: (what: What, elements: Element[], point: Point) => Where | null,
    private readonly onDrop: (what: What, where: Where) => void,
    private readonly page: Window = window,
  ) {}

  /** The main button went down on something that can be carried. */
  begin(event: { button: number; clientX: number; clientY: number }, what: What): void {
    if (event.button !== 0) return;
    this.#end();
    const from = { x: event.clientX, y: event.clientY };
    const onMove = ({ clientX: x, clientY: y }: PointerEvent) => {
      const isCarried = this.store.getState().what !== null;
      if (!isCarried && Math.hypot(x - from.x, y - from.y) < THRESHOLD) return;
      this.#carry(what, { x, y });
    };
    const onUp = () => {
      const { what: carried, where } = this.store.getState();
      this.#end();
      if (carried !== null && where !== null) this.onDrop(carried, where);
    };
    const onKey = (pressed: KeyboardEvent) => {
      if (pressed.key !== 'Escape' || this.store.getState().what === null) return;
      pressed.preventDefault();
      pressed.stopImmediatePropagation();
      this.#end();
    };
    const cancel = () => this.#end();
    const { page } = this;
    page.addEventListener('pointermove', onMove);
    page.addEventListener('pointerup', onUp);
    page.addEventListener('pointercancel', cancel);
    page.addEventListener('blur', cancel);
    page.addEventListener('keydown', onKey, { capture: true });
    this.#end = () => {
      page.removeEventListener('pointermove', onMove);
      page.removeEventListener('pointerup', onUp);
      page.removeEventListener('pointercancel', cancel);
      page.removeEventListener('blur', cancel);
      page.removeEventListener('keydown', onKey, { capture: true });
      this.#end = () => {};
      this.store.setState({ what: null, where: null });
    };
  }

  #carry(what: What, point: Point): void {
    this.at = point;
    const where = this.whereAt(what, this.page.document.elementsFromPoint(point.x, point.y), point);
    const before = this.store.getState();
    // The same place is the same object, so that only what changes is drawn again.
    const same = JSON.stringify(where) === JSON.stringify(before.where);
    if (before.what === null || !same) this.store.setState({ what, where });
    this.onMove();
  }
}
