// The workspaces as tabs, with how many panes in each wait or are done, and the way to a new
// one. With a single workspace there is nothing to go between, and only that way.
import { Plus, X } from 'lucide-react';
import { Fragment, type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { isDone, isWaiting, panesOf, type Sessions } from '@/features/sessions';
import type { SessionInfo, WorkspaceInfo } from '@/protocol/generated/protocol';
import { IconButton, NameField } from '@/ui';
import type { Carry } from './carry';
import type { Workspaces } from './store';

interface TabsProps {
  workspaces: Workspaces;
  sessions: Sessions;
  carry: Carry;
  /** The keys for a new one. */
  newKeys: string;
  /** The id of the element that shows the workspace. */
  controls: string;
  onCreate(): void;
  /** The person wants to be rid of one. */
  onClose(workspaceId: number): void;
  /** The keyboard has nothing to do here any more. */
  onLeave(): void;
}

export function Tabs(props: TabsProps) {
  const { workspaces, sessions, carry, newKeys } = props;
  const list = useStore(workspaces.store, (state) => state.workspaces);
  const all = useStore(sessions.store, (state) => state.sessions);
  const isOver = useStore(carry.store, ({ where }) => where?.kind === 'new');
  const place = usePlace(carry);
  const carried = useStore(carry.store, ({ what }) =>
    what?.kind === 'tab' ? what.workspaceId : null,
  );
  if (list.length === 0) return null;
  const places = list.filter((each) => each.workspaceId !== carried);
  return (
    <div
      className={`flex h-full items-center gap-0.5 ${list.length > 1 ? 'min-w-16' : 'shrink-0'}`}
    >
      {list.length > 1 && (
        <div
          role="tablist"
          aria-label="Workspaces"
          data-tabs
          className="flex h-full min-w-0 items-center gap-0.5 overflow-x-auto [scrollbar-width:none] [&::-webkit-scrollbar]:hidden"
        >
          {list.map((workspace) => {
            const index = places.indexOf(workspace);
            return (
              <Fragment key={workspace.workspaceId}>
                {place !== null && index === place && <PlaceMark />}
                <Tab {...props} workspace={workspace} list={list} all={all} />
              </Fragment>
            );
          })}
          {place !== null && place >= places.length && <PlaceMark />}
        </div>
      )}
      <span
        data-new-workspace
        className={`flex shrink-0 rounded-small ${isOver ? 'bg-accent-soft outline-1 outline-accent' : ''}`}
      >
        <IconButton label="New workspace" keys={newKeys} onClick={props.onCreate}>
          <Plus size={13} className={isOver ? 'text-accent' : ''} />
        </IconButton>
      </span>
    </div>
  );
}

/** Where the tab that is carried would go; null while none is. */
function usePlace(carry: Carry): number | null {
  return useStore(carry.store, ({ where }) => (where?.kind === 'place' ? where.position : null));
}

function PlaceMark() {
  return <span role="presentation" className="h-5 w-0.5 shrink-0 rounded-full bg-accent" />;
}

interface TabProps extends TabsProps {
  workspace: WorkspaceInfo;
  list: WorkspaceInfo[];
  all: SessionInfo[];
}

function Tab(props: TabProps) {
  const { workspace, list, workspaces, all, carry, onClose, onLeave } = props;
  const { workspaceId, name } = workspace;
  const shown = useStore(workspaces.store, (state) => state.shown === workspaceId);
  const renaming = useStore(workspaces.store, (state) => state.renaming === workspaceId);
  const isOver = useStore(
    carry.store,
    ({ where }) => where?.kind === 'workspace' && where.workspaceId === workspaceId,
  );
  const panes = useMemo(() => panesOf(all, workspaceId), [all, workspaceId]);
  const waiting = panes.filter(isWaiting).length;
  const done = panes.filter(isDone).length;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown) element.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [shown]);

  /** Whether the key means something here. */
  const act = ({ key, shiftKey }: KeyboardEvent): boolean => {
    if (key === 'F2') workspaces.rename(workspaceId);
    else if (key === 'Delete') onClose(workspaceId);
    else if (key === 'Enter' || key === 'Escape') onLeave();
    else if (key === 'Home') goTo(workspaces, list[0]);
    else if (key === 'End') goTo(workspaces, list.at(-1));
    else if (key !== 'ArrowLeft' && key !== 'ArrowRight') return false;
    else if (shiftKey) workspaces.shift(workspaceId, key === 'ArrowRight' ? 1 : -1);
    else goTo(workspaces, workspaces.beside(key === 'ArrowRight' ? 1 : -1));
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== element.current) return;
    if (!act(event)) return;
    event.preventDefault();
  };
  const counts = [
    `${panes.length} ${panes.length === 1 ? 'pane' : 'panes'}`,
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(done > 0 ? [`${done} done`] : []),
  ];

  return (
    <div
      ref={element}
      id={tabId(workspaceId)}
      role="tab"
      tabIndex={shown ? 0 : -1}
      aria-selected={shown}
      aria-controls={props.controls}
      title={`${name}: ${counts.join(', ')}`}
      data-workspace-id={workspaceId}
      data-waiting={waiting}
      data-done={done}
      className={`group/tab relative flex h-6 max-w-44 min-w-20 items-center gap-1.5 rounded-small px-2 text-small transition-colors ${look(shown, isOver)}`}
      onPointerDown={(event) => {
        if (!renaming) carry.begin(event, { kind: 'tab', workspaceId, name });
      }}
      onClick={() => workspaces.show(workspaceId)}
      onAuxClick={(event) => {
        if (event.button === 1) onClose(workspaceId);
      }}
      onDoubleClick={() => workspaces.rename(workspaceId)}
      onKeyDown={onKeyDown}
    >
      {renaming ? (
        <NameField
          name={name}
          label="Name of the workspace"
          className="-mx-1 w-28"
          onRename={(next) => workspaces.change({ workspaceId, name: next }, true)}
          onEnd={(byKey) => {
            workspaces.rename(null);
            if (byKey) onLeave();
          }}
        />
      ) : (
        <>
          <span className="min-w-0 truncate">{name}</span>
          <span className="sr-only">, {counts.join(', ')}</span>
        </>
      )}
      {waiting > 0 && (
        <span
          aria-hidden
          className="shrink-0 rounded-full bg-warn px-1.5 text-tiny leading-4 font-semibold text-canvas"
        >
          {waiting}
        </span>
      )}
      {done > 0 && (
        <span
          aria-hidden
          className="shrink-0 rounded-full bg-accent-soft px-1.5 text-tiny leading-4 font-medium text-accent"
        >
          {done}
        </span>
      )}
      {!renaming && (
        // For the mouse; the keyboard has Delete and the palette.
        <span
          aria-hidden
          data-testid="close-tab"
          className="absolute inset-y-0 right-0 hidden w-7 items-center justify-center rounded-small bg-hover text-dim group-hover/tab:flex hover:text-ink"
          onPointerDown={(event) => event.stopPropagation()}
          onDoubleClick={(event) => event.stopPropagation()}
          onClick={(event) => {
            event.stopPropagation();
            onClose(workspaceId);
          }}
        >
          <X size={12} />
        </span>
      )}
    </div>
  );
}

/** The id of a workspace's tab, for what it labels. */
export function tabId(workspaceId: number): string {
  return `workspace-tab-${workspaceId}`;
}

function look(shown: boolean, isOver: boolean): string {
  if (isOver) return 'bg-accent-soft text-ink outline-1 -outline-offset-1 outline-accent';
  return shown ? 'bg-hover font-medium text-ink' : 'text-dim hover:bg-hover hover:text-ink';
}

/** Shows a workspace and takes the keyboard along to its tab. */
function goTo(workspaces: Workspaces, workspace: WorkspaceInfo | undefined): void {
  if (!workspace) return;
  workspaces.show(workspace.workspaceId);
  document.getElementById(tabId(workspace.workspaceId))?.focus();
}
