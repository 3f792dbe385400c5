// The top line: which project, the workspaces, how many panes there are and how they are, and the
// way to a new one.
import { Command, PanelLeft } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { AttentionMenu, describeNeed, inNeed } from '@/features/attention';
import { useKeysOf } from '@/features/keyboard';
import { ProjectMenu } from '@/features/projects';
import { panesOf, shownState } from '@/features/sessions';
import { Tabs } from '@/features/workspaces';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { IconButton } from '@/ui';
import { NewMenu } from './NewMenu';
import type { Synk } from './synk';

/** The id of the element that shows the workspace. */
export const WORKSPACE_ID = 'workspace';

export function Bar({ synk }: { synk: Synk }) {
  const keysOf = useKeysOf();
  const homeDir = useStore(synk.sessions.store, (state) => state.homeDir);
  const sidebar = useStore(synk.chrome, (state) => state.sidebar);

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
        <Tabs
          workspaces={synk.workspaces}
          sessions={synk.sessions}
          carry={synk.desk.carry}
          newKeys={keysOf('workspace.new')}
          controls={WORKSPACE_ID}
          onCreate={() => void synk.desk.create()}
          onClose={(workspaceId) => void synk.desk.close(workspaceId)}
          onLeave={() => synk.restoreKeyboard()}
        />
        <Summary synk={synk} />
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

/** How the panes are, and the list of who needs a person. */
function Summary({ synk }: { synk: Synk }) {
  const keysOf = useKeysOf();
  const sessions = useStore(synk.sessions.store, (state) => state.sessions);
  const attention = useStore(synk.chrome, (state) => state.attention);
  const summary = useMemo(() => summaryOf(panesOf(sessions)), [sessions]);
  const need = useMemo(() => inNeed(sessions), [sessions]);
  const needed = describeNeed(need);
  // A list that is gone with the last who waited does not come back by itself.
  useEffect(() => {
    if (needed === '') synk.chrome.setState({ attention: false });
  }, [needed, synk]);

  return (
    <span
      className="flex min-w-0 items-center text-small text-dim max-md:shrink-0"
      data-testid="summary"
    >
      <span className="truncate max-md:hidden">{summary}</span>
      {needed !== '' && (
        <>
          <span className="whitespace-pre max-md:hidden"> · </span>
          <AttentionMenu
            need={need}
            nextKeys={keysOf('attention.next')}
            open={attention}
            onOpenChange={(open) => synk.chrome.setState({ attention: open })}
            onSelect={(sessionId) => void synk.goToSession(sessionId)}
            onClosed={() => synk.restoreKeyboard()}
          >
            <button
              type="button"
              data-testid="attention"
              className={`-mx-1 shrink-0 rounded-small px-1 transition-colors hover:bg-hover data-[state=open]:bg-hover ${need.waiting.length > 0 ? 'font-medium text-warn' : 'text-accent'}`}
            >
              {needed}
            </button>
          </AttentionMenu>
        </>
      )}
    </span>
  );
}

/** "4 panes · 2 working · 1 lost". Who waits is said beside it. */
function summaryOf(panes: SessionInfo[]): string {
  if (panes.length === 0) return '';
  const count = (shown: string) => panes.filter((pane) => shownState(pane) === shown).length;
  const counts = [`${panes.length} ${panes.length === 1 ? 'pane' : 'panes'}`];
  for (const shown of ['working', 'lost']) {
    if (count(shown) > 0) counts.push(`${count(shown)} ${shown}`);
  }
  return counts.join(' · ');
}
