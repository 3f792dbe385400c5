// The review of what a session has changed.
export { ReviewSheet } from './ReviewSheet';
export { Reviews } from './reviews';
