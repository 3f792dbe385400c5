// The grid of panes. It reflows with their number; zoomed, it holds one pane and the others
// are not on the screen at all, so that they cost nothing.
import { type ReactNode, useCallback, useMemo } from 'react';
import { useStore } from 'zustand';
import { agentName, panesOf, type Sessions } from '@/features/sessions';
import type { Terminals } from '@/features/terminal';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { arrange } from './layout';
import { Pane } from './Pane';
import type { GridView } from './view';

/** What others have to say in a pane. */
export interface PaneMarks {
  /** In its header. */
  header(session: SessionInfo): ReactNode;
  /** Over all of it; it takes no click. */
  over(session: SessionInfo): ReactNode;
}

interface GridProps {
  sessions: Sessions;
  terminals: Terminals;
  view: GridView;
  marks: PaneMarks;
}

export function Grid({ sessions, terminals, view, marks }: GridProps) {
  const all = useStore(sessions.store, (state) => state.sessions);
  const since = useStore(sessions.store, (state) => state.since);
  const homeDir = useStore(sessions.store, (state) => state.homeDir);
  const agents = useStore(sessions.store, (state) => state.agents);
  const { focused, zoomed, renaming, searching, searchesAsked, ending } = useStore(view.store);
  const panes = useMemo(() => panesOf(all), [all]);
  const shown = zoomed ? panes.filter((pane) => pane.sessionId === focused) : panes;
  const { columns, rows, tracks, cells } = arrange(shown.length);
  const region = useCallback(
    (element: HTMLElement | null) => {
      view.region = element;
    },
    [view],
  );

  return (
    <section
      ref={region}
      tabIndex={-1}
      aria-label="Panes"
      data-grid
      data-testid="grid"
      data-columns={columns}
      data-rows={rows}
      className="grid min-h-0 min-w-0 gap-px bg-line"
      style={{
        gridTemplateColumns: `repeat(${tracks}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
      }}
    >
      {shown.map((session, index) => {
        const cell = cells[index] ?? { row: 0, track: 0, span: 1 };
        const { sessionId } = session;
        return (
          <Pane
            key={sessionId}
            session={session}
            since={since[sessionId]}
            sessions={sessions}
            terminals={terminals}
            view={view}
            focused={sessionId === focused}
            zoomed={zoomed}
            renaming={sessionId === renaming}
            search={sessionId === searching ? searchesAsked : null}
            ending={sessionId === ending}
            homeDir={homeDir}
            agent={agentName(session.agentType, agents)}
            marks={marks}
            row={cell.row + 1}
            column={`${cell.track + 1} / span ${cell.span}`}
          />
        );
      })}
    </section>
  );
}
