// "+ New": the agents, one line each. One that is not on this machine says how to get it.
import { GitBranchPlus, Plus } from 'lucide-react';
import { useStore } from 'zustand';
import { useKeysOf } from '@/features/keyboard';
import { shortPath } from '@/features/projects';
import { AgentGlyph, offeredAgents } from '@/features/sessions';
import { Keys, Menu } from '@/ui';
import type { Synk } from './synk';

export function NewMenu({ synk }: { synk: Synk }) {
  const keysOf = useKeysOf();
  const agents = useStore(synk.sessions.store, (state) => state.agents);
  const homeDir = useStore(synk.sessions.store, (state) => state.homeDir);
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
      <Menu.Content align="end" onClosed={() => synk.restoreKeyboard()}>
        <Menu.Label>{path ? `New pane in ${shortPath(path, homeDir)}` : 'New pane'}</Menu.Label>
        {offeredAgents(agents).map(({ agentType, name, info }) => {
          const found = info !== undefined && info.path !== null;
          return (
            <Menu.Item
              key={agentType}
              disabled={!found}
              onSelect={() => void synk.create(agentType)}
            >
              <AgentGlyph agentType={agentType} size={13} />
              <span className="min-w-0 flex-1">
                <span className="flex items-baseline gap-2">
                  <span className="truncate">{name}</span>
                  {info?.version && (
                    <span className="max-w-24 truncate text-tiny text-dim">{info.version}</span>
                  )}
                </span>
                {!found && info?.install && (
                  <code className="block truncate font-mono text-tiny text-dim">
                    {info.install}
                  </code>
                )}
              </span>
              {agentType === 'terminal' && <Keys keys={keysOf('pane.new')} />}
            </Menu.Item>
          );
        })}
        <Menu.Separator />
        <Menu.Item onSelect={() => synk.askForBranch()}>
          <GitBranchPlus size={13} className="text-dim" aria-hidden />
          On a branch of its own…
        </Menu.Item>
      </Menu.Content>
    </Menu.Root>
  );
}
