// The screen without panes.
export { ProjectBranches } from './branches';
export { Home } from './Home';
export { Before, SavedLayouts } from './Layouts';
export { Projects } from './Projects';
