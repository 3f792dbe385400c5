// The review of what a session has changed.

export { ReviewSheet } from './ReviewSheet';
export { receiverOf } from './receiver';
export { Reviews } from './reviews';
