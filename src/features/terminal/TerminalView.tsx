// The place of one terminal in a pane. It mounts a SessionTerminal and shows what that says
// about itself; the terminal's content is none of React's business.

import { RotateCw } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { SessionInfo } from '@/protocol/generated/protocol';
import type { CommandError } from '@/transport';
import { Button, showError } from '@/ui';
import type { RendererName } from './renderer';
import { SearchBox, type SearchResults } from './SearchBox';
import { SessionTerminal } from './session-terminal';
import type { Terminals } from './terminals';

interface TerminalViewProps {
  session: SessionInfo;
  terminals: Terminals;
  /** Which request for a search is being answered; null without a search. */
  search: number | null;
  onFocus(): void;
  onRestart(): void;
  onClose(): void;
  onEndSearch(): void;
}

/** A terminal that has stopped for good is replaced by another, which has the keyboard if the
 * one before it did. */
export default function TerminalView(props: TerminalViewProps) {
  const [replaced, setReplaced] = useState({ times: 0, keyboard: false });
  return (
    <Shown
      {...props}
      key={replaced.times}
      takesKeyboard={replaced.keyboard}
      onStalled={(keyboard) => setReplaced(({ times }) => ({ times: times + 1, keyboard }))}
    />
  );
}

interface ShownProps extends TerminalViewProps {
  takesKeyboard: boolean;
  onStalled(hasKeyboard: boolean): void;
}

function Shown(props: ShownProps) {
  const { session, terminals, search } = props;
  const searching = search !== null;
  const { sessionId, state, shimPid } = session;
  const host = useRef<HTMLDivElement>(null);
  const terminal = useRef<SessionTerminal>(null);
  const [renderer, setRenderer] = useState<RendererName>();
  const [problem, setProblem] = useState<CommandError | null>(null);
  const [results, setResults] = useState<SearchResults>({ index: -1, count: 0 });
  // The terminal outlives renders, so it calls whatever the newest render passed.
  const newest = useRef(props);
  newest.current = props;

  // Before the pane is painted, so that its first frame has the terminal in it.
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return;
    const opened = terminals.open(SessionTerminal, sessionId, element, {
      onRenderer: setRenderer,
      onProblem: setProblem,
      onError: showError,
      onFocus: () => newest.current.onFocus(),
      onStalled: () => newest.current.onStalled(element.contains(document.activeElement)),
      onSearchResults: (index, count) => setResults({ index, count }),
      onRestart: () => newest.current.onRestart(),
      onClose: () => newest.current.onClose(),
    });
    opened.follow(newest.current.session);
    terminal.current = opened;
    // A search that is open has the keyboard, and is for this terminal as well.
    if (newest.current.takesKeyboard && newest.current.search === null) opened.focus();
    return () => {
      terminal.current = null;
      terminals.close(opened);
    };
  }, [sessionId, terminals]);

  useEffect(() => terminal.current?.follow({ state, shimPid }), [state, shimPid]);

  useEffect(() => {
    if (searching) return () => terminal.current?.endSearch();
  }, [searching]);

  return (
    <div className="relative min-h-0 flex-1 bg-terminal" data-renderer={renderer}>
      <div
        ref={host}
        data-dimmed={state === 'lost'}
        className="terminal-host absolute inset-0 overflow-hidden"
      />
      {searching && (
        <SearchBox
          asked={search}
          results={results}
          onFind={(text, direction, incremental) =>
            terminal.current?.find(text, direction, incremental)
          }
          onClose={props.onEndSearch}
        />
      )}
      {problem && (
        <div
          role="alert"
          className="absolute inset-0 flex flex-col items-center justify-center gap-3 bg-terminal p-4 text-center"
        >
          <p className="max-w-80 text-small text-dim">
            This session cannot be shown: {problem.message}
          </p>
          <Button onClick={() => void terminal.current?.attach()}>
            <RotateCw size={13} aria-hidden />
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}
