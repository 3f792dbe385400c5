// The sheets about branches and worktrees, whose pages are loaded when they are first opened.
import { lazy, Suspense } from 'react';
import { Sheet } from '@/ui';
import type { BranchPanelProps } from './BranchPanel';
import type { WorktreesPanelProps } from './WorktreesPanel';

const BranchPanel = lazy(() => import('./BranchPanel'));
const WorktreesPanel = lazy(() => import('./WorktreesPanel'));

interface SheetProps {
  open: boolean;
  onClose(): void;
  /** The sheet is gone. */
  onClosed(): void;
}

const WAIT = <p className="appear-late p-6 text-center text-dim">One moment…</p>;

export function BranchSheet({ open, onClosed, ...rest }: SheetProps & BranchPanelProps) {
  return (
    <Sheet open={open} title="On a branch of its own" onClose={rest.onClose} onClosed={onClosed}>
      <Suspense fallback={WAIT}>
        <BranchPanel {...rest} />
      </Suspense>
    </Sheet>
  );
}

export function WorktreesSheet({
  open,
  onClosed,
  onClose,
  ...rest
}: SheetProps & WorktreesPanelProps) {
  return (
    <Sheet open={open} title="Worktrees" wide onClose={onClose} onClosed={onClosed}>
      <Suspense fallback={WAIT}>
        <WorktreesPanel {...rest} />
      </Suspense>
    </Sheet>
  );
}
