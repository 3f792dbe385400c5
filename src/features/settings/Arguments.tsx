// Words for each start of an agent that Synk knows, a line for each.
import { type KeyboardEvent, useEffect, useEffectEvent, useId, useState } from 'react';
import { AgentGlyph, agentName, offeredAgents } from '@/features/sessions';
import { lineOf, wordsOf } from './words';

interface ArgumentsProps {
  value: Record<string, string[]>;
  onChange(value: Record<string, string[]>): void;
}

/** The agents that Synk knows without being told, which have a terminal of their own. */
const AGENTS = offeredAgents([])
  .map(({ agentType }) => agentType)
  .filter((agentType) => agentType !== 'terminal');

export function Arguments({ value, onChange }: ArgumentsProps) {
  // What somebody has written for an agent that is not known any more is there to be seen.
  const agents = [...new Set([...AGENTS, ...Object.keys(value)])];
  return (
    <ul className="flex w-full flex-col gap-1.5">
      {agents.map((agentType) => (
        <Line
          key={agentType}
          agentType={agentType}
          words={value[agentType] ?? []}
          onChange={(words) => {
            const { [agentType]: _, ...others } = value;
            onChange(words.length > 0 ? { ...others, [agentType]: words } : others);
          }}
        />
      ))}
    </ul>
  );
}

interface LineProps {
  agentType: string;
  words: string[];
  onChange(words: string[]): void;
}

/** What is typed is a draft until Enter, or until the field or the page is left. */
function Line({ agentType, words, onChange }: LineProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const wrong = useId();
  const name = agentName(agentType, []);
  const isOpen = draft !== null && wordsOf(draft) === null;
  const settle = () => {
    if (draft === null) return;
    setDraft(null);
    const next = wordsOf(draft);
    if (next !== null && lineOf(next) !== lineOf(words)) onChange(next);
  };
  const onLeave = useEffectEvent(settle);
  useEffect(() => () => onLeave(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter') settle();
  };
  return (
    <li className="grid grid-cols-[9rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1 text-small">
      <span className="flex items-center gap-2 text-ink">
        <AgentGlyph agentType={agentType} />
        {name}
      </span>
      <input
        aria-label={`Arguments of ${name}`}
        aria-invalid={isOpen || undefined}
        aria-describedby={isOpen ? wrong : undefined}
        value={draft ?? lineOf(words)}
        placeholder="none"
        spellCheck={false}
        autoComplete="off"
        className={`h-7 w-full min-w-0 rounded-medium border bg-surface px-2 font-mono text-small text-ink placeholder:text-dim ${isOpen ? 'border-danger' : 'border-line'}`}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={settle}
        onKeyDown={onKeyDown}
      />
      {isOpen && (
        <p id={wrong} role="alert" className="col-start-2 text-danger">
          A quote is left open.
        </p>
      )}
    </li>
  );
}
