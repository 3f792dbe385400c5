// One pane: its header, its terminal and, when the program has ended, what can be done now.
import type { CSSProperties } from 'react';
import { describeExit, type Sessions } from '@/features/sessions';
import { type Terminals, TerminalView } from '@/features/terminal';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Keys, showError } from '@/ui';
import { PaneHeader } from './PaneHeader';
import type { GridView } from './view';

interface PaneProps {
  session: SessionInfo;
  since: number | undefined;
  sessions: Sessions;
  terminals: Terminals;
  view: GridView;
  focused: boolean;
  zoomed: boolean;
  renaming: boolean;
  searching: boolean;
  style: CSSProperties;
}

export function Pane(props: PaneProps) {
  const { session, since, sessions, terminals, view, focused, zoomed } = props;
  const { sessionId } = session;
  const restart = () => {
    view.focus(sessionId);
    sessions.restart(sessionId).catch(showError);
  };
  const close = () => {
    sessions.close(sessionId).catch(showError);
    // The button that was pressed is about to go.
    view.restoreKeyboard();
  };
  return (
    <section
      aria-label={session.name}
      data-testid="pane"
      data-session-id={sessionId}
      data-pane-index={session.paneIndex}
      data-focused={focused}
      data-zoomed={zoomed}
      data-state={session.state}
      style={props.style}
      className="group/pane relative flex min-h-0 min-w-0 flex-col overflow-hidden bg-terminal"
    >
      <PaneHeader
        session={session}
        since={since}
        focused={focused}
        zoomed={zoomed}
        renaming={props.renaming}
        onSelect={() => view.focus(sessionId)}
        onStartRename={() => view.rename(sessionId)}
        onRename={(name) => {
          sessions.rename(sessionId, name).catch(showError);
        }}
        onEndRename={(byKey) => {
          view.rename(null);
          if (byKey) view.restoreKeyboard();
        }}
        onZoom={() => {
          view.focus(sessionId);
          view.toggleZoom();
        }}
        onRestart={restart}
        onClose={close}
      />
      <TerminalView
        session={session}
        terminals={terminals}
        searching={props.searching}
        onFocus={() => view.focused(sessionId)}
        onRestart={restart}
        onClose={close}
        onEndSearch={() => {
          view.search(null);
          view.focus(sessionId);
        }}
      />
      {session.state === 'exited' && (
        <div
          role="status"
          className="flex h-7 shrink-0 items-center gap-1.5 border-t border-line bg-surface px-3 text-small whitespace-nowrap text-dim"
        >
          <span className={`truncate ${session.exitCode === 0 ? '' : 'text-danger'}`}>
            {describeExit(session.exitCode)}
          </span>
          <span aria-hidden>—</span>
          <Keys keys="Enter" /> restarts, <Keys keys="x" /> closes
        </div>
      )}
      {focused && (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-0 z-20 border border-accent"
        />
      )}
    </section>
  );
}
