// Terminals on the screen.
export { TerminalView } from './TerminalView';
export { Terminals } from './terminals';
