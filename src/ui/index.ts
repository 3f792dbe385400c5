// Primitives without knowledge of Synk.
export { Button } from './Button';
export { Checkbox } from './Checkbox';
export { Combobox } from './Combobox';
export { Drag } from './drag';
export { IconButton } from './IconButton';
export { Keys } from './Keys';
export { later, loadParts } from './later';
export * as Menu from './Menu';
export { NameField } from './NameField';
export * as Popover from './Popover';
export { Segmented } from './Segmented';
export { Select } from './Select';
export { Sheet } from './Sheet';
export { Slider } from './Slider';
export { Switch } from './Switch';
export { sentence } from './sentence';
export { Tooltip, TooltipProvider } from './Tooltip';
export { type NoteAction, showError, showLasting, showNote, Toaster } from './toast';
