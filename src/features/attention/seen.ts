// Tells the daemon that a person looks at a pane, so that what is done there counts as seen.
// Where the person looks is told to it.
import type { Sessions } from '@/features/sessions';
import { isDone } from '@/features/sessions';
import type { Transport } from '@/transport';

/** Where the person looks. */
export interface Gaze {
  /** The session that they look at; null while they look at none, or are elsewhere. */
  session(): number | null;
  /** Calls back whenever that may have changed. The result ends it. */
  follow(listener: () => void): () => void;
}

/** Tells of each session that is done while it is looked at. The result ends it. */
export function markSeen(transport: Transport, sessions: Sessions, gaze: Gaze): () => void {
  /** Told and not answered by a newer status yet, by session: since when it was done. */
  const told = new Map<number, number>();
  const look = () => {
    const sessionId = gaze.session();
    const session = sessions.store.getState().sessions.find((each) => each.sessionId === sessionId);
    if (!session || !isDone(session)) return;
    const { since } = session.status;
    if (told.get(session.sessionId) === since) return;
    told.set(session.sessionId, since);
    transport.call('session:seen', { sessionIds: [session.sessionId] }).catch((reason) => {
      // Without a daemon nothing is seen; it is told again with the next change.
      told.delete(session.sessionId);
      console.warn('that a session was seen could not be told', reason);
    });
  };
  look();
  const leave = [gaze.follow(look), sessions.store.subscribe(look)];
  return () => {
    for (const end of leave) end();
  };
}
