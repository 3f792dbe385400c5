// The sheet that holds the settings, whose page is loaded when it is first opened.
import { later, Sheet } from '@/ui';
import type { SettingsPageProps } from './SettingsPage';

const SettingsPage = later(() => import('./SettingsPage'), 'h-[72vh]');

interface SettingsSheetProps extends SettingsPageProps {
  open: boolean;
  onClose(): void;
  /** The sheet is gone. */
  onClosed(): void;
}

export function SettingsSheet({ open, onClose, onClosed, ...rest }: SettingsSheetProps) {
  return (
    <Sheet open={open} title="Settings" wide onClose={onClose} onClosed={onClosed}>
      <SettingsPage {...rest} />
    </Sheet>
  );
}
