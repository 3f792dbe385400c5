// The grid of panes.
export { Grid } from './Grid';
export type { Direction } from './layout';
export { GridView } from './view';
