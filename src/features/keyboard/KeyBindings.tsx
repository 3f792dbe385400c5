// Every action with its keys, and the way to give it others.
import { Search } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/ui';
import { type Bindable, type Bindings, keysFor, unreadable, whereOf } from './bindings';
import { KeyRow } from './KeyRow';
import { canonical, readableKeys } from './keys';

interface KeyBindingsProps {
  actions: Bindable[];
  bindings: Bindings;
  onChange(bindings: Bindings): void;
}

export function KeyBindings({ actions, bindings, onChange }: KeyBindingsProps) {
  const [text, setText] = useState('');
  const [recording, setRecording] = useState<string | null>(null);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = actions.filter((action) => {
    const keys = keysFor(action, bindings).map(readableKeys).join(' ');
    const told = `${action.name} ${action.id} ${whereOf(action)} ${keys}`.toLowerCase();
    return words.every((word) => told.includes(word));
  });
  const ignored = unreadable(actions, bindings);
  const hasAny = Object.keys(bindings).length > 0;
  return (
    <div className="flex w-full min-w-0 flex-col">
      <div className="flex items-center gap-2 pb-2">
        <span className="flex h-7 min-w-0 flex-1 items-center gap-2 rounded-medium border border-line bg-surface px-2 focus-within:border-accent">
          <Search size={13} className="shrink-0 text-dim" aria-hidden />
          <input
            type="search"
            aria-label="Find an action"
            value={text}
            placeholder="Find by name or keys"
            spellCheck={false}
            autoComplete="off"
            className="min-w-0 flex-1 appearance-none bg-transparent text-small text-ink outline-none placeholder:text-dim [&::-webkit-search-cancel-button]:hidden"
            onChange={(event) => setText(event.target.value)}
          />
        </span>
        <Button disabled={!hasAny} className="disabled:opacity-40" onClick={() => onChange({})}>
          Reset all
        </Button>
      </div>
      {ignored.length > 0 && (
        <ul
          aria-label="Ignored"
          className="mb-2 flex flex-col gap-1 rounded-medium bg-warn-soft p-2"
        >
          {ignored.map(({ id, why }) => (
            <li key={`${id} ${why}`} className="flex items-center gap-2 text-small text-ink">
              <span className="min-w-0 flex-1 break-words select-text">{why}</span>
              <Button
                aria-label={`Take out the keys of ${id} that are ignored`}
                onClick={() => onChange(without(id, actions, bindings))}
              >
                Take out
              </Button>
            </li>
          ))}
        </ul>
      )}
      {shown.length === 0 ? (
        <p className="py-4 text-center text-small text-dim">No action is called that.</p>
      ) : (
        <ul aria-label="Actions and their keys">
          {shown.map((action) => (
            <KeyRow
              key={action.id}
              action={action}
              actions={actions}
              bindings={bindings}
              recording={recording === action.id}
              onRecord={(begins) => setRecording(begins ? action.id : null)}
              onChange={onChange}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

/** `bindings` without what is ignored in those of one action. */
function without(id: string, actions: Bindable[], bindings: Bindings): Bindings {
  const { [id]: keys = [], ...others } = bindings;
  const left = keys.filter((chord) => canonical(chord) !== null);
  const isKnown = actions.some((each) => each.id === id);
  return isKnown && left.length > 0 ? { ...others, [id]: left } : others;
}
