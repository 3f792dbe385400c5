// Terminals on the screen.
export { SearchBox } from './SearchBox';
export type { SessionTerminal } from './session-terminal';
export { TerminalView } from './TerminalView';
export { Terminals } from './terminals';
