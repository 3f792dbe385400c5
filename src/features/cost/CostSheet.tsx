// The sheet that holds the costs over time, whose page is loaded when it is first opened.
import { lazy, Suspense } from 'react';
import { Sheet } from '@/ui';
import type { CostPanelProps } from './CostPanel';

const CostPanel = lazy(() => import('./CostPanel'));

interface CostSheetProps extends CostPanelProps {
  open: boolean;
  onClose(): void;
  /** The sheet is gone. */
  onClosed(): void;
}

export function CostSheet({ open, onClose, onClosed, ...rest }: CostSheetProps) {
  return (
    <Sheet open={open} title="Costs" wide onClose={onClose} onClosed={onClosed}>
      <Suspense fallback={<p className="p-6 text-center text-dim">Asking the daemon…</p>}>
        <CostPanel {...rest} />
      </Suspense>
    </Sheet>
  );
}
