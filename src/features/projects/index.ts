// The folders that a person works in.
export { ProjectMenu } from './ProjectMenu';
export { chooseProject, createProjects, type ProjectsStore, projectName, shortPath } from './store';
