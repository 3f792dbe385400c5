// One prompt, or every key, for several panes.

export { BroadcastFrame } from './BroadcastFrame';
export { Broadcast } from './broadcast';
export { LiveFrame, LiveStatus, LiveSwitch } from './LiveMark';
export { LiveTyping } from './live-typing';
