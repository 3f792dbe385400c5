// What agents use and what it costs.
export { CostBadge } from './CostBadge';
export { CostSheet } from './CostSheet';
export { CostToday } from './CostToday';
export { Costs } from './store';
