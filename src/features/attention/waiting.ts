// Who needs a person: sessions that wait, then sessions that are done and were not looked at.
// Pure: sessions in, an order out.
import { isDone, isWaiting } from '@/features/sessions';
import type { SessionInfo } from '@/protocol/generated/protocol';

export interface InNeed {
  /** Who waits, the longest first. */
  waiting: SessionInfo[];
  /** Who is done and unseen, the longest first. */
  done: SessionInfo[];
}

export function inNeed(sessions: SessionInfo[]): InNeed {
  const oldestFirst = (one: SessionInfo, other: SessionInfo) =>
    one.status.since - other.status.since || one.sessionId - other.sessionId;
  return {
    waiting: sessions.filter(isWaiting).sort(oldestFirst),
    done: sessions.filter(isDone).sort(oldestFirst),
  };
}

/** "1 waiting · 2 done"; empty when nobody needs anybody. */
export function describeNeed({ waiting, done }: InNeed): string {
  const counts = [];
  if (waiting.length > 0) counts.push(`${waiting.length} waiting`);
  if (done.length > 0) counts.push(`${done.length} done`);
  return counts.join(' · ');
}

/**
 * Where to go next from a session: through those that wait, then through those that are done,
 * round and round. Null when there is nowhere to go.
 */
export function nextInNeed(sessions: SessionInfo[], from: number | null): number | null {
  const { waiting, done } = inNeed(sessions);
  const round = [...waiting, ...done].map(({ sessionId }) => sessionId);
  const next = round[(round.indexOf(from ?? -1) + 1) % Math.max(1, round.length)];
  return next === undefined || next === from ? null : next;
}
