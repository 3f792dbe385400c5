// Who needs a person: the list, the way to the next one, and what is told on the desktop.
export { AttentionMenu } from './AttentionMenu';
export { Notifier } from './notifier';
export { type Gaze, markSeen } from './seen';
export { describeNeed, inNeed, nextInNeed } from './waiting';
