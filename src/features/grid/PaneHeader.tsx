// The line above a terminal: who runs there, under which name, on which branch, how it is,
// and what can be done with it.
import {
  FolderGit2,
  GitBranch,
  Maximize2,
  Minimize2,
  RotateCw,
  TriangleAlert,
  X,
} from 'lucide-react';
import type { PointerEvent, ReactNode } from 'react';
import { useKeysOf } from '@/features/keyboard';
import { AgentGlyph, isWaiting, StatusDot, waitingWord } from '@/features/sessions';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { IconButton, NameField } from '@/ui';

interface PaneHeaderProps {
  session: SessionInfo;
  since: number | undefined;
  focused: boolean;
  zoomed: boolean;
  renaming: boolean;
  /** What people call its agent. */
  agent: string;
  /** What others have to say here. */
  marks: ReactNode;
  onSelect(): void;
  /** The pointer went down where the pane can be grabbed. */
  onGrab(event: PointerEvent): void;
  onStartRename(): void;
  onRename(name: string): void;
  onEndRename(byKey: boolean): void;
  onZoom(): void;
  onRestart(): void;
  onClose(): void;
}

export function PaneHeader(props: PaneHeaderProps) {
  const { session, since, focused, zoomed, renaming } = props;
  const keysOf = useKeysOf();
  const waits = isWaiting(session);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the mouse's way to the focus and to another place; the keyboard has its own keys for both.
    <header
      onMouseDown={(event) => {
        if (isHere(event)) props.onSelect();
      }}
      onPointerDown={(event) => {
        if (isHere(event)) props.onGrab(event);
      }}
      className={`relative flex h-(--header-height) shrink-0 items-center gap-1.5 border-b px-2 ${waits ? 'border-warn bg-warn-soft' : 'border-line bg-surface'}`}
    >
      <StatusDot session={session} since={since} />
      <span title={props.agent} className="flex">
        <AgentGlyph agentType={session.agentType} />
      </span>
      {renaming ? (
        <NameField
          name={session.name}
          label="Name of the pane"
          onRename={props.onRename}
          onEnd={props.onEndRename}
        />
      ) : (
        // A double click is a short cut; the keyboard has F2 and the palette.
        // biome-ignore lint/a11y/noStaticElementInteractions: see above.
        <span
          className={`min-w-8 shrink truncate @max-3xs:min-w-0 text-small font-medium ${focused ? 'text-ink' : 'text-dim'}`}
          title={session.name}
          onDoubleClick={props.onStartRename}
        >
          {session.name}
        </span>
      )}
      {session.branch && (
        // It gives way to everything else.
        <span className="flex min-w-0 shrink-[999] items-center gap-1 overflow-hidden text-tiny text-dim @max-3xs:hidden">
          {session.worktree === null ? (
            <GitBranch size={11} className="shrink-0" aria-hidden />
          ) : (
            <span
              role="img"
              aria-label="In a worktree of its own"
              title={`A worktree of its own: ${session.worktree}`}
              className="shrink-0"
            >
              <FolderGit2 size={11} aria-hidden />
            </span>
          )}
          <span className="truncate" title={session.branch}>
            {session.branch}
          </span>
        </span>
      )}
      <span className="ml-auto flex shrink-0 items-center gap-1.5 pl-1">
        {waits && (
          <span className="flex items-center gap-1 text-tiny font-semibold text-warn @max-sm:group-hover/pane:hidden">
            <TriangleAlert size={11} aria-hidden className="@max-sm:hidden" />
            {waitingWord(session.status.waitingFor)}
          </span>
        )}
        {props.marks}
      </span>
      {/* Without the mouse they take no room, and still can be reached by the keyboard. */}
      <span
        className={`flex shrink-0 items-center ${zoomed ? '-mr-1' : '-ml-1.5 w-0 overflow-hidden opacity-0 group-hover/pane:-mr-1 group-hover/pane:ml-0 group-hover/pane:w-auto group-hover/pane:opacity-100 focus-within:-mr-1 focus-within:ml-0 focus-within:w-auto focus-within:opacity-100'}`}
      >
        <IconButton
          label={zoomed ? 'Show all panes' : 'Zoom'}
          keys={keysOf('pane.zoom')}
          aria-pressed={zoomed}
          onClick={props.onZoom}
        >
          {zoomed ? <Minimize2 size={12} /> : <Maximize2 size={12} />}
        </IconButton>
        <IconButton label="Restart" onClick={props.onRestart}>
          <RotateCw size={12} />
        </IconButton>
        <IconButton label="Close" keys={keysOf('pane.close')} onClick={props.onClose}>
          <X size={14} />
        </IconButton>
      </span>
    </header>
  );
}

/** Buttons and the name field take the click themselves, and what opens from here lies elsewhere
 * in the page. */
function isHere({ target, currentTarget }: { target: EventTarget; currentTarget: Element }) {
  const isWithin = target instanceof Element && currentTarget.contains(target);
  return isWithin && !target.closest('button, input');
}
