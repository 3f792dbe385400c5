// The saved layouts: what is in each, and bringing one back, under another name, or deleting it.
import { Pencil, Trash2, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { shortPath } from '@/features/projects';
import { timeAgo, useNow } from '@/features/sessions';
import type { AgentInfo, SavedSession } from '@/protocol/generated/protocol';
import { Button, IconButton, NameField, sentence } from '@/ui';
import { Agents } from './Agents';
import { RestoredNotice } from './RestoredNotice';
import type { Layouts } from './store';

export interface LayoutsPanelProps {
  layouts: Layouts;
  agents: AgentInfo[];
  homeDir: string | null;
  /** There is something open that can be saved. */
  canSave: boolean;
  onSave(): void;
}

export default function LayoutsPanel(props: LayoutsPanelProps) {
  const { layouts, canSave, onSave } = props;
  const { saved, problem, restored } = useStore(layouts.store);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => layouts.begin(), [layouts]);
  const isThere = saved !== null;
  useEffect(() => {
    if (isThere) list.current?.querySelector<HTMLElement>('button:not(:disabled)')?.focus();
  }, [isThere]);

  /** Up and down go from row to row, to what restores it. */
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || !list.current) return;
    event.preventDefault();
    const rows = [...list.current.children];
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    rows[here + step]?.querySelector<HTMLElement>('button:not(:disabled)')?.focus();
  };

  return (
    <div className="flex max-h-[72vh] min-h-60 flex-col">
      <div className="flex h-11 shrink-0 items-center justify-between border-b border-line pr-2.5 pl-4">
        <h2 className="text-large font-medium text-ink">Layouts</h2>
        {canSave && <Button onClick={onSave}>Save layout…</Button>}
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto px-4 py-3">
        {problem !== null && (
          <div role="alert" className="flex flex-col items-center gap-3 py-4 text-center">
            <p className="break-words text-ink select-text">{sentence(problem)}</p>
            <Button onClick={() => void layouts.load()}>Try again</Button>
          </div>
        )}
        {restored && <RestoredNotice restored={restored} />}
        {saved === null && problem === null && (
          <p className="m-auto text-dim">Asking the daemon…</p>
        )}
        {saved?.length === 0 && (
          <p className="m-auto max-w-84 py-4 text-center text-dim">
            There are none. A layout keeps what is open now, for another day.
          </p>
        )}
        {saved !== null && saved.length > 0 && (
          <ul ref={list} aria-label="Saved layouts" onKeyDown={onKeyDown}>
            {saved.map((layout) => (
              <Row key={layout.path} layout={layout} {...props} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function Row({ layout, layouts, agents, homeDir }: LayoutsPanelProps & { layout: SavedSession }) {
  const { name, path, savedAt, automatic, problem } = layout;
  const busy = useStore(layouts.store, (state) => state.busy);
  const refused = useStore(layouts.store, (state) => state.refused[path]);
  const [asked, setAsked] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const restore = useRef<HTMLButtonElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const now = useNow();
  useEffect(() => {
    if (asked) keep.current?.focus();
  }, [asked]);
  const isBusy = busy === path;
  return (
    <li
      className="flex min-h-12 items-center gap-3 border-b border-line py-1.5 text-small last:border-b-0"
      data-testid="layout"
    >
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          {renaming ? (
            <NameField
              name={name}
              label="Name of the layout"
              className="w-56"
              onRename={(next) => void layouts.rename(layout, next)}
              onEnd={() => {
                setRenaming(false);
                restore.current?.focus();
              }}
            />
          ) : (
            <span className="truncate font-medium text-ink" title={name}>
              {name}
            </span>
          )}
          {automatic && (
            <span className="shrink-0 rounded-small bg-surface px-1.5 text-tiny text-dim">
              Saved by itself
            </span>
          )}
          <Agents types={layout.agents} agents={agents} />
        </span>
        {problem === null ? (
          <span className="block truncate text-tiny text-dim" title={layout.projects.join('\n')}>
            {[timeAgo(savedAt, now), ...describe(layout, homeDir)].join(' · ')}
          </span>
        ) : (
          <span className="flex items-start gap-1 text-tiny break-words text-warn select-text">
            <TriangleAlert size={11} className="mt-0.5 shrink-0" aria-hidden />
            {sentence(problem)}
          </span>
        )}
        {refused !== undefined && (
          <span role="alert" className="block text-tiny break-words text-danger select-text">
            {sentence(refused)}
          </span>
        )}
      </span>
      {asked ? (
        <span
          role="alertdialog"
          aria-label={`Delete ${name}?`}
          className="flex shrink-0 items-center gap-2"
        >
          <span className="text-dim max-sm:hidden">What runs goes on.</span>
          <Button
            danger
            onClick={() => {
              setAsked(false);
              void layouts.remove(layout);
            }}
          >
            Delete
          </Button>
          <Button
            ref={keep}
            onClick={() => {
              setAsked(false);
              restore.current?.focus();
            }}
          >
            Keep
          </Button>
        </span>
      ) : (
        <span className="flex shrink-0 items-center gap-0.5">
          <Button
            ref={restore}
            aria-label={`Restore ${name}`}
            disabled={busy !== null || problem !== null}
            className="mr-1 disabled:opacity-40"
            onClick={() => void layouts.restore(layout)}
          >
            {isBusy ? 'One moment…' : 'Restore'}
          </Button>
          <IconButton
            label={`Rename ${name}`}
            disabled={busy !== null || automatic}
            onClick={() => setRenaming(true)}
          >
            <Pencil size={12} />
          </IconButton>
          <IconButton
            label={`Delete ${name}…`}
            disabled={busy !== null}
            onClick={() => setAsked(true)}
          >
            <Trash2 size={13} />
          </IconButton>
        </span>
      )}
    </li>
  );
}

/** "5 panes in 2 workspaces", then the projects. */
function describe(
  { agents, workspaces, projects }: SavedSession,
  homeDir: string | null,
): string[] {
  const panes = `${agents.length} ${agents.length === 1 ? 'pane' : 'panes'}`;
  const where = workspaces > 1 ? `${panes} in ${workspaces} workspaces` : panes;
  return [where, ...projects.map((project) => shortPath(project, homeDir))];
}
