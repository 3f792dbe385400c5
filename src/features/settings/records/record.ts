// What a setting's record says: what it is called, what it does, and what it can be. The page is
// made from these alone, and a setting of the contract that has no record does not compile.
import type { Palette, SynkSettings } from '@/protocol/generated/protocol';

export type Group = keyof SynkSettings;
export type Value = boolean | number | string | object;
/** What is to change, as `settings:set` takes it. */
export type Changes = { [G in Group]?: Partial<SynkSettings[G]> };

export interface SwitchControl {
  kind: 'switch';
}

/** A whole number in a range: a slider where the range is small, else a field. */
export interface NumberControl {
  kind: 'slider' | 'number';
  least: number;
  most: number;
  /** What it counts, for one and for several. */
  unit: [one: string, several: string];
  /** How far one key goes; 1 without it. */
  step?: number;
}

export interface TextControl {
  kind: 'text';
  /** What it means that nothing is written. */
  empty: string;
  /** What a person should know of a value that counts all the same; null when there is nothing. */
  remark?(value: string): string | null;
}

/** One of a few, each with its word. */
export interface ChoiceControl<V extends string> {
  kind: 'choice';
  options: Record<V, string>;
}

/** One of the palettes that there are, or that of the theme. */
export interface PaletteControl {
  kind: 'palette';
}

/** The palettes that there are. */
export interface PalettesControl {
  kind: 'palettes';
}

/** Words for each start of an agent. */
export interface ArgumentsControl {
  kind: 'arguments';
}

/** Keys for actions. */
export interface KeysControl {
  kind: 'keys';
}

/** Entries by name, which are shown here and written in the file. */
export interface EntriesControl<E> {
  kind: 'entries';
  /** What it means that there are none. */
  none: string;
  /** An entry in a line of words. */
  describe(entry: E): string;
  /** What one looks like in the file. */
  example: string;
}

/** Texts without an order of their own. */
export interface ListControl {
  kind: 'list';
  /** What it means that there are none. */
  none: string;
  /** What one is called: "Add a pattern". */
  one: string;
  /** What one looks like. */
  example: string;
}

/** `never`: whoever shows entries hands each to the control that it came with. */
export type Control =
  | SwitchControl
  | NumberControl
  | TextControl
  | ChoiceControl<string>
  | PaletteControl
  | PalettesControl
  | ArgumentsControl
  | KeysControl
  | ListControl
  | EntriesControl<never>;

type TextControlFor<V extends string> = string extends V
  ? TextControl | PaletteControl
  : ChoiceControl<V>;

// In brackets, so that a value of several kinds is one value.
type ControlFor<V> = [V] extends [boolean]
  ? SwitchControl
  : [V] extends [number]
    ? NumberControl
    : [V] extends [string]
      ? TextControlFor<V>
      : [V] extends [string[]]
        ? ListControl
        : [V] extends [Record<string, string[]>]
          ? ArgumentsControl | KeysControl
          : [V] extends [Record<string, Palette>]
            ? PalettesControl
            : V extends Record<string, infer E>
              ? EntriesControl<E>
              : never;

export interface Words<V, G> {
  label: string;
  /** What it does, in a sentence or two. */
  about: string;
  /** What must change with it, so that the daemon can take it. */
  moves?(value: V, group: G): Partial<G>;
  /** Where nobody has set it the machine decides, and what it decides is not known here. */
  byMachine?: true;
}

/** A section of the page. */
export interface Records<G extends Group> {
  /** What the section belongs to; null when it stands for itself. */
  area: string | null;
  title: string;
  settings: {
    [N in keyof SynkSettings[G]]: Words<SynkSettings[G][N], SynkSettings[G]> &
      ControlFor<SynkSettings[G][N]>;
  };
}

/** "2 shells", "1,440 minutes". */
export function readable(count: number, [one, several]: NumberControl['unit']): string {
  const unit = count === 1 ? one : several;
  return `${count.toLocaleString('en')}${unit === '%' ? '' : ' '}${unit}`;
}
