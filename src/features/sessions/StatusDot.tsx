// What a session does, as a sign of its own shape for each state, so that colour is never all
// there is to go by. Why, and since when, is in its tooltip.
import type { ReactNode } from 'react';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Tooltip } from '@/ui';
import { describeStatus, type Shown, shownState } from './status';

interface Look {
  /** A text colour of the design tokens. */
  colour: string;
  /** Drawn in a box of 10 × 10. */
  shape: ReactNode;
}

const RING = <circle cx="5" cy="5" r="3.5" fill="none" />;
const FULL = <circle cx="5" cy="5" r="4.2" fill="currentColor" stroke="none" />;

const LOOKS: Record<Shown, Look> = {
  starting: {
    colour: 'text-ok',
    shape: <path d="M5 1.5A3.5 3.5 0 1 1 1.5 5" fill="none" strokeLinecap="round" />,
  },
  working: { colour: 'text-ok', shape: FULL },
  waiting: {
    colour: 'text-warn',
    shape: (
      <>
        <circle cx="5" cy="5" r="3.9" fill="none" strokeWidth="1.6" />
        <path d="M5 1.2a3.8 3.8 0 0 0 0 7.6Z" fill="currentColor" stroke="none" />
      </>
    ),
  },
  done: {
    colour: 'text-accent',
    shape: (
      <path d="m1.5 5.3 2.4 2.5 4.6-5.3" fill="none" strokeWidth="1.8" strokeLinecap="round" />
    ),
  },
  idle: { colour: 'text-dim', shape: RING },
  exited: { colour: 'text-dim', shape: <rect x="2" y="2" width="6" height="6" fill="none" /> },
  unknown: {
    colour: 'text-dim',
    shape: <circle cx="5" cy="5" r="1.7" fill="currentColor" stroke="none" />,
  },
  lost: {
    colour: 'text-warn',
    shape: (
      <circle cx="5" cy="5" r="3.5" fill="none" strokeDasharray="4.9 2.43" strokeWidth="1.7" />
    ),
  },
};

const FAILED: Look = {
  colour: 'text-danger',
  shape: <rect x="1.5" y="1.5" width="7" height="7" fill="currentColor" stroke="none" />,
};

interface StatusDotProps {
  session: SessionInfo;
  since: number | undefined;
}

export function StatusDot({ session, since }: StatusDotProps) {
  const shown = shownState(session);
  const { text, message, source } = describeStatus(session, since);
  const failed = shown === 'exited' && session.exitCode !== null && session.exitCode !== 0;
  const { colour, shape } = failed ? FAILED : LOOKS[shown];
  const tooltip = (
    <>
      {text}
      {source && <span className="text-dim">, {source}</span>}
      {message && <span className="block break-words text-dim">“{message}”</span>}
    </>
  );
  return (
    <Tooltip text={tooltip}>
      <span
        role="img"
        aria-label={[text, source, message].filter(Boolean).join(', ')}
        data-testid="status"
        data-status={shown}
        data-state={session.state}
        className={`flex size-4 shrink-0 items-center justify-center ${colour} ${shown === 'waiting' ? 'pulses' : ''}`}
      >
        <svg
          viewBox="0 0 10 10"
          width="10"
          height="10"
          stroke="currentColor"
          strokeWidth="1.2"
          aria-hidden="true"
        >
          {shape}
        </svg>
      </span>
    </Tooltip>
  );
}
