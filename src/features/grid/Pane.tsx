// One pane: its header, its terminal or what stands in its place, and at its foot what
// became of its program and what can be done now.
import { memo } from 'react';
import { type Sessions, shownState } from '@/features/sessions';
import { type Terminals, TerminalView } from '@/features/terminal';
import type { Carry } from '@/features/workspaces';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { showError } from '@/ui';
import { DropMark } from './DropMark';
import { EndQuestion } from './EndQuestion';
import type { PaneMarks } from './Grid';
import { OtherShim } from './OtherShim';
import { PaneFoot } from './PaneFoot';
import { PaneHeader } from './PaneHeader';
import type { GridView } from './view';

interface PaneProps {
  session: SessionInfo;
  since: number | undefined;
  sessions: Sessions;
  terminals: Terminals;
  view: GridView;
  carry: Carry;
  focused: boolean;
  zoomed: boolean;
  renaming: boolean;
  /** Which request for a search is being answered; null without a search. */
  search: number | null;
  ending: boolean;
  homeDir: string | null;
  /** What people call its agent. */
  agent: string;
  marks: PaneMarks;
  /** Where it stands in the grid, as CSS has it. */
  row: number;
  column: string;
}

/** Rendered for what is new of its own session, and not of the others'. */
export const Pane = memo(function Pane(props: PaneProps) {
  const { session, since, sessions, terminals, view, carry, focused, zoomed, marks } = props;
  const { sessionId } = session;
  const restart = () => {
    view.focus(sessionId);
    sessions.restart(sessionId).catch(showError);
  };
  const close = () => {
    view.close(sessionId).catch(showError);
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
      data-status={shownState(session)}
      style={{ gridRow: props.row, gridColumn: props.column }}
      className="group/pane @container relative flex min-h-0 min-w-0 flex-col overflow-hidden bg-terminal"
    >
      <PaneHeader
        session={session}
        since={since}
        focused={focused}
        zoomed={zoomed}
        renaming={props.renaming}
        agent={props.agent}
        marks={marks.header(session)}
        onSelect={() => view.focus(sessionId)}
        onGrab={(event) => carry.begin(event, { kind: 'pane', session })}
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
      {session.incompatible === null ? (
        <TerminalView
          session={session}
          terminals={terminals}
          search={props.search}
          onFocus={() => view.focused(sessionId)}
          onRestart={restart}
          onClose={close}
          onEndSearch={() => {
            view.search(null);
            view.focus(sessionId);
          }}
        />
      ) : (
        <OtherShim
          session={session}
          version={session.incompatible}
          terminals={terminals}
          onFocus={() => view.focused(sessionId)}
          onRestart={restart}
          onRestartWhenIdle={(whenIdle) => {
            sessions.restartWhenIdle(sessionId, whenIdle).catch(showError);
          }}
        />
      )}
      <PaneFoot session={session} homeDir={props.homeDir} />
      {props.ending && (
        <EndQuestion
          session={session}
          isShown={session.incompatible === null}
          onEnd={() => {
            view.close(sessionId, true).catch(showError);
            view.restoreKeyboard();
          }}
          onKeep={() => view.keep(sessionId)}
        />
      )}
      {marks.over(session)}
      <DropMark carry={carry} sessionId={sessionId} name={session.name} />
      {focused && (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-0 z-20 border-(length:--ring-width) border-accent"
        />
      )}
    </section>
  );
});
