// A bell that rings in a pane: its header lights up once. Where nothing may move a bell stands
// there instead, until somebody turns to the pane.
import { Bell } from 'lucide-react';
import { useStore } from 'zustand';
import type { Bells } from './bells';

interface BellProps {
  bells: Bells;
  sessionId: number;
}

/** The light over the header. */
export function BellLight({ bells, sessionId }: BellProps) {
  const rings = useStore(bells.store, ({ rung }) => rung.includes(sessionId));
  const still = useStore(bells.style.store, (style) => style.still);
  if (!rings || still) return null;
  return (
    <span
      aria-hidden
      data-testid="bell"
      className="bell-light pointer-events-none absolute inset-x-0 top-0 z-10 h-(--header-height) bg-accent"
      onAnimationEnd={() => bells.heard(sessionId)}
    />
  );
}

/** The bell in the header. */
export function BellMark({ bells, sessionId }: BellProps) {
  const rings = useStore(bells.store, ({ rung }) => rung.includes(sessionId));
  const still = useStore(bells.style.store, (style) => style.still);
  if (!rings || !still) return null;
  return (
    <span role="img" aria-label="The bell rang" title="The bell rang" data-testid="bell">
      <Bell size={11} className="text-accent" aria-hidden />
    </span>
  );
}
