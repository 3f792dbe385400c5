// Closing the window.

export { ClosingSheet } from './ClosingSheet';
export { Closing, isAtWork } from './closing';
