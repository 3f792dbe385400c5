// Every session by name and how it is: those with a pane, by workspace where there are several,
// those in the background, and at the foot how many of them wait.
import { TriangleAlert } from 'lucide-react';
import { memo, type ReactNode, useId, useMemo } from 'react';
import { useStore } from 'zustand';
import { AttentionMenu, inNeed } from '@/features/attention';
import { useKeysOf } from '@/features/keyboard';
import {
  AgentGlyph,
  backgroundOf,
  isWaiting,
  panesOf,
  StatusDot,
  stateWord,
} from '@/features/sessions';
import type { SessionInfo } from '@/protocol/generated/protocol';
import type { Synk } from './synk';

export function Sidebar({ synk }: { synk: Synk }) {
  const keysOf = useKeysOf();
  const sessions = useStore(synk.sessions.store, (state) => state.sessions);
  const loaded = useStore(synk.sessions.store, (state) => state.loaded);
  const focused = useStore(synk.grid.store, (state) => state.focused);
  const { workspaces, shown } = useStore(synk.workspaces.store);
  const several = workspaces.length > 1;
  const groups = workspaces.map(({ workspaceId, name }) => ({
    workspaceId,
    title: several ? name : 'Panes',
    panes: panesOf(sessions, workspaceId),
  }));
  const background = backgroundOf(sessions);
  const need = useMemo(() => inNeed(sessions), [sessions]);
  return (
    <nav
      aria-label="Sessions"
      className="flex w-(--sidebar-width) shrink-0 flex-col border-r border-line bg-surface"
    >
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto py-2">
        {groups.map(({ workspaceId, title, panes }) => (
          <List
            key={workspaceId}
            title={title}
            isOnShow={several && workspaceId === shown}
            empty={loaded ? 'No panes yet' : ''}
          >
            {panes.map((session) => (
              <Row
                key={session.sessionId}
                synk={synk}
                session={session}
                current={session.sessionId === focused}
              />
            ))}
          </List>
        ))}
        {background.length > 0 && (
          <List title="Background">
            {background.map((session) => (
              <Row key={session.sessionId} synk={synk} session={session} current={false} />
            ))}
          </List>
        )}
      </div>
      {need.waiting.length > 0 && (
        <AttentionMenu
          need={need}
          side="top"
          nextKeys={keysOf('attention.next')}
          onSelect={(sessionId) => void synk.goToSession(sessionId)}
          onClosed={() => synk.restoreKeyboard()}
        >
          <button
            type="button"
            data-testid="waiting"
            className="flex h-8 shrink-0 items-center gap-2 border-t border-warn bg-warn-soft px-3 text-small font-semibold text-warn"
          >
            <TriangleAlert size={13} aria-hidden />
            {need.waiting.length} waiting
          </button>
        </AttentionMenu>
      )}
    </nav>
  );
}

interface ListProps {
  title: string;
  empty?: string;
  /** It is the workspace on show, of several. */
  isOnShow?: boolean;
  children: ReactNode[];
}

function List({ title, empty, isOnShow = false, children }: ListProps) {
  const heading = useId();
  return (
    <div>
      <h2
        id={heading}
        className={`truncate px-3 pb-1 text-tiny font-medium tracking-wide uppercase ${isOnShow ? 'text-ink' : 'text-dim'}`}
      >
        {title}
      </h2>
      {children.length === 0 && <p className="px-3 text-small text-dim">{empty}</p>}
      <ul aria-labelledby={heading}>{children}</ul>
    </div>
  );
}

interface RowProps {
  synk: Synk;
  session: SessionInfo;
  current: boolean;
}

/** Rendered for what is new of its own session. One in the background gets a pane. */
const Row = memo(function Row({ synk, session, current }: RowProps) {
  const { sessionId, name, paneIndex } = session;
  const since = useStore(synk.sessions.store, (state) => state.since[sessionId]);
  const label = paneIndex === null ? `Show in the grid: ${name}` : name;
  const word = stateWord(session);
  return (
    <li className="px-1.5">
      <button
        type="button"
        aria-label={word ? `${label} ${word}` : label}
        aria-current={current}
        onClick={() => {
          if (paneIndex === null) void synk.show(sessionId);
          else synk.select(sessionId);
        }}
        className="flex h-6 w-full items-center gap-1.5 rounded-small px-1.5 text-left text-small text-dim transition-colors hover:bg-hover hover:text-ink aria-[current=true]:bg-hover aria-[current=true]:text-ink"
      >
        <StatusDot session={session} since={since} />
        <AgentGlyph agentType={session.agentType} size={11} />
        <span className="min-w-0 flex-1 truncate">{name}</span>{' '}
        <span
          className={`shrink-0 text-tiny ${isWaiting(session) ? 'font-semibold text-warn' : 'text-dim'}`}
        >
          {word}
        </span>
      </button>
    </li>
  );
});
