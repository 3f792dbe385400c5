// The screen without panes.
export { Home } from './Home';
