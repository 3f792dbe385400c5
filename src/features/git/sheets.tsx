// The sheets about branches and worktrees, whose pages are loaded when they are first opened.
import { later, Sheet } from '@/ui';
import type { BranchPanelProps } from './BranchPanel';
import type { WorktreesPanelProps } from './WorktreesPanel';

const BranchPanel = later(() => import('./BranchPanel'));
const WorktreesPanel = later(() => import('./WorktreesPanel'));

interface SheetProps {
  open: boolean;
  onClose(): void;
  /** The sheet is gone. */
  onClosed(): void;
}

export function BranchSheet({ open, onClosed, ...rest }: SheetProps & BranchPanelProps) {
  return (
    <Sheet open={open} title="On a branch of its own" onClose={rest.onClose} onClosed={onClosed}>
      <BranchPanel {...rest} />
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
      <WorktreesPanel {...rest} />
    </Sheet>
  );
}
