// The folders that a person works in: the current one, where new panes start, and the last
// few. Kept in the web view's own storage.
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface ProjectsState {
  /** Where new panes start; null until one was chosen, which means the home folder. */
  current: string | null;
  /** Newest first, without doubles. */
  recent: string[];
}

export type ProjectsStore = StoreApi<ProjectsState>;

const STORAGE_KEY = 'synk.projects';
const MAX_RECENT = 8;

export function createProjects(storage: Storage = localStorage): ProjectsStore {
  const store = createStore<ProjectsState>(() => restore(storage));
  store.subscribe((state) => storage.setItem(STORAGE_KEY, JSON.stringify(state)));
  return store;
}

/**
 * Makes `path` the newest of the recent projects, and the current one unless the person has chosen
 * another since `before` was.
 */
export function chooseProject(
  projects: ProjectsStore,
  path: string,
  before = projects.getState().current,
): void {
  projects.setState(({ current, recent }) => ({
    current: current === before ? path : current,
    recent: [path, ...recent.filter((other) => other !== path)].slice(0, MAX_RECENT),
  }));
}

/** A path as people write it, with `~` for the home folder. */
export function shortPath(path: string, homeDir: string | null): string {
  if (homeDir && path === homeDir) return '~';
  return homeDir && path.startsWith(`${homeDir}/`) ? `~${path.slice(homeDir.length)}` : path;
}

/** The last part of a path: what a project is called. */
export function projectName(path: string, homeDir: string | null): string {
  if (path === homeDir) return '~';
  return path.split('/').filter(Boolean).at(-1) ?? path;
}

function restore(storage: Storage): ProjectsState {
  const nothing = { current: null, recent: [] };
  const text = storage.getItem(STORAGE_KEY);
  if (text === null) return nothing;
  try {
    const stored: Partial<ProjectsState> = JSON.parse(text);
    const recent = Array.isArray(stored.recent) ? stored.recent.filter(isPath) : [];
    return { current: isPath(stored.current) ? stored.current : null, recent };
  } catch (reason) {
    console.warn('the list of recent projects could not be read and starts empty', reason);
    return nothing;
  }
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('/');
}
