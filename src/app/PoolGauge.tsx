// How full the pool of waiting shells is, in the status line. It opens the pool's settings.
import { TriangleAlert } from 'lucide-react';
import { useStore } from 'zustand';
import { useKeysOf } from '@/features/keyboard';
import { readableMemory } from '@/features/pool';
import type { PoolStatus } from '@/protocol/generated/protocol';
import { Tooltip } from '@/ui';
import type { Synk } from './synk';

export function PoolGauge({ synk }: { synk: Synk }) {
  const keysOf = useKeysOf();
  const status = useStore(synk.pool.store, (state) => state.status);
  // Not known when the settings cannot be read; the pool works by the last ones.
  const size = useStore(synk.settings.store, ({ settings }) => settings?.pool.initialSize);
  if (status === null) return null;
  const { idle, problem } = status;
  return (
    <>
      <Tooltip text={<Details status={status} size={size} />} keys={keysOf('settings')}>
        <button
          type="button"
          data-testid="pool"
          onClick={() => {
            synk.settings.choose('pool');
            synk.chrome.setState({ sheet: 'settings' });
          }}
          className="-mx-1 flex shrink-0 items-center gap-1 rounded-small px-1 tabular-nums transition-colors hover:text-ink"
        >
          {problem !== null && (
            <TriangleAlert size={11} className="text-warn" role="img" aria-label="Problem:" />
          )}
          {size === 0 ? 'pool off' : `pool ${size === undefined ? idle : `${idle}/${size}`}`}
        </button>
      </Tooltip>
      <span aria-hidden>·</span>
    </>
  );
}

function Details({ status, size }: { status: PoolStatus; size: number | undefined }) {
  const { idle, warming, active, memoryBytes, problem } = status;
  const memory = memoryBytes > 0 ? ` (${readableMemory(memoryBytes)})` : '';
  const sessions = active === 1 ? '1 session runs' : `${active} sessions run`;
  const shells = size === undefined ? `${idle}` : `${idle} of ${size}`;
  return (
    <>
      {size === 0 ? 'No shells wait' : `${shells} shells wait${memory}`}, {warming} warming up,{' '}
      {sessions}.{problem !== null && <span className="mt-1 block">{problem}</span>}
    </>
  );
}
