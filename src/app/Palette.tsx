// Every action that can be done now, to find by typing.
import { Command } from 'cmdk';
import { useRef } from 'react';
import { useStore } from 'zustand';
import { useKeysOf } from '@/features/keyboard';
import { Keys, Sheet } from '@/ui';
import type { Action } from './action';
import { actionsOf } from './actions';
import type { Synk } from './synk';

export function Palette({ synk }: { synk: Synk }) {
  const open = useStore(synk.chrome, (state) => state.sheet === 'palette');
  const keysOf = useKeysOf();
  const chosen = useRef<Action>(null);
  const close = () => synk.chrome.setState({ sheet: null });
  return (
    <Sheet
      open={open}
      title="Actions"
      onClose={close}
      onClosed={() => {
        // The keyboard goes back first, so that an action that moves it has the last word.
        synk.restoreKeyboard();
        const action = chosen.current;
        chosen.current = null;
        action?.run(synk);
      }}
    >
      <Command label="Actions" loop className="flex max-h-[60vh] flex-col">
        <Command.Input
          placeholder="What do you want to do?"
          className="h-11 shrink-0 border-b border-line bg-transparent px-4 text-large text-ink outline-none placeholder:text-dim"
        />
        <Command.List className="min-h-0 flex-1 overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-center text-dim">
            No action is called that.
          </Command.Empty>
          {open &&
            actionsOf(synk)
              .filter((action) => isOffered(action, synk))
              .map((action) => (
                <Command.Item
                  key={action.id}
                  value={action.id}
                  keywords={[action.name]}
                  onSelect={() => {
                    chosen.current = action;
                    close();
                  }}
                  className="flex h-8 items-center justify-between gap-4 rounded-small px-2.5 text-ink data-[selected=true]:bg-hover"
                >
                  <span className="truncate">{action.name}</span>
                  {keysOf(action.id) !== '' && <Keys keys={keysOf(action.id)} />}
                </Command.Item>
              ))}
        </Command.List>
      </Command>
    </Sheet>
  );
}

/** Keys of the grid for what another action does too are no action of their own here. */
const ELSEWHERE = ['palette', 'command.grid'];

function isOffered(action: Action, synk: Synk): boolean {
  const { id, when } = action;
  return !ELSEWHERE.includes(id) && !id.startsWith('grid.') && when(synk);
}
