// What stands in a pane whose session is held by the shim of another version of Synk. There
// is nothing to attach to; the session goes on, and can be moved to this version.
import { Check, RotateCw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Terminals } from '@/features/terminal';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Button } from '@/ui';

interface OtherShimProps {
  session: SessionInfo;
  /** The version of Synk that the shim belongs to. */
  version: string;
  terminals: Terminals;
  onFocus(): void;
  onRestart(): void;
  onRestartWhenIdle(whenIdle: boolean): void;
}

export function OtherShim(props: OtherShimProps) {
  const { session, version, terminals, onRestartWhenIdle } = props;
  const { sessionId, restartsWhenIdle } = session;
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (first.current) return terminals.standIn(sessionId, first.current);
  }, [sessionId, terminals]);
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-3 overflow-auto bg-terminal p-4 text-center">
      <p className="max-w-84 text-small text-dim">
        <span className="text-ink">This session runs in Synk {version}’s shim</span>, which this
        version cannot show. It goes on.
      </p>
      {restartsWhenIdle && (
        <p role="status" className="flex items-center gap-1.5 text-small text-ink">
          <Check size={13} className="text-ok" aria-hidden />
          Restarts when idle
        </p>
      )}
      <span className="flex flex-wrap justify-center gap-2">
        <Button
          ref={first}
          onFocus={props.onFocus}
          onClick={() => onRestartWhenIdle(!restartsWhenIdle)}
        >
          {restartsWhenIdle ? 'Call off' : 'Restart when idle'}
        </Button>
        <Button onFocus={props.onFocus} onClick={props.onRestart}>
          <RotateCw size={13} aria-hidden />
          Restart now
        </Button>
      </span>
    </div>
  );
}
