// The sheets about layouts, whose pages are loaded when they are first opened.
import { later, Sheet } from '@/ui';
import type { LayoutsPanelProps } from './LayoutsPanel';
import type { SavePanelProps } from './SavePanel';

const LayoutsPanel = later(() => import('./LayoutsPanel'));
const SavePanel = later(() => import('./SavePanel'));

interface SheetProps {
  open: boolean;
  onClose(): void;
  /** The sheet is gone. */
  onClosed(): void;
}

export function LayoutsSheet({ open, onClose, onClosed, ...rest }: SheetProps & LayoutsPanelProps) {
  return (
    <Sheet open={open} title="Layouts" wide onClose={onClose} onClosed={onClosed}>
      <LayoutsPanel {...rest} />
    </Sheet>
  );
}

export function SaveSheet({ open, onClosed, ...rest }: SheetProps & SavePanelProps) {
  return (
    <Sheet open={open} title="Save layout" onClose={rest.onClose} onClosed={onClosed}>
      <SavePanel {...rest} />
    </Sheet>
  );
}
