// The project that new panes start in, and the way to another one.
import { Check, ChevronDown, FolderOpen } from 'lucide-react';
import { useStore } from 'zustand';
import { Menu } from '@/ui';
import { chooseProject, type ProjectsStore, projectName, shortPath } from './store';

interface ProjectMenuProps {
  projects: ProjectsStore;
  homeDir: string | null;
  onPickFolder(): void;
  /** The menu is gone; put the keyboard where it belongs. */
  onClosed(): void;
}

export function ProjectMenu({ projects, homeDir, onPickFolder, onClosed }: ProjectMenuProps) {
  const { current, recent } = useStore(projects);
  const path = current ?? homeDir;
  const choices = homeDir && !recent.includes(homeDir) ? [...recent, homeDir] : recent;
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        aria-label={`Project: ${path ? shortPath(path, homeDir) : 'none yet'}`}
        className="flex h-6 min-w-12 items-center gap-1 rounded-small px-1.5 text-base font-medium text-ink transition-colors hover:bg-hover"
      >
        <span className="truncate">{path ? projectName(path, homeDir) : 'none yet'}</span>
        <ChevronDown size={13} className="shrink-0 text-dim" aria-hidden />
      </Menu.Trigger>
      <Menu.Content align="start" onClosed={onClosed}>
        <Menu.Label>New panes start in</Menu.Label>
        {choices.map((choice) => (
          <Menu.Item key={choice} onSelect={() => chooseProject(projects, choice)}>
            <Check
              size={13}
              className={choice === path ? 'text-accent' : 'opacity-0'}
              aria-hidden
            />
            <span className="truncate">{shortPath(choice, homeDir)}</span>
          </Menu.Item>
        ))}
        <Menu.Separator />
        <Menu.Item onSelect={onPickFolder}>
          <FolderOpen size={13} className="text-dim" aria-hidden />
          Choose folder…
        </Menu.Item>
      </Menu.Content>
    </Menu.Root>
  );
}
