// The worktrees that Synk makes.
import type { ProjectScripts } from '@/protocol/generated/protocol';
import type { Records } from './record';

export const WORKTREES: Records<'worktrees'> = {
  area: null,
  title: 'Worktrees',
  settings: {
    copy: {
      label: 'Files that come along',
      about:
        'Files that git ignores and a new worktree gets all the same, such as .env: patterns as in .gitignore, besides those in the project’s .worktreeinclude.',
      kind: 'list',
      none: 'None: a new worktree has what git keeps, and nothing else.',
      one: 'pattern',
      example: '.env*',
    },
    prepared: {
      label: 'Kept ready',
      about:
        'Worktrees that wait for each project that has had one, so that a branch opens at once.',
      kind: 'slider',
      least: 0,
      most: 4,
      unit: ['each', 'each'],
    },
    trashDays: {
      label: 'Kept in the trash',
      about:
        'How long worktrees that were removed, and changes that were discarded, can be had back.',
      kind: 'number',
      least: 1,
      most: 3650,
      unit: ['day', 'days'],
    },
    scripts: {
      label: 'Scripts of projects',
      about:
        'What projects may run in a new worktree and before it is removed: the words of their synk.toml that were agreed to.',
      kind: 'entries',
      none: 'None: each project’s are shown before they run for the first time.',
      describe: ({ setup, teardown }: ProjectScripts) =>
        [setup, ...(teardown ? [`and at the end: ${teardown}`] : [])].join(', '),
      example: `[worktrees.scripts."/home/me/project"]
setup = "npm ci"
teardown = ""`,
    },
    trusted: {
      label: 'Trusted projects',
      about:
        'Git runs these projects’ own programs for Synk: hooks, filters and drivers. In all others they are left out.',
      kind: 'list',
      none: 'No project is trusted with that.',
      one: 'folder',
      example: '/home/you/src/project',
    },
  },
};
