// The search over all sessions: a field, and under it the lines that were found.
import { LoaderCircle, Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { useStore } from 'zustand';
import { Button, Keys, Sheet } from '@/ui';
import { Hits, optionId } from './Hits';
import type { HistorySearch, SearchState } from './search';

/** How far Page up and Page down go, in lines. */
const PAGE = 10;

interface SearchSheetProps {
  open: boolean;
  search: HistorySearch;
  /** The person wants to see a hit, by its index. */
  onOpen(index: number): void;
  onClose(): void;
  /** The sheet is gone. */
  onClosed(): void;
}

export function SearchSheet(props: SearchSheetProps) {
  return (
    <Sheet
      open={props.open}
      title="Search all sessions"
      wide
      onClose={props.onClose}
      onClosed={props.onClosed}
    >
      <SearchBody {...props} />
    </Sheet>
  );
}

function SearchBody({ search, onOpen }: SearchSheetProps) {
  const state = useStore(search.store);
  const agents = useStore(search.agents);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  const { text, hits, chosen } = state;

  useEffect(() => {
    field.current?.select();
    search.begin();
  }, [search]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const target = targetOf(event, chosen, hits.length);
    if (target !== null) {
      event.preventDefault();
      search.choose(target);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      // What is on show may be for an earlier text.
      if (hits.length > 0 && !state.searching) onOpen(chosen);
    }
  };

  return (
    <div className="flex max-h-[72vh] flex-col">
      <div className="flex h-11 shrink-0 items-center gap-2.5 border-b border-line px-4">
        {state.searching ? (
          <LoaderCircle size={15} className="animate-spin text-dim" aria-hidden />
        ) : (
          <Search size={15} className="text-dim" aria-hidden />
        )}
        <input
          ref={field}
          role="combobox"
          aria-label="Search all sessions"
          aria-expanded={hits.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={hits.length > 0 ? optionId(list, chosen) : undefined}
          value={text}
          placeholder="Search in all sessions"
          spellCheck={false}
          autoComplete="off"
          className="min-w-0 flex-1 bg-transparent text-large text-ink outline-none placeholder:text-dim"
          onChange={(event) => search.type(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <span role="status" className="shrink-0 text-tiny text-dim tabular-nums">
          {describe(state)}
        </span>
      </div>
      <Hits
        id={list}
        hits={hits}
        chosen={chosen}
        agents={agents}
        busy={state.searching}
        onPoint={(index) => search.choose(index)}
        onOpen={onOpen}
      />
      <Below
        state={state}
        onMore={() => void search.showMore()}
        onAgain={() => void search.again()}
      />
    </div>
  );
}

interface BelowProps {
  state: SearchState;
  onMore(): void;
  onAgain(): void;
}

/** What stands under the lines, or in their place. */
function Below({ state, onMore, onAgain }: BelowProps) {
  const { text, problem, hits, answered, more, canShowMore } = state;
  if (problem !== null) {
    return (
      <Note role="alert">
        <span className="max-w-100 text-ink">{problem}</span>
        <Button onClick={onAgain}>Try again</Button>
      </Note>
    );
  }
  if (text.trim() === '') {
    return (
      <Note>
        What every session has put out, also those that were closed.
        <span className="flex items-center gap-1.5">
          <Keys keys="Enter" /> goes to the line
        </span>
      </Note>
    );
  }
  if (answered === null) return null;
  if (hits.length === 0) {
    return <Note>{more ? 'Nothing so far; not all could be read.' : 'No line holds that.'}</Note>;
  }
  if (canShowMore) {
    return (
      <Note>
        <Button onClick={onMore}>Show more</Button>
      </Note>
    );
  }
  return more ? <Note>There is more than can be shown. Type more of the line.</Note> : null;
}

function Note({ role, children }: { role?: 'alert'; children: ReactNode }) {
  return (
    <div
      role={role}
      className="flex shrink-0 flex-col items-center gap-2 px-3 py-4 text-center text-dim"
    >
      {children}
    </div>
  );
}

function describe({ text, searching, hits, answered, more }: SearchState): string {
  if (text.trim() === '' || answered === null) return searching ? 'Searching…' : '';
  return `${hits.length}${more ? '+' : ''} ${hits.length === 1 ? 'line' : 'lines'}`;
}

/** The hit that a key leads to; null for any other key. */
function targetOf({ key }: KeyboardEvent, chosen: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return chosen + 1 < count ? chosen + 1 : 0;
    case 'ArrowUp':
      return chosen > 0 ? chosen - 1 : count - 1;
    case 'PageDown':
      return chosen + PAGE;
    case 'PageUp':
      return chosen - PAGE;
    default:
      return null;
  }
}
