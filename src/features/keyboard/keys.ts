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
  if (target.closest('[data-terminal]')) return 'terminal';
  if (target.closest('input, textarea, select, [contenteditable="true"]')) return 'text';
  const isNobodys = target.matches('body, html, [data-grid]');
  return isNobodys && gridHasKeyboard ? 'grid' : 'other';
}

/** Whether an input method is composing: then no key is anyone else's. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** A chord in its parts. */
interface Chord {
  ctrl: boolean;
  alt: boolean;
  shift: boolean;
  /** As {@link chordOf} names it. */
  key: string;
}

/** Keys with a name, as people write them, by their name in lower case. */
const NAMED = new Map(
  [
    ...['ArrowLeft', 'ArrowDown', 'ArrowUp', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown'],
    ...['Enter', 'Escape', 'Tab', 'Space', 'Backspace', 'Delete', 'Insert'],
    ...Array.from({ length: 24 }, (_, index) => `F${index + 1}`),
  ].map((name) => [name.toLowerCase(), name]),
);

/** Signs at their usual places, for layouts that have them elsewhere. */
const SIGNS: Record<string, string> = {
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  Comma: ',',
  Period: '.',
  Slash: '/',
};

const PLACED = Object.values(SIGNS);

const isSign = (key: string) => /^[^\p{L}\p{N}\s]$/u.test(key);

function parse(chord: string): Chord | null {
  // A plus that is itself the key stands at the end.
  const [, modifiers = '', key = ''] = /^((?:[A-Za-z]+\+)*)(.+)$/u.exec(chord.trim()) ?? [];
  const parts = modifiers.toLowerCase().split('+').slice(0, -1);
  const known = ['ctrl', 'alt', 'shift'];
  if (parts.some((part, index) => !known.includes(part) || parts.indexOf(part) < index))
    return null;
  const named = NAMED.get(key.toLowerCase());
  if (named === undefined && !/^[^\s\p{C}]$/u.test(key)) return null;
  // A sign that is no key's first one has its Shift in it.
  const shift = parts.includes('shift') && (!isSign(key) || PLACED.includes(key));
  return {
    ctrl: parts.includes('ctrl'),
    alt: parts.includes('alt'),
    shift,
    key: named ?? (shift ? key.toUpperCase() : key.toLowerCase()),
  };
}

function written({ ctrl, alt, shift, key }: Chord): string {
  return `${ctrl ? 'Ctrl+' : ''}${alt ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

/** A chord as Synk writes it, so that two of them can be compared; null for what is none. */
export function canonical(chord: string): string | null {
  const parsed = parse(chord);
  return parsed && written(parsed);
}

/** What is pressed, as a chord; null while only Ctrl, Alt or Shift is, and for what cannot be one. */
export function chordOf(event: KeyboardEvent): string | null {
  if (event.metaKey || event.getModifierState('AltGraph')) return null;
  const { ctrlKey: ctrl, altKey: alt, shiftKey: shift } = event;
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const sign = SIGNS[event.code];
  // With Ctrl or Alt a key is meant by its place; alone by the sign that it writes.
  if (digit && (ctrl || alt)) return written({ ctrl, alt, shift, key: digit });
  if (sign && shift && (ctrl || alt)) return written({ ctrl, alt, shift, key: sign });
  const key = keyName(event, false);
  return canonical(written({ ctrl, alt, shift: shift && !isSign(key), key }));
}

/**
 * Whether an event is a chord such as "Ctrl+Shift+P", "Alt+1", "h", "?" or "F2". The last
 * part is the key by its name on the person's layout; on a layout without Latin letters, or
 * where digits and signs are shifted, it is the key at that letter's, digit's or sign's usual
 * place.
 */
export function matches(chord: string, event: KeyboardEvent): boolean {
  const wanted = parse(chord);
  if (wanted === null) return false;
  const { ctrl, alt, shift, key } = wanted;
  if (event.ctrlKey !== ctrl || event.altKey !== alt) return false;
  if (event.metaKey || event.getModifierState('AltGraph')) return false;
  if (shift && isSign(key)) {
    return event.shiftKey && (SIGNS[event.code] ?? event.key) === key;
  }
  // A sign such as "?" has Shift in it or not, as the layout has it.
  if (!isSign(key) && event.shiftKey !== shift) return false;
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

/** Keys for reading: arrows as signs, long names short. */
export function readableKeys(keys: string): string {
  return keys
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace('ArrowUp', '↑')
    .replace('ArrowDown', '↓')
    .replace('Escape', 'Esc');
}

/** Why a key that is taken from a terminal is missed there; null when programs do not use it. */
export function missedInTerminals(chord: string): string | null {
  const parsed = parse(chord);
  if (parsed === null) return null;
  const { ctrl, alt, shift, key } = parsed;
  const written = readableKeys(chord);
  if (written === 'Ctrl+c') return 'Ctrl+c would no longer interrupt programs.';
  if (!ctrl && !alt) {
    return key.length === 1
      ? `${written} could no longer be typed in terminals.`
      : `Programs in terminals would no longer get ${written}.`;
  }
  const isControl = ctrl && !alt && !shift && /^(?:[a-z]|[@[\\\]^_]|Space)$/.test(key);
  const isMeta = alt && !ctrl && /^[a-z]$/i.test(key);
  return isControl || isMeta ? `Programs in terminals would no longer get ${written}.` : null;
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
