// How each agent looks: a name, a colour and a glyph of its own. Glyphs are drawn, because
// no font has all of them at one size.
import type { ReactNode } from 'react';
import type { AgentType } from '@/protocol/generated/protocol';

interface AgentLook {
  name: string;
  /** A text colour of the design tokens. */
  colour: string;
  glyph: ReactNode;
}

const LOOKS: Record<AgentType, AgentLook> = {
  claude_code: {
    name: 'Claude Code',
    colour: 'text-claude',
    glyph: <path d="M8 1.5v13M1.5 8h13M3.4 3.4l9.2 9.2M12.6 3.4l-9.2 9.2" />,
  },
  codex: {
    name: 'Codex',
    colour: 'text-codex',
    glyph: <path d="M8 1.5 14.5 8 8 14.5 1.5 8Z" fill="currentColor" />,
  },
  gemini_cli: {
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
  terminal: {
    name: 'Shell',
    colour: 'text-shell',
    glyph: <path d="m4 2.5 6 5.5-6 5.5" />,
  },
};

/** Every agent, in the order in which they are offered. */
export const AGENT_TYPES: AgentType[] = ['terminal', 'claude_code', 'gemini_cli', 'codex'];

export function agentName(agentType: AgentType): string {
  return LOOKS[agentType].name;
}

export function AgentGlyph({ agentType, size = 12 }: { agentType: AgentType; size?: number }) {
  const { colour, glyph } = LOOKS[agentType];
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
      className={`shrink-0 ${colour}`}
      aria-hidden="true"
    >
      {glyph}
    </svg>
  );
}
