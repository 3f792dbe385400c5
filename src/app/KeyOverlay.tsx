// All keys at a glance, made from the action records and what is set for them.
import { useStore } from 'zustand';
import { type Keyboard, readableKeys, scopesOf } from '@/features/keyboard';
import { Keys } from '@/ui';
import type { Action } from './action';
import { actionsOf } from './actions';
import type { Synk } from './synk';

interface Line {
  name: string;
  keys: string[];
}

const GROUPS: { title: string; holds(action: Action): boolean }[] = [
  { title: 'Anywhere', holds: (action) => scopesOf(action).length > 1 },
  { title: 'In a terminal', holds: (action) => isOnly(action, 'terminal') },
  { title: 'In the grid', holds: (action) => isOnly(action, 'grid') },
];

function isOnly(action: Action, scope: 'terminal' | 'grid'): boolean {
  const [first, ...others] = scopesOf(action);
  return first === scope && others.length === 0;
}

export default function KeyOverlay({ synk }: { synk: Synk }) {
  useStore(synk.keyboard.store);
  return (
    <div className="grid max-h-[72vh] gap-x-8 gap-y-5 overflow-y-auto p-5 sm:grid-cols-2">
      {GROUPS.map(({ title, holds }, index) => (
        <section key={title} aria-label={title} className={index === 0 ? 'sm:col-span-2' : ''}>
          <h2 className="mb-1.5 text-tiny font-medium text-dim">{title}</h2>
          <dl className={index === 0 ? 'gap-x-8 sm:columns-2' : ''}>
            {linesOf(actionsOf(synk).filter(holds), synk.keyboard).map((line) => (
              <div
                key={line.name}
                className="flex h-6.5 break-inside-avoid items-center justify-between gap-3"
              >
                <dt className="truncate text-small text-ink">{line.name}</dt>
                <dd className="flex shrink-0 gap-2">
                  {line.keys.map((keys) => (
                    <Keys key={keys} keys={keys} />
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

/** What has keys. Several actions with their own keys can be one line. */
function linesOf(actions: Action[], keyboard: Keyboard): Line[] {
  const { bindings } = keyboard.store.getState();
  const own = ({ together }: Action) =>
    together !== undefined &&
    actions.every((each) => each.together?.keys !== together.keys || !(each.id in bindings));
  const lines = new Map<string, Line>();
  for (const action of actions) {
    const { id, name, together } = action;
    const keys = keyboard.keysFor(action).map(readableKeys);
    if (keys.length === 0) continue;
    if (together && own(action)) lines.set(together.keys, { ...together, keys: [together.keys] });
    else lines.set(id, { name, keys });
  }
  return [...lines.values()];
}
