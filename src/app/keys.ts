// Keys as they are written ("Ctrl+Shift+P") and as they are pressed. It knows no action.

/** Where a key was pressed. */
export type Scope =
  /** In a terminal: the program gets every key that no action takes. */
  | 'terminal'
  /** In a text field. */
  | 'text'
  /** In a menu or a sheet, which has keys of its own. */
  | 'sheet'
  /** In the grid itself: single letters are keys here. */
  | 'grid'
  /** Anywhere else, such as on a button. */
  | 'other';

/** `gridHasKeyboard`: whether a key that no element took is for the grid. */
export function scopeOf(target: EventTarget | null, gridHasKeyboard = false): Scope {
  if (!(target instanceof Element)) return 'other';
  // A terminal within a sheet is a part of it, and has no program behind it.
  if (target.closest('[role="dialog"], [role="menu"]')) return 'sheet';
  if (target.closest('.xterm')) return 'terminal';
  if (target.closest('input, textarea, select, [contenteditable="true"]')) return 'text';
  const isNobodys = target.matches('body, html, [data-grid]');
  return isNobodys && gridHasKeyboard ? 'grid' : 'other';
}

/** Whether an input method is composing: then no key is anyone else's. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Whether an event is a chord such as "Ctrl+Shift+P", "Alt+1", "h", "?" or "F2". The last
 * part is the key by its name on the person's layout; on a layout without Latin letters, or
 * where digits are shifted, it is the key at that letter's or digit's usual place.
 */
export function matches(chord: string, event: KeyboardEvent): boolean {
  const parts = chord.split('+');
  const key = parts.pop() ?? '';
  if (event.ctrlKey !== parts.includes('Ctrl')) return false;
  if (event.altKey !== parts.includes('Alt')) return false;
  if (event.metaKey || event.getModifierState('AltGraph')) return false;
  // A sign such as "?" has Shift in it or not, as the layout has it.
  const isSign = /^[^\p{L}\p{N}]$/u.test(key);
  if (!isSign && event.shiftKey !== parts.includes('Shift')) return false;
  return keyName(event, /^\d$/.test(key)) === key.toLowerCase();
}

function keyName(event: KeyboardEvent, wantsDigit: boolean): string {
  const pressed = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  if (wantsDigit) return /^\d$/.test(pressed) ? pressed : (digit ?? pressed);
  if (letter && !/^[\x20-\x7e]$/.test(pressed) && pressed.length === 1) return letter.toLowerCase();
  return pressed;
}

/** What a web view does by itself with a key, and an app does not: reload, print, go back. */
const BROWSER_CHORDS = [
  'Ctrl+r',
  'Ctrl+Shift+r',
  'F5',
  'Ctrl+F5',
  'Shift+F5',
  'Ctrl+p',
  'Ctrl+f',
  'Ctrl+g',
  'Ctrl+Shift+g',
  'Ctrl+s',
  'Ctrl+o',
  'Ctrl+u',
  'Ctrl+w',
  'Ctrl+n',
  'Ctrl+t',
  'F3',
  'F7',
  'F11',
  'F12',
  'Alt+ArrowLeft',
  'Alt+ArrowRight',
];

export function isBrowserKey(event: KeyboardEvent): boolean {
  return BROWSER_CHORDS.some((chord) => matches(chord, event));
}
