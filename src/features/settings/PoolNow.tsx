// The pool beside its settings: how it is now, and what the sizes that are set will take.
import { TriangleAlert } from 'lucide-react';
import { useStore } from 'zustand';
import { type Pool, readableMemory } from '@/features/pool';
import type { PoolSettings } from '@/protocol/generated/protocol';

export function PoolNow({ pool, settings }: { pool: Pool; settings: PoolSettings }) {
  const { status, shellBytes } = useStore(pool.store);
  return (
    <section
      aria-label="The pool now"
      className="mt-1 mb-1 flex flex-col gap-2 rounded-medium border border-line bg-surface px-3 py-2.5"
    >
      {status === null ? (
        <p className="text-small text-dim">The daemon has not said how the pool is.</p>
      ) : (
        <dl className="flex flex-wrap gap-x-8 gap-y-1">
          <Figure name="waiting" value={String(status.idle)} />
          <Figure name="warming up" value={String(status.warming)} />
          <Figure
            name={status.active === 1 ? 'session runs' : 'sessions run'}
            value={String(status.active)}
          />
          {status.memoryBytes > 0 && (
            <Figure name="taken by those that wait" value={readableMemory(status.memoryBytes)} />
          )}
        </dl>
      )}
      <p className="text-small text-dim" data-testid="pool-estimate">
        {estimate(settings, shellBytes)}
      </p>
      {status !== null && status.problem !== null && (
        <p role="status" className="flex items-start gap-2 text-small text-ink select-text">
          <TriangleAlert size={13} className="mt-0.75 shrink-0 text-warn" aria-hidden />
          <span className="min-w-0 break-words">{status.problem}</span>
        </p>
      )}
    </section>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex items-baseline gap-1.5">
      <dd className="order-first text-large text-ink tabular-nums">{value}</dd>
      <dt className="order-last text-small text-dim">{name}</dt>
    </div>
  );
}

/** What the sizes that are set will take, as far as a waiting shell was measured. */
function estimate({ initialSize, maxSize }: PoolSettings, shellBytes: number | null): string {
  if (initialSize === 0) return 'The pool is off: each new pane waits for its shell to start.';
  if (shellBytes === null) {
    return 'What these sizes take in memory is not known yet: no waiting shell has been measured.';
  }
  const takes = (count: number) => `${count} × ${readableMemory(shellBytes)}`;
  const sum = (count: number) => readableMemory(count * shellBytes);
  const most = maxSize > initialSize ? `, and at most ${sum(maxSize)} for ${maxSize}` : '';
  return `These sizes take about ${sum(initialSize)} (${takes(initialSize)}, as measured)${most}.`;
}
