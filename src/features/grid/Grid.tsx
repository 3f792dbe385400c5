// The grid of panes of the workspace on show. It reflows with their number; zoomed, it holds one
// pane and the others are not on the screen at all, so that they cost nothing, nor are those of
// other workspaces.
import { type ReactNode, useCallback, useMemo } from 'react';
import { useStore } from 'zustand';
import { agentName, panesOf, type Sessions } from '@/features/sessions';
import type { Terminals } from '@/features/terminal';
import type { Carry } from '@/features/workspaces';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Divider } from './Divider';
import { arrange, rowsCrossed, sharesOf, tracksOf } from './layout';
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
  carry: Carry;
  marks: PaneMarks;
}

const NONE: number[] = [];

export function Grid({ sessions, terminals, view, carry, marks }: GridProps) {
  const { workspaces } = view;
  const all = useStore(sessions.store, (state) => state.sessions);
  const since = useStore(sessions.store, (state) => state.since);
  const homeDir = useStore(sessions.store, (state) => state.homeDir);
  const agents = useStore(sessions.store, (state) => state.agents);
  const { focused, zoomed, renaming, searching, searchesAsked, ending } = useStore(view.store);
  const workspaceId = useStore(workspaces.store, (state) => state.shown);
  const { columnShares = NONE, rowShares = NONE } =
    useStore(workspaces.store, () => workspaces.current()) ?? {};
  const panes = useMemo(() => panesOf(all, workspaceId), [all, workspaceId]);
  const shown = zoomed ? panes.filter((pane) => pane.sessionId === focused) : panes;
  const arrangement = arrange(shown.length);
  const { columns, rows, tracks, cells } = arrangement;
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
        gridTemplateColumns: templateOf(tracksOf(arrangement, columnShares)),
        gridTemplateRows: templateOf(sharesOf(rowShares, rows)),
      }}
    >
      {inOrderOfAge(shown).map((session) => {
        const cell = cells[shown.indexOf(session)] ?? { row: 0, track: 0, span: 1 };
        const { sessionId } = session;
        return (
          <Pane
            key={sessionId}
            session={session}
            since={since[sessionId]}
            sessions={sessions}
            terminals={terminals}
            view={view}
            carry={carry}
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
      {Array.from({ length: columns - 1 }, (_, index) => (
        <Divider
          // biome-ignore lint/suspicious/noArrayIndexKey: it is known by its place alone.
          key={`column-${index}`}
          of="columns"
          index={index}
          count={columns}
          kept={columnShares}
          style={{
            gridColumn: ((index + 1) * tracks) / columns + 1,
            gridRow: `1 / span ${rowsCrossed(arrangement, index)}`,
          }}
          onResize={(shares) => workspaces.change({ workspaceId, columnShares: shares })}
          onLeave={() => view.restoreKeyboard()}
        />
      ))}
      {Array.from({ length: rows - 1 }, (_, index) => (
        <Divider
          // biome-ignore lint/suspicious/noArrayIndexKey: see above.
          key={`row-${index}`}
          of="rows"
          index={index}
          count={rows}
          kept={rowShares}
          style={{ gridRow: index + 2, gridColumn: '1 / -1' }}
          onResize={(shares) => workspaces.change({ workspaceId, rowShares: shares })}
          onLeave={() => view.restoreKeyboard()}
        />
      ))}
    </section>
  );
}

function templateOf(shares: number[]): string {
  return shares.map((share) => `minmax(0, ${share}fr)`).join(' ');
}

/**
 * Panes keep their order in the page when they change places: only where they are drawn changes.
 * An element that the page moves loses the keyboard, and what an input method composes.
 */
function inOrderOfAge(panes: SessionInfo[]): SessionInfo[] {
  return panes.toSorted((one, other) => one.sessionId - other.sessionId);
}
