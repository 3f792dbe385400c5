// What today has cost, in the status line. It opens the costs over time.
import { useStore } from 'zustand';
import { Tooltip } from '@/ui';
import { readableCost } from './readable';
import type { Costs } from './store';

export function CostToday({ costs, onOpen }: { costs: Costs; onOpen(): void }) {
  const today = useStore(costs.store, (state) => state.today);
  if (today === null) return null;
  return (
    <>
      <span aria-hidden>·</span>
      <Tooltip text="Costs over time">
        <button
          type="button"
          data-testid="cost-today"
          onClick={onOpen}
          className="-mx-1 shrink-0 rounded-small px-1 tabular-nums transition-colors hover:text-ink"
        >
          {today.nanodollars === null && today.unpricedTokens === 0
            ? '$0.00 today'
            : `${readableCost(today)} today`}
        </button>
      </Tooltip>
    </>
  );
}
