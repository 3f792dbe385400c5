// A quiet line while the daemon is away. Nothing else stops: terminals do not go through it.
import { useStore } from 'zustand';
import type { Synk } from './synk';

export function ConnectionBar({ synk }: { synk: Synk }) {
  const { connection, loaded, problem } = useStore(synk.sessions.store);
  if (connection === 'connected' || !loaded) return null;
  return (
    <div
      role="status"
      data-testid="reconnecting"
      className="flex h-6 shrink-0 items-center justify-center gap-2 border-b border-line bg-accent-soft px-3 text-small text-ink"
    >
      Reconnecting to the daemon…
      {problem && <span className="truncate text-dim">{problem}</span>}
    </div>
  );
}
