// The bottom line: how the pool and the daemon are, how many sessions there are, what today has
// cost, and the keys that help where the keyboard is now.
import { useStore } from 'zustand';
import { LiveStatus } from '@/features/broadcast';
import { CostToday } from '@/features/cost';
import { useKeysOf } from '@/features/keyboard';
import { Keys } from '@/ui';
import { PoolGauge } from './PoolGauge';
import type { Synk } from './synk';

export function StatusLine({ synk }: { synk: Synk }) {
  const keysOf = useKeysOf();
  const connected = useStore(synk.sessions.store, ({ connection }) => connection === 'connected');
  const count = useStore(synk.sessions.store, ({ sessions }) => sessions.length);
  const { mode, focused, zoomed } = useStore(synk.grid.store);
  const inPast = useStore(synk.past.store, ({ hits: found }) => found.length > 0);
  const offered = inPast ? IN_PAST : hints(keysOf, focused !== null, mode);
  const shown = offered.filter(({ keys }) => keys.trim() !== '');
  return (
    <footer className="flex h-(--status-height) shrink-0 items-center gap-2 overflow-hidden border-t border-line bg-surface px-3 text-tiny whitespace-nowrap text-dim">
      <PoolGauge synk={synk} />
      <span
        aria-hidden
        className={`size-1.5 shrink-0 rounded-full ${connected ? 'bg-ok' : 'bg-warn'}`}
      />
      <span data-testid="daemon">{connected ? 'daemon ok' : 'daemon away'}</span>
      <span aria-hidden>·</span>
      <span>
        {count} {count === 1 ? 'session' : 'sessions'}
      </span>
      <CostToday costs={synk.costs} onOpen={() => synk.chrome.setState({ sheet: 'costs' })} />
      <LiveStatus live={synk.live} onEnd={() => synk.restoreKeyboard()} />
      {zoomed && (
        <>
          <span aria-hidden>·</span>
          <span className="text-accent">zoomed</span>
        </>
      )}
      {focused !== null && mode === 'grid' && (
        <>
          <span aria-hidden>·</span>
          <span className="text-accent" data-testid="mode">
            grid mode
          </span>
        </>
      )}
      {/* Keys for which there is no room go to a second row, which is not seen. */}
      <ul
        aria-label="Keys"
        className="flex h-full min-w-0 flex-1 flex-wrap justify-end gap-x-4 overflow-hidden"
      >
        {shown.map(({ keys, does }) => (
          <li key={does} className="flex h-full items-center gap-1.5">
            <Keys keys={keys} />
            {does}
          </li>
        ))}
      </ul>
    </footer>
  );
}

const MOVES = ['grid.left', 'grid.down', 'grid.up', 'grid.right'];

interface Hint {
  keys: string;
  does: string;
}

const IN_PAST: Hint[] = [
  { keys: 'Enter', does: 'next line' },
  { keys: 'Shift+Enter', does: 'previous' },
  { keys: 'Esc', does: 'back to the present' },
];

type KeysOf = (id: string) => string;

function hints(keysOf: KeysOf, hasPane: boolean, mode: 'terminal' | 'grid'): Hint[] {
  const create = { keys: keysOf('pane.new'), does: 'new' };
  const palette = { keys: keysOf('palette'), does: 'actions' };
  const all = { keys: keysOf('broadcast'), does: 'all' };
  if (!hasPane) return [create, palette];
  if (mode === 'terminal') {
    const command = { keys: keysOf('command'), does: 'command' };
    return [command, all, { keys: keysOf('terminal.leave'), does: 'grid' }, palette, create];
  }
  return [
    { keys: keysOf('command.grid'), does: 'command' },
    all,
    { keys: MOVES.map(keysOf).join(' '), does: 'move' },
    { keys: keysOf('terminal.enter'), does: 'terminal' },
    { keys: keysOf('grid.close'), does: 'close' },
    { keys: keysOf('keys'), does: 'keys' },
  ];
}
