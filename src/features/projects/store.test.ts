import { describe, expect, it, vi } from 'vitest';
import { chooseProject, createProjects, projectName, shortPath } from './store';

describe('projects', () => {
  it('are remembered, the newest first, without doubles and not for ever', () => {
    const projects = createProjects();
    for (const name of 'abcdefghija') chooseProject(projects, `/src/${name}`);
    const restored = createProjects().getState();
    expect(restored.current).toBe('/src/a');
    expect(restored.recent).toEqual([...'ajihgfed'].map((name) => `/src/${name}`));
  });

  it.each(['not json', '{"recent":7}', '{"current":4,"recent":[1,"/ok"]}', 'null'])(
    'start without what cannot be read: %s',
    (stored) => {
      vi.spyOn(console, 'warn').mockImplementation(() => {});
      localStorage.setItem('synk.projects', stored);
      const { current, recent } = createProjects().getState();
      expect(current).toBeNull();
      expect(recent.every((path) => path === '/ok')).toBe(true);
    },
  );
});

describe('a path', () => {
  it.each([
    ['/home/ada', '~', '~'],
    ['/home/ada/src/synk', '~/src/synk', 'synk'],
    ['/home/adamant', '/home/adamant', 'adamant'],
    ['/', '/', '/'],
  ])('%s is shown as %s and called %s', (path, short, name) => {
    expect(shortPath(path, '/home/ada')).toBe(short);
    expect(projectName(path, '/home/ada')).toBe(name);
  });
});
