// The projects that a person worked in last, with their newest branches. The one that is chosen
// is where panes start.
import { Folder, FolderOpen, GitBranch } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { chooseProject, type ProjectsStore, projectName, shortPath } from '@/features/projects';
import { Button } from '@/ui';
import type { ProjectBranches } from './branches';
import { Part } from './Part';

interface ProjectsProps {
  projects: ProjectsStore;
  branches: ProjectBranches;
  homeDir: string | null;
  onPickFolder(): void;
}

/** The most that are shown, and the most branches of each. */
const MOST_PROJECTS = 5;
const MOST_BRANCHES = 2;

export function Projects({ projects, branches, homeDir, onPickFolder }: ProjectsProps) {
  const { current, recent } = useStore(projects);
  const known = useStore(branches.store, (state) => state.branches);
  const path = current ?? homeDir;
  const shown = recent.slice(0, MOST_PROJECTS);
  const all = shown.join('\n');
  useEffect(() => {
    if (all !== '') void branches.load(all.split('\n'));
  }, [all, branches]);
  return (
    <Part
      title="Recent projects"
      more={
        <Button onClick={onPickFolder}>
          <FolderOpen size={13} aria-hidden />
          Choose folder…
        </Button>
      }
    >
      {shown.length === 0 ? (
        <p className="text-small text-dim">None yet. Folders that you work in show up here.</p>
      ) : (
        <ul className="-mx-2 flex flex-col">
          {shown.map((project) => (
            <li key={project}>
              <button
                type="button"
                aria-pressed={project === path}
                title={project}
                onClick={() => chooseProject(projects, project)}
                className="flex h-7 w-full items-center gap-2 rounded-small px-2 text-left text-small text-dim transition-colors hover:bg-hover hover:text-ink aria-pressed:text-ink"
              >
                <Folder
                  size={13}
                  className={`shrink-0 ${project === path ? 'text-accent' : ''}`}
                  aria-hidden
                />
                <span className="max-w-3/5 shrink-0 truncate text-ink">
                  {projectName(project, homeDir)}
                </span>
                <span className="min-w-0 flex-1 truncate text-tiny">
                  {shortPath(project, homeDir)}
                </span>
                <Branches names={known[project] ?? []} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Branches({ names }: { names: string[] }) {
  if (names.length === 0) return null;
  const more = names.length - MOST_BRANCHES;
  return (
    <span
      className="flex max-w-1/2 shrink-0 items-center gap-1 text-tiny"
      title={`Branches, the newest first: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`}
    >
      <GitBranch size={11} className="shrink-0" aria-hidden />
      <span className="truncate">{names.slice(0, MOST_BRANCHES).join(', ')}</span>
      {more > 0 && <span className="shrink-0">+{more}</span>}
    </span>
  );
}
