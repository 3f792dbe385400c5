// Prompts from one place to any set of sessions, and what becomes of each.
export { CommandBar } from './CommandBar';
export { Composer } from './composer';
export { Deliveries } from './deliveries';
export { DeliverySign } from './looks';
export { PromptField } from './PromptField';
export { QueueBadge } from './QueueBadge';
