// Terminals on the screen.
export { missingFonts } from './appearance';
export { BellLight, BellMark } from './BellMark';
export { PastTerminal } from './past-terminal';
export type { Typed } from './session-terminal';
export { TerminalStyle } from './style';
export { Terminals } from './terminals';
export { expectTerminals, TerminalView } from './view';
