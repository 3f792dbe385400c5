// Where a session is in its life, as a dot: why, and since when, in its tooltip.
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Tooltip } from '@/ui';
import { clock } from './time';

/** Three dashes, each twice as long as a gap, round a circle with a radius of 3. */
const DASHES = `${(3 * 2 * Math.PI * 2) / 9} ${(3 * 2 * Math.PI) / 9}`;

/** One sentence: what the session's program does and since when. */
function describeState(session: SessionInfo, since: number | undefined): string {
  const { state, pid, exitCode, incompatible } = session;
  const from = since === undefined ? '' : ` since ${clock(since)}`;
  const at = since === undefined ? '' : ` at ${clock(since)}`;
  if (state === 'exited') return `${describeExit(exitCode)}${at}`;
  if (state === 'lost') return `Lost${at}, when its process or the machine went down`;
  if (state === 'starting') return `Starting${from}`;
  const process = pid === null ? '' : `, process ${pid}`;
  const shim = incompatible === null ? '' : `, in the shim of Synk ${incompatible}`;
  return `Running${from}${process}${shim}`;
}

/** How a program ended, in words. */
export function describeExit(exitCode: number | null): string {
  return exitCode === null ? 'Exited' : `Exited with code ${exitCode}`;
}

interface Look {
  colour: string;
  shape: 'full' | 'ring' | 'broken';
}

/**
 * A full dot for what lives or failed, a ring for what is about to live or ended well, and a
 * broken ring for what was lost.
 */
function look({ state, exitCode }: SessionInfo): Look {
  if (state === 'starting') return { colour: 'text-ok', shape: 'ring' };
  if (state === 'running') return { colour: 'text-ok', shape: 'full' };
  if (state === 'lost') return { colour: 'text-warn', shape: 'broken' };
  return exitCode === 0
    ? { colour: 'text-dim', shape: 'ring' }
    : { colour: 'text-danger', shape: 'full' };
}

interface StatusDotProps {
  session: SessionInfo;
  since: number | undefined;
}

export function StatusDot({ session, since }: StatusDotProps) {
  const text = describeState(session, since);
  const { colour, shape } = look(session);
  const full = shape === 'full';
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
            strokeDasharray={shape === 'broken' ? DASHES : undefined}
            strokeWidth={shape === 'broken' ? 1.5 : 1}
          />
        </svg>
      </span>
    </Tooltip>
  );
}
