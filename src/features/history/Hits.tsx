// The lines that a search has found, session by session, as a list of options of the field
// above it. Which one is chosen is the field's business.
import { memo, useEffect, useMemo, useRef } from 'react';
import { AgentGlyph, clock, dayOf } from '@/features/sessions';
import type { SearchHit } from '@/protocol/generated/protocol';
import { type AgentTypes, groupsOf } from './search';

/** What of a line stands before a match, at most, so that the match itself can be seen. */
const MAX_BEFORE = 36;

interface HitsProps {
  id: string;
  hits: SearchHit[];
  chosen: number;
  agents: AgentTypes;
  /** Another answer is on its way. */
  busy: boolean;
  onPoint(index: number): void;
  onOpen(index: number): void;
}

export function optionId(list: string, index: number): string {
  return `${list}-${index}`;
}

export function Hits({ id, hits, chosen, agents, busy, onPoint, onOpen }: HitsProps) {
  const groups = useMemo(() => [...groupsOf(hits)], [hits]);
  const now = Date.now();
  let index = -1;
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Lines found"
      aria-busy={busy}
      className="min-h-0 overflow-y-auto px-1.5 pb-1.5 empty:hidden"
    >
      {groups.map(([sessionId, group]) => {
        const [{ name, closed } = { name: '', closed: false }] = group;
        const agentType = agents.get(sessionId);
        return (
          // A fieldset cannot be part of a listbox.
          // biome-ignore lint/a11y/useSemanticElements: see above.
          <div key={sessionId} role="group" aria-label={closed ? `${name}, closed` : name}>
            <p
              aria-hidden
              className="sticky top-0 z-10 flex h-7 items-center gap-1.5 bg-raised px-2.5 text-tiny text-dim"
            >
              {agentType && <AgentGlyph agentType={agentType} size={11} />}
              <span className="truncate font-medium text-ink">{name}</span>
              {closed && <span className="shrink-0">closed</span>}
            </p>
            {group.map((hit) => {
              index += 1;
              return (
                <Row
                  key={hit.offset}
                  id={optionId(id, index)}
                  index={index}
                  hit={hit}
                  time={dayOf(hit.at, now) || clock(hit.at)}
                  chosen={index === chosen}
                  onPoint={onPoint}
                  onOpen={onOpen}
                />
              );
            })}
          </div>
        );
      })}
    </div>
  );
}

interface RowProps {
  id: string;
  index: number;
  hit: SearchHit;
  time: string;
  chosen: boolean;
  onPoint(index: number): void;
  onOpen(index: number): void;
}

const Row = memo(function Row({ id, index, hit, time, chosen, onPoint, onOpen }: RowProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    // The keyboard stays in the field, which moves through the options.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above.
    // biome-ignore lint/a11y/useFocusableInteractive: see above.
    <div
      ref={element}
      id={id}
      role="option"
      aria-selected={chosen}
      onPointerMove={() => !chosen && onPoint(index)}
      onClick={() => onOpen(index)}
      className="flex h-7 scroll-mt-7 items-center gap-3 rounded-small px-2.5 text-ink aria-selected:bg-hover"
    >
      <code className="min-w-0 flex-1 truncate font-mono text-small whitespace-pre select-none">
        <span className="text-dim">{shortened(hit.before)}</span>
        <mark className="rounded-small bg-match text-ink">{hit.found}</mark>
        <span className="text-dim">{hit.after}</span>
      </code>
      <time dateTime={new Date(hit.at).toISOString()} className="shrink-0 text-tiny text-dim">
        {time}
      </time>
    </div>
  );
});

function shortened(before: string): string {
  const text = before.trimStart();
  return text.length > MAX_BEFORE ? `…${text.slice(1 - MAX_BEFORE)}` : text;
}
