// All keys at a glance, made from the action records.
import { useStore } from 'zustand';
import { Keys, Sheet } from '@/ui';
import type { Action } from './action';
import { ACTIONS, readableKeys } from './actions';
import type { Synk } from './synk';

interface Line {
  name: string;
  keys: string;
}

const GROUPS: { title: string; holds(action: Action): boolean }[] = [
  {
    title: 'Anywhere',
    holds: ({ scopes }) => scopes.includes('terminal') && scopes.includes('grid'),
  },
  {
    title: 'In a terminal',
    holds: ({ scopes }) => scopes.length === 1 && scopes[0] === 'terminal',
  },
  { title: 'In the grid', holds: ({ scopes }) => scopes.length === 1 && scopes[0] === 'grid' },
];

export function KeyOverlay({ synk }: { synk: Synk }) {
  const open = useStore(synk.chrome, (state) => state.sheet === 'keys');
  return (
    <Sheet
      open={open}
      title="Keys"
      onClose={() => synk.chrome.setState({ sheet: null })}
      onClosed={() => synk.restoreKeyboard()}
    >
      <div className="grid max-h-[72vh] grid-cols-2 gap-x-8 gap-y-5 overflow-y-auto p-5">
        {GROUPS.map(({ title, holds }) => (
          <section key={title} aria-label={title} className="first:row-span-2">
            <h2 className="mb-1.5 text-tiny font-medium text-dim">{title}</h2>
            <dl className="flex flex-col gap-1">
              {linesOf(ACTIONS.filter(holds)).map((line) => (
                <div key={line.name} className="flex h-6 items-center justify-between gap-3">
                  <dt className="truncate text-small text-ink">{line.name}</dt>
                  <dd>
                    <Keys keys={line.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Sheet>
  );
}

function linesOf(actions: Action[]): Line[] {
  const lines = new Map<string, Line>();
  for (const { id, name, keys, together } of actions) {
    const first = keys[0];
    if (!first) continue;
    const line = together ?? { name, keys: readableKeys(first) };
    lines.set(together ? together.keys : id, line);
  }
  return [...lines.values()];
}
