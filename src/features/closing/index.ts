// Closing the window.

export { ClosingSheet } from './ClosingSheet';
export { Closing } from './closing';
