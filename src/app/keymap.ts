// Gives a pressed key to an action, or leaves it where it was going. It listens before
// anything else in the page, so that a chord never reaches the program in a terminal, and it
// keeps the web view from acting as a browser.
import {
  isBrowserKey,
  isComposing,
  matches,
  type Scope,
  scopeOf,
  scopesOf,
} from '@/features/keyboard';
import { actionsOf } from './actions';
import type { Synk } from './synk';

/** Elements that a click may give the keyboard to. A button outside of these is no place to stay. */
const TAKES_KEYBOARD =
  '[data-terminal], a, input, textarea, code, [role="dialog"], [role="menu"], [role="alert"]';

/** Listens to the page's keys. The result ends it. */
export function listenToKeys(synk: Synk, page: Window = window): () => void {
  const onKeyDown = (event: KeyboardEvent) => onKey(synk, event);
  const onFocus = () => {
    // Only the grid and the terminals say where the keyboard lives; a menu or a field that
    // takes it for a moment gives it back.
    const scope = scopeOf(page.document.activeElement);
    if (scope === 'terminal') synk.grid.setMode('terminal');
    if (page.document.activeElement === synk.grid.region) synk.grid.setMode('grid');
  };
  const refuse = (event: Event) => {
    if (scopeOf(event.target) !== 'text') event.preventDefault();
  };
  // A click on what cannot take the keyboard must not take it from a terminal.
  const keepKeyboard = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target?.closest(TAKES_KEYBOARD)) event.preventDefault();
  };
  page.addEventListener('keydown', onKeyDown, { capture: true });
  page.addEventListener('focusin', onFocus);
  page.addEventListener('mousedown', keepKeyboard);
  page.addEventListener('contextmenu', refuse);
  // A file that is dropped would replace the page.
  page.addEventListener('dragover', refuse);
  page.addEventListener('drop', refuse);
  return () => {
    page.removeEventListener('keydown', onKeyDown, { capture: true });
    page.removeEventListener('focusin', onFocus);
    page.removeEventListener('mousedown', keepKeyboard);
    page.removeEventListener('contextmenu', refuse);
    page.removeEventListener('dragover', refuse);
    page.removeEventListener('drop', refuse);
  };
}

function onKey(synk: Synk, event: KeyboardEvent): void {
  if (isComposing(event) || isRecorded(event)) return;
  const scope = whereIn(synk, event.target);
  const action = actionsOf(synk).find(
    (each) =>
      scopesOf(each).includes(scope) &&
      synk.keyboard.keysFor(each).some((chord) => matches(chord, event)) &&
      (!each.yields || each.when(synk)),
  );
  if (action) {
    // An action that cannot be done now still takes its keys: they mean nothing else here.
    event.preventDefault();
    event.stopPropagation();
    if (action.when(synk) && !(action.once && event.repeat)) action.run(synk);
    return;
  }
  if (scope !== 'terminal' && isBrowserKey(event)) event.preventDefault();
}

/** Where a key is pressed. What no element takes is for the sheet that is open, or the grid. */
function whereIn(synk: Synk, target: EventTarget | null): Scope {
  const scope = scopeOf(target, true);
  if (scope !== 'grid') return scope;
  if (synk.hasSheet()) {
    // What had the keyboard in it is gone, or disabled: it has it again from now on.
    [...document.querySelectorAll<HTMLElement>('[data-sheet]')].at(-1)?.focus();
    return 'sheet';
  }
  const { focused, mode } = synk.grid.store.getState();
  return focused === null || mode === 'grid' ? 'grid' : 'other';
}

/** Whether a person presses it to have it written down, and means no action. */
function isRecorded({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest('[data-records-keys]') !== null;
}
