// Where a session is in its life, as a dot: why, and since when, in its tooltip.
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Tooltip } from '@/ui';

/** One sentence: what the session's program does and since when. */
function describeState(session: SessionInfo, since: number | undefined): string {
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

/** A full dot for what lives or failed, a ring for what is about to live or ended well. */
function look({ state, exitCode }: SessionInfo): { colour: string; full: boolean } {
  if (state === 'starting') return { colour: 'text-ok', full: false };
  if (state === 'running') return { colour: 'text-ok', full: true };
  return exitCode === 0
    ? { colour: 'text-dim', full: false }
    : { colour: 'text-danger', full: true };
}

interface StatusDotProps {
  session: SessionInfo;
  since: number | undefined;
}

export function StatusDot({ session, since }: StatusDotProps) {
  const text = describeState(session, since);
  const { colour, full } = look(session);
  return (
    <Tooltip text={text}>
      <span
        role="img"
        aria-label={text}
        data-state={session.state}
        className={`flex size-4 shrink-0 items-center justify-center ${colour}`}
      >
        <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
          <circle
            cx="4"
            cy="4"
            r={full ? 3.5 : 3}
            fill={full ? 'currentColor' : 'none'}
            stroke={full ? 'none' : 'currentColor'}
          />
        </svg>
      </span>
    </Tooltip>
  );
}
