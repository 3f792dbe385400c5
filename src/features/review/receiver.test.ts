import { expect, it } from 'vitest';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { receiverOf } from './receiver';

const session = (sessionId: number, agentType: string, worktree: string | null) =>
  ({ sessionId, agentType, worktree, workingDir: worktree ?? '/src/lamp' }) as SessionInfo;
const shell = session(1, 'terminal', '/wt/a');
const all = [
  shell,
  session(2, 'codex', '/wt/b'),
  session(3, 'claude_code', '/wt/a'),
  session(4, 'terminal', null),
];

it('is the session itself, or else an agent in the same worktree', () => {
  expect(receiverOf(all[1] as SessionInfo, all)?.sessionId).toBe(2);
  expect(receiverOf(shell, all)?.sessionId).toBe(3);
});

it('is nobody where no agent works', () => {
  expect(receiverOf(all[3] as SessionInfo, all)).toBeNull();
});
