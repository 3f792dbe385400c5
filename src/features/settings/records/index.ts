// Every setting, in the order of the page. Ranges are those of the contract; the daemon has the
// last word on them.
import { DEFAULT_SETTINGS, type SynkSettings } from '@/protocol/generated/protocol';
import { AGENTS, PRICES } from './agents';
import { APPEARANCE } from './appearance';
import { GENERAL, SESSIONS } from './general';
import { KEYBOARD } from './keyboard';
import { NOTIFICATIONS } from './notifications';
import { POOL } from './performance';
import { LOGS } from './privacy';
import type { Changes, Control, Group, Records, Value, Words } from './record';
import { TERMINAL } from './terminal';
import { WORKTREES } from './worktrees';

export * from './record';

const RECORDS: { [G in Group]: Records<G> } = {
  general: GENERAL,
  sessions: SESSIONS,
  appearance: APPEARANCE,
  terminal: TERMINAL,
  agents: AGENTS,
  prices: PRICES,
  pool: POOL,
  worktrees: WORKTREES,
  notifications: NOTIFICATIONS,
  keyboard: KEYBOARD,
  logs: LOGS,
};

/** One setting, without the types of its group. */
export interface Setting {
  /** As people name it: "pool.maxSize". */
  id: string;
  label: string;
  about: string;
  control: Control;
  valueIn(settings: SynkSettings): Value;
  /** The changes that give it a value. */
  change(value: Value, settings: SynkSettings): Changes;
  /** Its value when nobody has set it; null where that is not known here. */
  byDefault: Value | null;
}

export interface Section {
  group: Group;
  area: string | null;
  title: string;
  settings: Setting[];
}

/** All there is, in the order of the page. */
export const SECTIONS: Section[] = (Object.keys(RECORDS) as Group[]).map((group) => {
  const { area, title, settings } = RECORDS[group];
  // The records are checked above; from here on all groups are alike.
  const records = Object.entries(settings) as [string, Words<Value, object> & Control][];
  return {
    group,
    area,
    title,
    settings: records.map(([name, { label, about, moves, byMachine, ...control }]) => {
      const valueIn = (all: SynkSettings) =>
        (all[group] as unknown as Record<string, Value>)[name] as Value;
      return {
        id: `${group}.${name}`,
        label,
        about,
        control,
        valueIn,
        change: (value, all) => ({ [group]: { [name]: value, ...moves?.(value, all[group]) } }),
        byDefault: byMachine ? null : valueIn(DEFAULT_SETTINGS),
      };
    }),
  };
});

/** The sections with the settings that `text` names, by their words or their names in the file. */
export function sectionsWith(text: string): Section[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return SECTIONS.flatMap((section) => {
    const settings = section.settings.filter(({ id, label, about }) => {
      const told = `${section.area ?? ''} ${section.title} ${label} ${about} ${id}`.toLowerCase();
      return words.every((word) => told.includes(word));
    });
    return settings.length > 0 ? [{ ...section, settings }] : [];
  });
}
