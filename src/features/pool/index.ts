// The pool of waiting shells, as the daemon tells it.
export { readableMemory } from './memory';
export { Pool } from './store';
