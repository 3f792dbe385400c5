// What the bottom line says while the daemon is away. Nothing else stops, because terminals
// do not go through the daemon; so it takes no room either, or every pane would be resized.
import { useStore } from 'zustand';
import type { Synk } from './synk';

export function ConnectionBar({ synk }: { synk: Synk }) {
  const problem = useStore(synk.sessions.store, (state) => state.problem);
  return (
    <div
      role="status"
      data-testid="reconnecting"
      className="flex h-(--status-height) shrink-0 items-center gap-2 overflow-hidden border-t border-line bg-accent-soft px-3 text-tiny whitespace-nowrap text-ink"
    >
      <span aria-hidden className="size-1.5 shrink-0 rounded-full bg-warn" />
      {problem ? 'No daemon.' : 'Reconnecting to the daemon…'}
      {problem && <span className="truncate text-dim">{problem}</span>}
    </div>
  );
}
