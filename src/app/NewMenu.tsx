// "+ New": the agents, one line each. One that is not on this machine says how to get it.
import { Plus } from 'lucide-react';
import { useStore } from 'zustand';
import { shortPath } from '@/features/projects';
import { AGENT_TYPES, AgentGlyph, agentName } from '@/features/sessions';
import { Keys, Menu } from '@/ui';
import { keysOf } from './actions';
import type { Synk } from './synk';

export function NewMenu({ synk }: { synk: Synk }) {
  const { agents, homeDir } = useStore(synk.sessions.store);
  const current = useStore(synk.projects, (state) => state.current);
  const path = current ?? homeDir;
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        aria-label="New pane"
        className="flex h-6 items-center gap-1 rounded-small px-2 text-small text-ink transition-colors hover:bg-hover data-[state=open]:bg-hover"
      >
        <Plus size={13} aria-hidden />
        New
      </Menu.Trigger>
      <Menu.Content
        align="end"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          synk.restoreKeyboard();
        }}
      >
        <Menu.Label>{path ? `New pane in ${shortPath(path, homeDir)}` : 'New pane'}</Menu.Label>
        {AGENT_TYPES.map((agentType) => {
          const agent = agents.find((candidate) => candidate.agentType === agentType);
          const found = agent !== undefined && agent.path !== null;
          return (
            <Menu.Item
              key={agentType}
              disabled={!found}
              onSelect={() => void synk.create(agentType)}
            >
              <AgentGlyph agentType={agentType} size={13} />
              <span className="min-w-0 flex-1">
                <span className="block truncate">{agent?.name ?? agentName(agentType)}</span>
                {!found && agent?.install && (
                  <code className="block truncate font-mono text-tiny text-dim">
                    {agent.install}
                  </code>
                )}
              </span>
              {agentType === 'terminal' && <Keys keys={keysOf('pane.new')} />}
            </Menu.Item>
          );
        })}
      </Menu.Content>
    </Menu.Root>
  );
}
