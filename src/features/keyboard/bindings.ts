// Which keys do what: each action's own, and over them what the settings say. It knows actions
// only as things with a name, keys and places where those count.
import type { KeyboardSettings } from '@/protocol/generated/protocol';
import { canonical, type Scope } from './keys';

/** What keys can be given to. */
export interface Bindable {
  id: string;
  /** As people read it. */
  name: string;
  /** Its own keys, each as "Ctrl+Shift+P". */
  keys: string[];
  /** Where its keys are taken from whoever has the keyboard; anywhere when there are none. */
  scopes: Scope[];
}

export type Bindings = KeyboardSettings['bindings'];

export const ANYWHERE: Scope[] = ['terminal', 'grid', 'text', 'other'];

export function scopesOf({ scopes }: Bindable): Scope[] {
  return scopes.length > 0 ? scopes : ANYWHERE;
}

/** "anywhere", "in the grid". */
export function whereOf(bindable: Bindable): string {
  const scopes = scopesOf(bindable);
  if (scopes.length > 1) return 'anywhere';
  return scopes[0] === 'terminal' ? 'in a terminal' : 'in the grid';
}

/** The keys that do it: those that are set and can be read, else its own. */
export function keysFor({ id, keys }: Bindable, bindings: Bindings): string[] {
  const set = bindings[id];
  if (set === undefined) return keys;
  const readable = set.map(canonical).filter((chord) => chord !== null);
  return set.length > 0 && readable.length === 0 ? keys : readable;
}

/** Whether what is set for it is anything else than its own keys. */
export function isRebound({ id, keys }: Bindable, bindings: Bindings): boolean {
  const set = bindings[id];
  return set !== undefined && set.join(' ') !== keys.join(' ');
}

/** What is set and means nothing: for an action that is none, or in keys that are none. */
export function unreadable(all: Bindable[], bindings: Bindings): { id: string; why: string }[] {
  return Object.entries(bindings).flatMap(([id, keys]) => {
    if (!all.some((each) => each.id === id)) {
      return [{ id, why: `There is no action ${id}; its keys are ignored.` }];
    }
    return keys
      .filter((chord) => canonical(chord) === null)
      .map((chord) => ({ id, why: `“${chord}” is no key; it is ignored.` }));
  });
}

/** Another action with the same keys. */
export interface Clash {
  with: Bindable;
  /** Both would be meant by them in the same place. */
  here: boolean;
}

/** Who has `chord` besides `bindable`. */
export function clashes(
  chord: string,
  bindable: Bindable,
  all: Bindable[],
  bindings: Bindings,
): Clash[] {
  const scopes = scopesOf(bindable);
  return all
    .filter(({ id }) => id !== bindable.id)
    .filter((each) => keysFor(each, bindings).some((keys) => canonical(keys) === chord))
    .map((each) => ({ with: each, here: scopesOf(each).some((scope) => scopes.includes(scope)) }));
}

/** `bindings` with other keys for one action; its own keys need no word there. */
export function bound(bindable: Bindable, keys: string[], bindings: Bindings): Bindings {
  const { [bindable.id]: _, ...others } = bindings;
  const isOwn = keys.join(' ') === bindable.keys.join(' ');
  return isOwn ? others : { ...others, [bindable.id]: keys };
}

/** `bindings` with `chord` for one action, and for none of those that it would clash with. */
export function taken(
  chord: string,
  bindable: Bindable,
  all: Bindable[],
  bindings: Bindings,
): Bindings {
  let next = bindings;
  for (const { with: other, here } of clashes(chord, bindable, all, bindings)) {
    if (!here) continue;
    const left = keysFor(other, next).filter((keys) => canonical(keys) !== chord);
    next = bound(other, left, next);
  }
  const keys = keysFor(bindable, next).filter((each) => canonical(each) !== chord);
  return bound(bindable, [...keys, chord], next);
}
