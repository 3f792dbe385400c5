// Sessions: what the daemon knows of them, and how one looks.
export { AgentGlyph, agentName, type OfferedAgent, offeredAgents } from './agents';
export { backgroundOf, moved, panesOf } from './moves';
export { StatusDot } from './StatusDot';
export {
  describeExit,
  isDone,
  isWaiting,
  shownState,
  stateWord,
  waitingPhrase,
  waitingWord,
} from './status';
export { hasEnded, Sessions } from './store';
export { clock, dayOf, moment, timeAgo, useNow } from './time';
