// The settings: sections on the left, their settings on the right, and a field that finds
// settings in all sections. What there is to set is in the records.
import { Search, TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Keyboard } from '@/features/keyboard';
import type { Pool } from '@/features/pool';
import type { Transport } from '@/transport';
import { Button } from '@/ui';
import { PoolNow } from './PoolNow';
import { type Group, SECTIONS, type Section, sectionsWith } from './records';
import { SettingRow } from './SettingRow';
import type { Settings } from './store';

export interface SettingsPageProps {
  settings: Settings;
  pool: Pool;
  keyboard: Keyboard;
  transport: Transport;
}

export default function SettingsPage({ settings, pool, keyboard, transport }: SettingsPageProps) {
  const { settings: values, refused, wrong, problem, chosen } = useStore(settings.store);
  const [text, setText] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => settings.begin(), [settings]);
  // It may have come after its sheet, which had nothing to give the keyboard to.
  useEffect(() => search.current?.focus(), []);

  const isSearching = text.trim() !== '';
  const found = sectionsWith(text);
  const shown = isSearching ? found : SECTIONS.filter(({ group }) => group === chosen);
  const around = {
    actions: keyboard.actions(),
    transport,
    onImported: (name: string) => settings.set('appearance', 'palette', name),
  };
  return (
    <div className="flex h-[72vh] flex-col">
      <div className="flex h-11 shrink-0 items-center gap-2.5 border-b border-line px-4">
        <Search size={15} className="text-dim" aria-hidden />
        <input
          ref={search}
          type="search"
          aria-label="Search settings"
          value={text}
          placeholder="Search settings"
          spellCheck={false}
          autoComplete="off"
          className="min-w-0 flex-1 appearance-none bg-transparent text-large text-ink outline-none placeholder:text-dim [&::-webkit-search-cancel-button]:hidden"
          onChange={(event) => {
            setText(event.target.value);
            page.current?.scrollTo?.(0, 0);
          }}
        />
      </div>
      {wrong !== null && (
        <div
          role="alert"
          className="flex shrink-0 items-start gap-2 border-b border-warn bg-warn-soft px-4 py-2 text-small text-ink"
        >
          <TriangleAlert size={13} className="mt-0.75 shrink-0 text-warn" aria-hidden />
          <p className="max-h-24 min-w-0 flex-1 overflow-y-auto break-words whitespace-pre-wrap select-text">
            {wrong}
          </p>
        </div>
      )}
      <div className="flex min-h-0 flex-1 flex-col sm:flex-row">
        <Sections
          chosen={isSearching ? null : chosen}
          onChoose={(group) => {
            setText('');
            settings.choose(group);
            page.current?.scrollTo?.(0, 0);
          }}
        />
        <div ref={page} className="min-h-0 min-w-0 flex-1 overflow-y-auto px-5 py-3">
          {problem !== null && wrong === null && (
            <Note>
              <span role="alert" className="break-words text-ink select-text">
                {problem}
              </span>
              <Button onClick={() => void settings.load()}>Try again</Button>
            </Note>
          )}
          {values === null && problem === null && <Note>Asking the daemon…</Note>}
          {values !== null &&
            shown.map((section) => (
              <section key={section.group} aria-label={section.title} className="mb-4">
                <h2 className="flex items-baseline gap-1.5 pb-1 font-medium text-ink">
                  {section.area && <span className="font-normal text-dim">{section.area} ›</span>}
                  {section.title}
                </h2>
                {section.group === 'pool' && !isSearching && (
                  <PoolNow pool={pool} settings={values.pool} />
                )}
                <ul>
                  {section.settings.map((setting) => (
                    <SettingRow
                      key={setting.id}
                      setting={setting}
                      value={setting.valueIn(values)}
                      refused={refused[setting.id]}
                      onChange={(value, now) => settings.change(setting, value, now)}
                      settings={values}
                      {...around}
                    />
                  ))}
                </ul>
              </section>
            ))}
          {values !== null && shown.length === 0 && <Note>No setting is called that.</Note>}
        </div>
      </div>
    </div>
  );
}

interface SectionsProps {
  /** Null while settings of all sections are on show. */
  chosen: Group | null;
  onChoose(group: Group): void;
}

function Sections({ chosen, onChoose }: SectionsProps) {
  return (
    <nav
      aria-label="Sections"
      className="flex shrink-0 gap-x-4 overflow-auto border-b border-line p-2 sm:w-44 sm:flex-col sm:border-r sm:border-b-0 sm:p-3"
    >
      {SECTIONS.map(({ group, area, title }: Section, index) => (
        <div key={group} className={`shrink-0 ${begins(index) && index > 0 ? 'sm:mt-2' : ''}`}>
          {area && begins(index) && (
            <div className="px-2 pb-0.5 text-tiny text-dim max-sm:sr-only">{area}</div>
          )}
          <button
            type="button"
            aria-current={group === chosen ? 'true' : undefined}
            onClick={() => onChoose(group)}
            className="flex h-7 w-full items-center rounded-small px-2 text-left whitespace-nowrap text-dim transition-colors hover:bg-hover hover:text-ink aria-[current]:bg-hover aria-[current]:text-ink"
          >
            {title}
          </button>
        </div>
      ))}
    </nav>
  );
}

/** Whether a section is the first of its area. */
function begins(index: number): boolean {
  return SECTIONS[index]?.area !== SECTIONS[index - 1]?.area;
}

function Note({ children }: { children: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 px-3 py-6 text-center text-dim">
      {children}
    </div>
  );
}
