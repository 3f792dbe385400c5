// Where sessions stand in the grids, and what a move makes of it. Pure: sessions in, sessions
// out, in the way in which the daemon does it.
import { MAX_PANES, type MoveSession, type SessionInfo } from '@/protocol/generated/protocol';

/** The sessions of a workspace's grid, in the order of their panes; without one, of all grids. */
export function panesOf(sessions: SessionInfo[], workspaceId?: number): SessionInfo[] {
  return sessions
    .filter(
      (session) =>
        session.paneIndex !== null &&
        (workspaceId === undefined || session.workspaceId === workspaceId),
    )
    .sort(
      (one, other) =>
        one.workspaceId - other.workspaceId || (one.paneIndex ?? 0) - (other.paneIndex ?? 0),
    );
}

/** The sessions that take no pane. */
export function backgroundOf(sessions: SessionInfo[]): SessionInfo[] {
  return sessions.filter((session) => session.paneIndex === null);
}

/**
 * The sessions after a move: who has the pane changes places with the session. The same list
 * where there is nothing to move or no room for it.
 */
export function moved(sessions: SessionInfo[], move: MoveSession): SessionInfo[] {
  const { sessionId, workspaceId } = move;
  const from = sessions.find((session) => session.sessionId === sessionId);
  const paneIndex = move.paneIndex ?? freePane(sessions, workspaceId);
  if (!from || from.paneIndex === null || paneIndex === null) return sessions;
  const isThereAlready = move.paneIndex === undefined && from.workspaceId === workspaceId;
  if (isThereAlready) return sessions;
  return sessions.map((session) => {
    if (session === from) return { ...session, workspaceId, paneIndex };
    const isThere = session.workspaceId === workspaceId && session.paneIndex === paneIndex;
    if (!isThere) return session;
    return { ...session, workspaceId: from.workspaceId, paneIndex: from.paneIndex };
  });
}

function freePane(sessions: SessionInfo[], workspaceId: number): number | null {
  const taken = panesOf(sessions, workspaceId).map(({ paneIndex }) => paneIndex);
  for (let index = 0; index < MAX_PANES; index += 1) if (!taken.includes(index)) return index;
  return null;
}
