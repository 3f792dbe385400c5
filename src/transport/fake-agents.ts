// The agents of the fake daemon's machine: one is not installed, and one is the user's own.
import type { AgentInfo } from '@/protocol/generated/protocol';

export const FAKE_HOME = '/home/ada';

export const FAKE_AGENTS: AgentInfo[] = [
  {
    agentType: 'terminal',
    name: 'Shell',
    command: '/bin/bash',
    path: '/bin/bash',
    version: null,
    install: null,
  },
  {
    agentType: 'claude_code',
    name: 'Claude Code',
    command: 'claude',
    path: `${FAKE_HOME}/.local/bin/claude`,
    version: '2.1.329',
    install: 'npm install -g @anthropic-ai/claude-code',
  },
  {
    agentType: 'gemini_cli',
    name: 'Gemini CLI',
    command: 'gemini',
    path: null,
    version: null,
    install: 'npm install -g @google/gemini-cli',
  },
  {
    agentType: 'codex',
    name: 'OpenAI Codex',
    command: 'codex',
    path: '/usr/local/bin/codex',
    version: '0.169.0',
    install: 'npm install -g @openai/codex',
  },
  {
    agentType: 'aider',
    name: 'Aider',
    command: 'aider',
    path: `${FAKE_HOME}/.local/bin/aider`,
    version: '0.90.1',
    install: 'pipx install aider-chat',
  },
];

/** The command that starts an agent, without its folder. */
export function commandOf(agentType: string): string {
  return FAKE_AGENTS.find((agent) => agent.agentType === agentType)?.command ?? agentType;
}
