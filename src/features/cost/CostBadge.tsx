// What a session has used, in its pane's header; of what, and where that is known from, in the
// tooltip. In a narrow pane it gives way to what can be done there.
import type { CostAccumulator } from '@/protocol/generated/protocol';
import { Tooltip } from '@/ui';
import { readableCost, readableTokens, tokenClasses } from './readable';

/** `isAgent`: something that costs can be expected of. */
export function CostBadge({ cost, isAgent }: { cost: CostAccumulator | null; isAgent: boolean }) {
  if (cost === null) {
    return (
      <span
        data-testid="cost"
        title={isAgent ? 'What it has used is not known' : 'A shell uses nothing'}
        className="shrink-0 text-tiny text-dim @max-sm:group-hover/pane:hidden"
      >
        –
      </span>
    );
  }
  const text = readableCost(cost.cost);
  return (
    <Tooltip text={<Details cost={cost} />}>
      <span
        data-testid="cost"
        className="shrink-0 text-tiny text-dim tabular-nums @max-3xs:group-data-[status=waiting]/pane:hidden @max-sm:group-hover/pane:hidden"
      >
        {text}
      </span>
    </Tooltip>
  );
}

function Details({ cost: { cost, models, source } }: { cost: CostAccumulator }) {
  return (
    <>
      {tokenClasses(cost.tokens)
        .map(([name, count]) => `${readableTokens(count)} ${name}`)
        .join(', ')}
      <span className="block break-words text-dim">{models.join(', ')}</span>
      {cost.unpricedTokens > 0 && (
        <span className="block text-dim">
          {readableTokens(cost.unpricedTokens)} tokens are of models without a price
        </span>
      )}
      {source === 'screen' && <span className="block text-dim">read from its screen</span>}
    </>
  );
}
