// Layouts: what is open, kept for another day.
export { Agents } from './Agents';
export { RestoredNotice } from './RestoredNotice';
export { LayoutsSheet, SaveSheet } from './sheets';
export { describeRestored, Layouts, lastOpen, type Restored } from './store';
