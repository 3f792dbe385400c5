// The terminal of a pane, which comes with xterm: by then the rest of the window is on the screen.
import { DEFAULT_SETTINGS } from '@/protocol/generated/protocol';
import { later } from '@/ui';
import { fontFamily, terminalFont } from './appearance';

export const TerminalView = later(() => import('./TerminalView'), 'min-h-0 flex-1 bg-terminal');

/**
 * Loads what terminals are made of, so that it is there when the first is to be shown. What fails
 * is told by whoever needs it then.
 */
export function expectTerminals(): void {
  TerminalView.expect().catch(() => {});
  void terminalFont(fontFamily(DEFAULT_SETTINGS.appearance.fontFamily));
}
