// Over a pane while another one is carried: which one is on its way, and where it would go.
import { ArrowLeftRight } from 'lucide-react';
import { useStore } from 'zustand';
import type { Carry } from '@/features/workspaces';

interface DropMarkProps {
  carry: Carry;
  sessionId: number;
  name: string;
}

export function DropMark({ carry, sessionId, name }: DropMarkProps) {
  const isCarried = useStore(
    carry.store,
    ({ what }) => what?.kind === 'pane' && what.session.sessionId === sessionId,
  );
  const isOver = useStore(
    carry.store,
    ({ where }) => where?.kind === 'pane' && where.sessionId === sessionId,
  );
  if (isCarried) {
    return <span aria-hidden className="pointer-events-none absolute inset-0 z-20 bg-scrim" />;
  }
  if (!isOver) return null;
  return (
    <span
      data-testid="drop"
      className="pointer-events-none absolute inset-0 z-20 flex items-center justify-center border-2 border-accent"
    >
      <span aria-hidden className="absolute inset-0 bg-accent-soft opacity-60" />
      <span className="relative flex max-w-9/10 items-center gap-2 rounded-medium bg-raised px-3 py-1.5 text-small text-ink shadow-sheet">
        <ArrowLeftRight size={13} className="shrink-0 text-accent" aria-hidden />
        <span className="truncate">Change places with {name}</span>
      </span>
    </span>
  );
}
