// The sheets about layouts, whose pages are loaded when they are first opened.
import { lazy, Suspense } from 'react';
import { Sheet } from '@/ui';
import type { LayoutsPanelProps } from './LayoutsPanel';
import type { SavePanelProps } from './SavePanel';

const LayoutsPanel = lazy(() => import('./LayoutsPanel'));
const SavePanel = lazy(() => import('./SavePanel'));

interface SheetProps {
  open: boolean;
  onClose(): void;
  /** The sheet is gone. */
  onClosed(): void;
}

const WAIT = <p className="appear-late p-6 text-center text-dim">One moment…</p>;

export function LayoutsSheet({ open, onClose, onClosed, ...rest }: SheetProps & LayoutsPanelProps) {
  return (
    <Sheet open={open} title="Layouts" wide onClose={onClose} onClosed={onClosed}>
      <Suspense fallback={WAIT}>
        <LayoutsPanel {...rest} />
      </Suspense>
    </Sheet>
  );
}

export function SaveSheet({ open, onClosed, ...rest }: SheetProps & SavePanelProps) {
  return (
    <Sheet open={open} title="Save layout" onClose={rest.onClose} onClosed={onClosed}>
      <Suspense fallback={WAIT}>
        <SavePanel {...rest} />
      </Suspense>
    </Sheet>
  );
}
