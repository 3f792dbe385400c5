// Terminals on the screen.
export type { LineContext } from './find-line';
export { PastTerminal } from './past-terminal';
export type { Typed } from './session-terminal';
export { TerminalView } from './TerminalView';
export { Terminals } from './terminals';
