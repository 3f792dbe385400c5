// Sessions: what the daemon knows of them, and how one looks.
export { AGENT_TYPES, AgentGlyph, agentName } from './agents';
export { describeExit, StatusDot } from './StatusDot';
export { backgroundOf, hasEnded, panesOf, Sessions } from './store';
export { clock, dayOf, moment, timeAgo, useNow } from './time';
