// Where a session is in its life, as a dot: why, and since when, in its tooltip.
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Tooltip } from '@/ui';

/** One sentence: what the session's program does and since when. */
export function describeState(session: SessionInfo, since: number | undefined): string {
  const when = since === undefined ? '' : ` since ${clock(since)}`;
  if (session.state === 'starting') return `Starting${when}`;
  if (session.state === 'running') {
    return session.pid === null ? `Running${when}` : `Running${when}, process ${session.pid}`;
  }
  return `${describeExit(session.exitCode)}${when.replace('since', 'at')}`;
}

/** How a program ended, in words. */
export function describeExit(exitCode: number | null): string {
  if (exitCode === null) return 'Exited';
  if (exitCode === -1) return 'Lost: its process ended with the session';
  return `Exited with code ${exitCode}`;
}

function clock(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

function look({ state, exitCode }: SessionInfo): string {
  if (state === 'starting') return 'border border-ok';
  if (state === 'running') return 'bg-ok';
  return exitCode === 0 ? 'border border-dim' : 'bg-danger';
}

interface StatusDotProps {
  session: SessionInfo;
  since: number | undefined;
}

export function StatusDot({ session, since }: StatusDotProps) {
  const text = describeState(session, since);
  return (
    <Tooltip text={text}>
      <span
        role="img"
        aria-label={text}
        data-state={session.state}
        className="flex size-4 shrink-0 items-center justify-center"
      >
        <span className={`size-2 rounded-full ${look(session)}`} />
      </span>
    </Tooltip>
  );
}
