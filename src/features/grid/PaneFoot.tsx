// The foot of a pane whose program does not run: what became of it, and what Enter will do.
import type { ReactNode } from 'react';
import { shortPath } from '@/features/projects';
import { describeExit, timeAgo, useNow } from '@/features/sessions';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Keys } from '@/ui';

interface PaneFootProps {
  session: SessionInfo;
  homeDir: string | null;
}

export function PaneFoot({ session, homeDir }: PaneFootProps) {
  if (session.incompatible !== null) return null;
  if (session.state === 'exited') return <Exited exitCode={session.exitCode} />;
  if (session.state === 'lost') return <Lost session={session} homeDir={homeDir} />;
  return null;
}

function Exited({ exitCode }: { exitCode: number | null }) {
  return (
    <Foot>
      <span className={exitCode === 0 ? '' : 'text-danger'}>{describeExit(exitCode)}</span>
      <span aria-hidden> — </span>
      <Keys keys="Enter" /> restarts, <Keys keys="x" /> closes
    </Foot>
  );
}

function Lost({ session, homeDir }: PaneFootProps) {
  const { endedAt, missingEnv } = session;
  const now = useNow();
  return (
    <Foot>
      <span className="text-ink">
        <span className="@max-md:hidden">This session was lost</span>
        <span className="hidden @max-md:inline">Lost</span>
        {endedAt !== null && ` ${timeAgo(endedAt, now)}`}
        <span className="@max-md:hidden">, when its process or the machine went down</span>.
      </span>{' '}
      <span>
        <Keys keys="Enter" /> {whatEnterDoes(session, homeDir)}
        <span className="@max-3xs:hidden">
          , <Keys keys="x" /> closes
        </span>
        .
      </span>
      {missingEnv.length > 0 && <MissingEnv names={missingEnv} />}
    </Foot>
  );
}

function Foot({ children }: { children: ReactNode }) {
  return (
    <div
      role="status"
      className="max-h-1/2 min-h-7 shrink-0 overflow-y-auto border-t border-line bg-surface px-3 py-1 text-small break-words text-dim"
    >
      {children}
    </div>
  );
}

function whatEnterDoes(session: SessionInfo, homeDir: string | null): ReactNode {
  if (session.agentType !== 'terminal') {
    return session.resumeId === null ? 'starts it afresh' : 'resumes its conversation';
  }
  const folder = shortPath(session.currentDir ?? session.workingDir, homeDir);
  return (
    <>
      runs it again in <code className="font-mono text-tiny text-ink">{folder}</code>
    </>
  );
}

function MissingEnv({ names }: { names: string[] }) {
  const list = new Intl.ListFormat('en').format(names);
  const one = names.length === 1;
  return (
    <span className="text-warn">
      {' '}
      <span className="@max-md:hidden">
        {one
          ? `${list} was set when it was created; its value is not kept.`
          : `${list} were set when it was created; their values are not kept.`}
      </span>
      <span className="hidden @max-md:inline">Without {list}.</span>
    </span>
  );
}
