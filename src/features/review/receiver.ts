// Who gets the comments of a review: the session itself, or an agent that works beside it.
import type { SessionInfo } from '@/protocol/generated/protocol';

/** A shell would run comments as commands; without an agent in the same files nobody gets them. */
export function receiverOf(session: SessionInfo, sessions: SessionInfo[]): SessionInfo | null {
  if (isAgent(session)) return session;
  const { workingDir, worktree } = session;
  const isBeside = (other: SessionInfo) =>
    worktree === null ? other.workingDir === workingDir : other.worktree === worktree;
  return sessions.filter(isBeside).find(isAgent) ?? null;
}

function isAgent({ agentType }: SessionInfo): boolean {
  return agentType !== 'terminal';
}
