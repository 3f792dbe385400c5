// How each agent looks: a name, a colour and a glyph of its own. Glyphs are drawn, because
// no font has all of them at one size. An agent from the settings is known by its first letter.
import type { ReactNode } from 'react';
import type { AgentInfo, AgentType } from '@/protocol/generated/protocol';

interface AgentLook {
  name: string;
  /** A text colour of the design tokens. */
  colour: string;
  glyph: ReactNode;
}

const LOOKS = new Map<AgentType, AgentLook>([
  ['terminal', { name: 'Shell', colour: 'text-shell', glyph: <path d="m4 2.5 6 5.5-6 5.5" /> }],
  [
    'claude_code',
    {
      name: 'Claude Code',
      colour: 'text-claude',
      glyph: <path d="M8 1.5v13M1.5 8h13M3.4 3.4l9.2 9.2M12.6 3.4l-9.2 9.2" />,
    },
  ],
  [
    'gemini_cli',
    {
      name: 'Gemini CLI',
      colour: 'text-gemini',
      glyph: (
        <path
          d="M8 1c.6 4.2 2.8 6.4 7 7-4.2.6-6.4 2.8-7 7-.6-4.2-2.8-6.4-7-7 4.2-.6 6.4-2.8 7-7Z"
          fill="currentColor"
          strokeWidth="0"
        />
      ),
    },
  ],
  [
    'codex',
    {
      name: 'OpenAI Codex',
      colour: 'text-codex',
      glyph: <path d="M8 1.5 14.5 8 8 14.5 1.5 8Z" fill="currentColor" />,
    },
  ],
]);

/** An agent that can be offered; `info` is missing until the daemon has looked for it. */
export interface OfferedAgent {
  agentType: AgentType;
  name: string;
  info: AgentInfo | undefined;
}

/** Every agent, in the order in which they are offered: Synk's own, then the user's. */
export function offeredAgents(agents: AgentInfo[]): OfferedAgent[] {
  const types = new Set([...LOOKS.keys(), ...agents.map(({ agentType }) => agentType)]);
  return [...types].map((agentType) => ({
    agentType,
    name: agentName(agentType, agents),
    info: agents.find((agent) => agent.agentType === agentType),
  }));
}

/** What people call an agent. One that nobody knows any more is called by its own name. */
export function agentName(agentType: AgentType, agents: AgentInfo[]): string {
  const known = agents.find((agent) => agent.agentType === agentType);
  return known?.name ?? LOOKS.get(agentType)?.name ?? agentType;
}

export function AgentGlyph({ agentType, size = 12 }: { agentType: AgentType; size?: number }) {
  const look = LOOKS.get(agentType);
  if (!look) return <Initial agentType={agentType} size={size} />;
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`shrink-0 ${look.colour}`}
      aria-hidden="true"
    >
      {look.glyph}
    </svg>
  );
}

/** The letter is drawn by the stylesheet: it is a picture, and no part of any name or text. */
function Initial({ agentType, size }: { agentType: AgentType; size: number }) {
  return (
    <span
      aria-hidden="true"
      data-initial={(/[a-z0-9]/.exec(agentType)?.[0] ?? '?').toUpperCase()}
      style={{ width: size, height: size, fontSize: size * 0.68, lineHeight: 1 }}
      className="flex shrink-0 items-center justify-center rounded-small border border-current font-bold text-other before:content-[attr(data-initial)]"
    />
  );
}
