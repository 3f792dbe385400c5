// The grid of panes.
export { Grid, type PaneMarks } from './Grid';
export type { Direction } from './layout';
export { GridView } from './view';
