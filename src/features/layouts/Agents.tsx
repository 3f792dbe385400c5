// The agents of a layout as their signs, each once with how often it is there.
import { AgentGlyph, agentName } from '@/features/sessions';
import type { AgentInfo, AgentType } from '@/protocol/generated/protocol';

export function Agents({ types, agents }: { types: AgentType[]; agents: AgentInfo[] }) {
  const counts = new Map<AgentType, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  const words = [...counts].map(([type, count]) => `${count} × ${agentName(type, agents)}`);
  return (
    <span
      role="img"
      aria-label={words.join(', ') || 'no panes'}
      title={words.join(', ')}
      className="flex shrink-0 items-center gap-2"
    >
      {[...counts].map(([type, count]) => (
        <span key={type} className="flex items-center gap-0.5 text-tiny text-dim">
          <AgentGlyph agentType={type} size={11} />
          {count > 1 && count}
        </span>
      ))}
    </span>
  );
}
