// Workspaces: one grid each, and the tabs to go between them.
export { type Carried, type Carry, createCarry, type Target } from './carry';
export { Ghost } from './Ghost';
export { PATIENCE_MS, Workspaces } from './store';
export { Tabs, tabId } from './Tabs';
