// Live typing where it can be seen while it is on: a mark that is a switch in each pane's header,
// a frame round each pane of the set, and words in the status line.
import { Keyboard } from 'lucide-react';
import { useStore } from 'zustand';
import type { LiveTyping } from './live-typing';

interface LiveSwitchProps {
  live: LiveTyping;
  sessionId: number;
  name: string;
}

/** Whether a pane belongs to the set. It is there only while live typing is on. */
export function LiveSwitch({ live, sessionId, name }: LiveSwitchProps) {
  const targets = useStore(live.store, (state) => state.targets);
  if (targets.length === 0) return null;
  const on = targets.includes(sessionId);
  return (
    <button
      type="button"
      aria-pressed={on}
      aria-label={`Type into ${name} too: ${on ? 'LIVE' : 'off'}`}
      data-testid="live"
      onClick={() => live.toggle(sessionId)}
      className="flex h-4.5 shrink-0 items-center gap-1 rounded-small border border-line px-1 text-tiny font-semibold text-dim transition-colors hover:text-ink aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:text-on-accent"
    >
      <Keyboard size={11} aria-hidden />
      <span className="@max-sm:hidden">{on ? 'LIVE' : 'off'}</span>
    </button>
  );
}

/** A frame round a pane that belongs to the set. */
export function LiveFrame({ live, sessionId }: Omit<LiveSwitchProps, 'name'>) {
  const on = useStore(live.store, (state) => state.targets.includes(sessionId));
  if (!on) return null;
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute inset-0 z-10 border-2 border-dashed border-accent"
    />
  );
}

export function LiveStatus({ live, onEnd }: { live: LiveTyping; onEnd(): void }) {
  const count = useStore(live.store, (state) => state.targets.length);
  if (count === 0) return null;
  return (
    <button
      type="button"
      data-testid="live-status"
      title="End it"
      onClick={() => {
        live.end();
        onEnd();
      }}
      className="-my-px flex h-full shrink-0 items-center gap-1.5 bg-accent px-2 font-medium text-on-accent"
    >
      <Keyboard size={11} aria-hidden />
      <span>
        Typing into {count} {count === 1 ? 'pane' : 'panes'}
        <span className="max-sm:hidden">, Esc Esc ends it</span>
      </span>
    </button>
  );
}
