// The terminal of a pane, which comes with xterm: by then the rest of the window is on the screen.
import { later } from '@/ui';

export const TerminalView = later(() => import('./TerminalView'), 'min-h-0 flex-1 bg-terminal');
