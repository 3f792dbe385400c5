// A session's screen as it once was, over the whole grid. It can be scrolled, selected and
// copied from, and nothing in it reaches a program.
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { moment } from '@/features/sessions';
import { PastTerminal, type TerminalStyle } from '@/features/terminal';
import type { PastScreen, SearchHit } from '@/protocol/generated/protocol';
import { CommandError, type Native, type Transport } from '@/transport';
import { Button, IconButton, showError } from '@/ui';
import type { Past } from './past';

const INCOMPLETE = 'Part of the log before this is not kept; it may have looked different.';

export interface PastPageProps {
  past: Past;
  hit: SearchHit;
  place: string;
  isFirst: boolean;
  isLast: boolean;
  transport: Transport;
  style: TerminalStyle;
  onClose(): void;
}

export default function PastPage(props: PastPageProps) {
  const { past, hit, place, isFirst, isLast, transport, onClose } = props;
  // The screen before stays until the next one is there.
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const terminal = useRef<PastTerminal>(null);
  const region = useCallback(
    (element: HTMLElement | null) => {
      past.region = element;
      element?.focus();
    },
    [past],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again.
  useEffect(() => {
    const { sessionId, offset } = hit;
    let wanted = true;
    setProblem(null);
    transport.call('session:replay', { sessionId, offset }).then(
      (screen) => wanted && setShown({ screen, hit }),
      (reason) => {
        if (!wanted) return;
        setShown(null);
        setProblem(CommandError.from(reason).message);
      },
    );
    return () => {
      wanted = false;
    };
  }, [transport, hit, attempt]);

  const onKeyDown = (event: KeyboardEvent) => {
    const act = actionOf(event, past, terminal.current, transport, onClose);
    if (!act) return;
    event.preventDefault();
    act();
  };

  const screen = shown?.hit === hit ? shown.screen : null;
  const title = `${hit.name}, as it was ${moment(screen?.at ?? hit.at, Date.now())}`;
  return (
    <div
      ref={region}
      role="dialog"
      aria-label={title}
      tabIndex={-1}
      data-testid="past"
      onKeyDown={onKeyDown}
      className="absolute inset-0 z-20 flex min-h-0 flex-col bg-canvas outline-none"
    >
      <header className="flex h-(--bar-height) shrink-0 items-center gap-2 border-b border-line bg-accent-soft pr-1.5 pl-3">
        <h2 className="max-w-2/3 shrink-0 truncate text-small font-medium text-ink">{title}</h2>
        {screen?.incomplete && (
          <p title={INCOMPLETE} className="min-w-0 truncate text-small text-warn">
            {INCOMPLETE}
          </p>
        )}
        <span className="flex-1" />
        <span role="status" className="shrink-0 text-tiny text-dim tabular-nums">
          {place}
        </span>
        <IconButton
          label="Previous line found"
          keys="Shift+Enter"
          disabled={isFirst}
          onClick={() => past.step(-1)}
        >
          <ChevronUp size={14} />
        </IconButton>
        <IconButton
          label="Next line found"
          keys="Enter"
          disabled={isLast}
          onClick={() => past.step(1)}
        >
          <ChevronDown size={14} />
        </IconButton>
        <IconButton label="Back to the present" keys="Esc" onClick={onClose}>
          <X size={14} />
        </IconButton>
      </header>
      <div className="relative min-h-0 flex-1">
        {problem === null && shown === null && (
          <p role="status" className="appear-late p-6 text-center text-dim">
            Reading the log…
          </p>
        )}
        {problem !== null && (
          <div role="alert" className="flex flex-col items-center gap-3 p-6 text-center">
            <p className="max-w-100 text-small text-dim">That moment cannot be shown: {problem}</p>
            <Button onClick={() => setAttempt((count) => count + 1)}>Try again</Button>
          </div>
        )}
        {shown && (
          <PastHost
            shown={shown}
            native={transport.native}
            style={props.style}
            terminal={terminal}
          />
        )}
      </div>
    </div>
  );
}

/** A screen, and the hit that it was asked for. */
interface Shown {
  screen: PastScreen;
  hit: SearchHit;
}

interface PastHostProps {
  shown: Shown;
  native: Native;
  style: TerminalStyle;
  terminal: { current: PastTerminal | null };
}

/** The place of the terminal; a box that is smaller than the screen of then scrolls. */
function PastHost({ shown, native, style, terminal }: PastHostProps) {
  const box = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current || !host.current) return;
    const past = new PastTerminal(box.current, host.current, { native, style }, showError);
    terminal.current = past;
    past.show(shown.screen, shown.hit).catch(showError);
    return () => {
      terminal.current = null;
      past.dispose();
    };
  }, [shown, native, style, terminal]);
  return (
    <div ref={box} className="absolute inset-0 overflow-auto p-4">
      <div
        ref={host}
        className="past-host mx-auto w-max overflow-hidden rounded-medium border border-line bg-terminal"
      />
    </div>
  );
}

/** What a key does here; null when it does nothing. */
function actionOf(
  event: KeyboardEvent,
  past: Past,
  terminal: PastTerminal | null,
  transport: Transport,
  onClose: () => void,
): (() => void) | null {
  const onButton = event.target instanceof Element && event.target.closest('button') !== null;
  if (event.key === 'Escape') return onClose;
  if (event.key === 'Enter' && !onButton) return () => past.step(event.shiftKey ? -1 : 1);
  if (event.key === 'PageUp') return () => terminal?.scrollPages(-1);
  if (event.key === 'PageDown') return () => terminal?.scrollPages(1);
  if (event.key === 'ArrowUp') return () => terminal?.scrollLines(-1);
  if (event.key === 'ArrowDown') return () => terminal?.scrollLines(1);
  if (event.key.toLowerCase() === 'c' && event.ctrlKey) {
    const text = terminal?.selection();
    return text ? () => void transport.native.writeClipboard(text).catch(showError) : null;
  }
  return null;
}
