// What the sessions have put out: searching it, and looking at it as it was.

export { PastView } from './PastView';
export { Past } from './past';
export { SearchSheet } from './SearchSheet';
export { HistorySearch } from './search';
