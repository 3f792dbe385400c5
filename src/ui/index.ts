// Primitives without knowledge of Synk.
export { Button } from './Button';
export { IconButton } from './IconButton';
export { Keys } from './Keys';
export * as Menu from './Menu';
export * as Popover from './Popover';
export { Sheet } from './Sheet';
export { Slider } from './Slider';
export { Switch } from './Switch';
export { Tooltip, TooltipProvider } from './Tooltip';
export { showError, showNote, Toaster } from './toast';
