// What the window shows when there is no pane: where to start, with what, and three keys.
import { Folder, FolderOpen } from 'lucide-react';
import { useStore } from 'zustand';
import { chooseProject, type ProjectsStore, shortPath } from '@/features/projects';
import { AgentGlyph, type OfferedAgent, offeredAgents } from '@/features/sessions';
import type { AgentInfo, AgentType } from '@/protocol/generated/protocol';
import { Button, Keys } from '@/ui';

interface HomeProps {
  agents: AgentInfo[];
  homeDir: string | null;
  projects: ProjectsStore;
  /** Actions worth knowing: what they do, and their keys. */
  hints: { name: string; keys: string }[];
  /** How many background sessions were lost. */
  lost: number;
  onCreate(agentType: AgentType): void;
  onPickFolder(): void;
}

export function Home({
  agents,
  homeDir,
  projects,
  hints,
  lost,
  onCreate,
  onPickFolder,
}: HomeProps) {
  const { current, recent } = useStore(projects);
  const path = current ?? homeDir;
  return (
    <div className="min-h-0 overflow-auto bg-canvas">
      <div className="mx-auto flex min-h-full w-[min(600px,92%)] flex-col justify-center gap-7 py-10">
        <div>
          <h2 className="text-title font-semibold text-ink">Open a pane</h2>
          <p className="mt-1 flex min-w-0 items-center gap-1.5 text-dim">
            It starts in
            <code className="truncate rounded-small bg-surface px-1.5 font-mono text-small text-ink">
              {path ? shortPath(path, homeDir) : '…'}
            </code>
          </p>
        </div>
        {lost > 0 && (
          <p role="status" className="text-small text-dim">
            <span className="text-warn">
              {lost === 1
                ? 'A session in the background was lost'
                : `${lost} sessions in the background were lost`}
            </span>{' '}
            when a process or the machine went down. Choose one in the sidebar to see its last
            screen and to run it again.
          </p>
        )}
        <ul aria-label="Agents" className="flex flex-col gap-1.5">
          {offeredAgents(agents).map((offered) => (
            <li key={offered.agentType}>
              <AgentRow offered={offered} homeDir={homeDir} onCreate={onCreate} />
            </li>
          ))}
        </ul>
        <section aria-labelledby="recent-projects">
          <div className="mb-1.5 flex items-center justify-between">
            <h3 id="recent-projects" className="text-small font-medium text-dim">
              Recent projects
            </h3>
            <Button onClick={onPickFolder}>
              <FolderOpen size={13} aria-hidden />
              Choose folder…
            </Button>
          </div>
          {recent.length === 0 ? (
            <p className="text-small text-dim">None yet. Folders that you work in show up here.</p>
          ) : (
            <ul className="flex flex-col">
              {recent.slice(0, 5).map((project) => (
                <li key={project}>
                  <button
                    type="button"
                    aria-pressed={project === path}
                    onClick={() => chooseProject(projects, project)}
                    className="flex h-7 w-full items-center gap-2 rounded-small px-2 text-left text-dim transition-colors hover:bg-hover hover:text-ink aria-pressed:text-ink"
                  >
                    <Folder
                      size={13}
                      className={`shrink-0 ${project === path ? 'text-accent' : ''}`}
                      aria-hidden
                    />
                    <span className="truncate">{shortPath(project, homeDir)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </section>
        <ul aria-label="Keys" className="flex flex-wrap gap-x-6 gap-y-2 text-small text-dim">
          {hints.map((hint) => (
            <li key={hint.name} className="flex items-center gap-2">
              <Keys keys={hint.keys} />
              {hint.name}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

interface AgentRowProps {
  offered: OfferedAgent;
  homeDir: string | null;
  onCreate(agentType: AgentType): void;
}

function AgentRow({ offered, homeDir, onCreate }: AgentRowProps) {
  const { agentType, name, info } = offered;
  const missing = info !== undefined && info.path === null;
  return (
    <div className="flex h-11 items-center gap-3 rounded-medium border border-line bg-surface px-3">
      <AgentGlyph agentType={agentType} size={15} />
      <span className={`w-32 shrink-0 truncate font-medium ${missing ? 'text-dim' : 'text-ink'}`}>
        {name}
      </span>
      <span className="flex min-w-0 flex-1 items-baseline gap-2 font-mono text-tiny text-dim">
        {info?.version && (
          <span className="max-w-32 shrink-0 truncate text-ink" title={info.version}>
            {info.version}
          </span>
        )}
        {info?.path && (
          <span className="truncate" title={info.path}>
            {shortPath(info.path, homeDir)}
          </span>
        )}
        {missing && (
          <span className="truncate" title={info.install ?? undefined}>
            <span className="font-sans">Not found. </span>
            {info.install && <span className="select-text">{info.install}</span>}
          </span>
        )}
      </span>
      <Button
        aria-label={`New ${name} pane`}
        disabled={info === undefined || missing}
        primary={agentType === 'terminal'}
        className="disabled:opacity-40"
        onClick={() => onCreate(agentType)}
      >
        New
      </Button>
    </div>
  );
}
