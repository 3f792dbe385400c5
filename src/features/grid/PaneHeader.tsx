// The line above a terminal: who runs there, under which name, on which branch, how it is,
// and what can be done with it.
import { GitBranch, Maximize2, Minimize2, RotateCw, X } from 'lucide-react';
import { AgentGlyph, agentName, StatusDot } from '@/features/sessions';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { IconButton } from '@/ui';
import { NameField } from './NameField';

interface PaneHeaderProps {
  session: SessionInfo;
  since: number | undefined;
  focused: boolean;
  zoomed: boolean;
  renaming: boolean;
  onSelect(): void;
  onStartRename(): void;
  onRename(name: string): void;
  onEndRename(byKey: boolean): void;
  onZoom(): void;
  onRestart(): void;
  onClose(): void;
}

export function PaneHeader(props: PaneHeaderProps) {
  const { session, since, focused, zoomed, renaming } = props;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the mouse's way to the focus; the keyboard has its own keys for it.
    <header
      onMouseDown={(event) => {
        // Buttons and the name field take the click themselves.
        if (event.target instanceof Element && !event.target.closest('button, input')) {
          props.onSelect();
        }
      }}
      className="relative flex h-(--header-height) shrink-0 items-center gap-1.5 border-b border-line bg-surface px-2"
    >
      <StatusDot session={session} since={since} />
      <span title={agentName(session.agentType)} className="flex">
        <AgentGlyph agentType={session.agentType} />
      </span>
      {renaming ? (
        <NameField name={session.name} onRename={props.onRename} onEnd={props.onEndRename} />
      ) : (
        // A double click is a short cut; the keyboard has F2 and the palette.
        // biome-ignore lint/a11y/noStaticElementInteractions: see above.
        <span
          className={`max-w-[60%] shrink-0 truncate text-small font-medium ${focused ? 'text-ink' : 'text-dim'}`}
          title={session.name}
          onDoubleClick={props.onStartRename}
        >
          {session.name}
        </span>
      )}
      {session.branch && (
        <span className="flex min-w-0 items-center gap-1 text-tiny text-dim">
          <GitBranch size={11} className="shrink-0" aria-hidden />
          <span className="truncate" title={session.branch}>
            {session.branch}
          </span>
        </span>
      )}
      <span
        className={`absolute inset-y-0 right-0 flex items-center bg-surface px-1 focus-within:opacity-100 group-hover/pane:opacity-100 ${zoomed ? '' : 'opacity-0'}`}
      >
        <IconButton
          label={zoomed ? 'Show all panes' : 'Zoom'}
          keys="Ctrl+Shift+Z"
          aria-pressed={zoomed}
          onClick={props.onZoom}
        >
          {zoomed ? <Minimize2 size={12} /> : <Maximize2 size={12} />}
        </IconButton>
        <IconButton label="Restart" onClick={props.onRestart}>
          <RotateCw size={12} />
        </IconButton>
        <IconButton label="Close" keys="Ctrl+Shift+W" onClick={props.onClose}>
          <X size={14} />
        </IconButton>
      </span>
    </header>
  );
}
