// What can be set, and the page where that is done.
export { SettingsSheet } from './SettingsSheet';
export { Settings } from './store';
