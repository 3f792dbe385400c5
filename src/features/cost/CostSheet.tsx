// The sheet that holds the costs over time, whose page is loaded when it is first opened.
import { later, Sheet } from '@/ui';
import type { CostPanelProps } from './CostPanel';

const CostPanel = later(() => import('./CostPanel'));

interface CostSheetProps extends CostPanelProps {
  open: boolean;
  onClose(): void;
  /** The sheet is gone. */
  onClosed(): void;
}

export function CostSheet({ open, onClose, onClosed, ...rest }: CostSheetProps) {
  return (
    <Sheet open={open} title="Costs" wide onClose={onClose} onClosed={onClosed}>
      <CostPanel {...rest} />
    </Sheet>
  );
}
