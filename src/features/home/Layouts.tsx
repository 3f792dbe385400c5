// What can be brought back from the screen without panes: what was open when it was last saved
// by itself, and the newest of the layouts that the person saved.
import { History, TriangleAlert } from 'lucide-react';
import { useStore } from 'zustand';
import { Agents, type Layouts, lastOpen, RestoredNotice } from '@/features/layouts';
import { shortPath } from '@/features/projects';
import { timeAgo, useNow } from '@/features/sessions';
import type { AgentInfo } from '@/protocol/generated/protocol';
import { Button, sentence } from '@/ui';
import { Part } from './Part';

interface BeforeProps {
  layouts: Layouts;
  agents: AgentInfo[];
  homeDir: string | null;
}

/** Offers to bring back what was open. */
export function Before({ layouts, agents, homeDir }: BeforeProps) {
  const { saved, busy, refused, restored } = useStore(layouts.store);
  const now = useNow();
  const last = lastOpen(saved);
  if (restored) return <RestoredNotice restored={restored} />;
  if (!last) return null;
  const why = refused[last.path];
  const projects = last.projects.map((project) => shortPath(project, homeDir));
  return (
    <section
      aria-label="What was open"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-medium border border-line bg-surface px-4 py-3"
    >
      <History size={16} className="shrink-0 text-accent" aria-hidden />
      <div className="min-w-48 flex-1">
        <p className="flex flex-wrap items-center gap-x-3 text-ink">
          <span className="font-medium">
            {last.agents.length === 1 ? '1 pane was' : `${last.agents.length} panes were`} open{' '}
            {timeAgo(last.savedAt, now)}
          </span>
          <Agents types={last.agents} agents={agents} />
        </p>
        <p className="truncate text-small text-dim" title={last.projects.join('\n')}>
          {projects.join(', ')}
        </p>
        {why !== undefined && (
          <p role="alert" className="text-small break-words text-danger select-text">
            {sentence(why)}
          </p>
        )}
      </div>
      <Button
        primary
        disabled={busy !== null}
        className="disabled:opacity-40"
        onClick={() => void layouts.restore(last)}
      >
        {busy === last.path ? 'One moment…' : 'Bring back what was open'}
      </Button>
    </section>
  );
}

interface SavedLayoutsProps {
  layouts: Layouts;
  agents: AgentInfo[];
  onShowAll(): void;
}

/** The most that are shown. */
const MOST = 3;

export function SavedLayouts({ layouts, agents, onShowAll }: SavedLayoutsProps) {
  const { saved, busy, refused } = useStore(layouts.store);
  const now = useNow();
  const own = (saved ?? []).filter(({ automatic }) => !automatic);
  if (own.length === 0) return null;
  return (
    <Part title="Layouts" more={<Button onClick={onShowAll}>All layouts</Button>}>
      <ul className="-mx-2 flex flex-col">
        {own.slice(0, MOST).map((layout) => (
          <li key={layout.path}>
            <button
              type="button"
              title={layout.problem ?? layout.projects.join('\n')}
              disabled={busy !== null || layout.problem !== null}
              onClick={() => void layouts.restore(layout)}
              className="flex h-7 w-full items-center gap-3 rounded-small px-2 text-left text-small text-dim transition-colors hover:bg-hover hover:text-ink disabled:opacity-60"
            >
              {layout.problem !== null && (
                <TriangleAlert size={12} className="shrink-0 text-warn" aria-hidden />
              )}
              <span className="min-w-0 flex-1 truncate text-ink">
                <span className="sr-only">Restore</span> {layout.name}
              </span>
              <Agents types={layout.agents} agents={agents} />
              <span aria-hidden className="shrink-0 text-tiny">
                {busy === layout.path ? 'One moment…' : timeAgo(layout.savedAt, now)}
              </span>
            </button>
            {refused[layout.path] !== undefined && (
              <p role="alert" className="px-2 text-tiny break-words text-danger select-text">
                {sentence(refused[layout.path] ?? '')}
              </p>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
