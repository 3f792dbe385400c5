// The top line: which project, how many panes, and the way to a new one.
import { Command, PanelLeft } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { ProjectMenu } from '@/features/projects';
import { hasEnded, panesOf } from '@/features/sessions';
import { IconButton } from '@/ui';
import { keysOf } from './actions';
import { NewMenu } from './NewMenu';
import type { Synk } from './synk';

export function Bar({ synk }: { synk: Synk }) {
  const sessions = useStore(synk.sessions.store, (state) => state.sessions);
  const homeDir = useStore(synk.sessions.store, (state) => state.homeDir);
  const sidebar = useStore(synk.chrome, (state) => state.sidebar);
  const summary = useMemo(() => {
    const panes = panesOf(sessions);
    if (panes.length === 0) return '';
    const running = panes.filter((pane) => !hasEnded(pane.state)).length;
    const lost = panes.filter((pane) => pane.state === 'lost').length;
    const counts = [
      `${panes.length} ${panes.length === 1 ? 'pane' : 'panes'}`,
      `${running} running`,
      ...(lost > 0 ? [`${lost} lost`] : []),
    ];
    return counts.join(' · ');
  }, [sessions]);

  return (
    <header className="flex h-(--bar-height) shrink-0 items-center border-b border-line bg-surface pr-2">
      <div
        className={`flex h-full shrink-0 items-center justify-between gap-1 pr-1.5 pl-3 ${sidebar ? 'w-(--sidebar-width) border-r border-line' : ''}`}
      >
        <h1 className="text-base font-semibold tracking-tight text-ink">synk</h1>
        <IconButton
          label={sidebar ? 'Hide the sidebar' : 'Show the sidebar'}
          aria-expanded={sidebar}
          onClick={() => {
            synk.chrome.setState({ sidebar: !sidebar });
            synk.restoreKeyboard();
          }}
        >
          <PanelLeft size={14} />
        </IconButton>
      </div>
      <div className="flex min-w-0 flex-1 items-center gap-3 px-1.5">
        <ProjectMenu
          projects={synk.projects}
          homeDir={homeDir}
          onPickFolder={() => void synk.pickFolder()}
          onClosed={() => synk.restoreKeyboard()}
        />
        <span className="truncate text-small text-dim" data-testid="summary">
          {summary}
        </span>
      </div>
      <NewMenu synk={synk} />
      <IconButton
        label="Every action"
        keys={keysOf('palette')}
        className="ml-1"
        onClick={() => synk.chrome.setState({ sheet: 'palette' })}
      >
        <Command size={14} />
      </IconButton>
    </header>
  );
}
