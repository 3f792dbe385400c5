// The command bar: a prompt on top, whom it goes to below, and what becomes of it in each. It
// stays until every delivery is at its end or the person leaves, and goes by itself only when
// all of them have worked and the next prompt is not begun.
import {
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useEffectEvent,
  useId,
  useRef,
} from 'react';
import { useStore } from 'zustand';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Keys, Sheet, Switch } from '@/ui';
import type { Composer } from './composer';
import { type Deliveries, hasWorked, isFinal, type Round, retriable } from './deliveries';
import { Outcome } from './Outcome';
import { PromptField } from './PromptField';
import { keyOfPlace, Targets } from './Targets';

/** How long it stays to be read once all has worked, in milliseconds. */
export const LINGER_MS = 1200;

interface CommandBarProps {
  open: boolean;
  composer: Composer;
  deliveries: Deliveries;
  panes: SessionInfo[];
  /** The pane that is chosen when nothing else is. */
  focused: number | null;
  /** `submit`: press Enter after it. */
  onSend(submit: boolean): void;
  /** What is typed is to go to all of these from now on. */
  onTypeLive(sessionIds: number[]): void;
  onClose(): void;
  /** The sheet is gone. */
  onClosed(): void;
}

export function CommandBar(props: CommandBarProps) {
  return (
    <Sheet
      open={props.open}
      title="Command bar"
      wide
      onClose={props.onClose}
      onClosed={props.onClosed}
    >
      <Body {...props} />
    </Sheet>
  );
}

function Body(props: CommandBarProps) {
  const { composer, deliveries, panes, focused, onSend, onTypeLive } = props;
  const { text, targets, queue, problem } = useStore(composer.store);
  const round = useStore(deliveries.store, (state) => state.round);
  const field = useRef<HTMLTextAreaElement>(null);
  const hints = useId();
  const isEmpty = text === '';
  useEffect(() => {
    const element = field.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  const close = useEffectEvent(props.onClose);
  const hasAllWorked = round?.deliveries.every((each) => hasWorked(each, round.submit)) ?? false;
  const began = useRef(targets);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as they are when a round begins.
  useEffect(() => {
    began.current = targets;
  }, [round?.id]);
  useEffect(() => {
    // Whoever chooses other panes by now is about to write the next prompt.
    if (!hasAllWorked || !isEmpty || targets !== began.current) return;
    const timer = setTimeout(() => close(), LINGER_MS);
    return () => clearTimeout(timer);
  }, [hasAllWorked, isEmpty, targets]);

  const ids = panes.map(({ sessionId }) => sessionId);
  const chosen = ids.filter((id) => targets.includes(id));
  const hasAll = chosen.length === ids.length;
  const toggleAll = () => {
    composer.choose(hasAll && focused !== null ? [focused] : ids);
  };
  const acts: Record<string, () => void> = {
    a: toggleAll,
    q: () => composer.toggleQueue(),
    r: () => void deliveries.retry(),
    l: () => onTypeLive(chosen),
  };

  // A click on what is chosen or done here leaves the keyboard where the prompt is written.
  const keepKeyboard = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target?.closest('textarea, .select-text')) event.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const { ctrlKey, altKey, metaKey, shiftKey } = event;
    if (metaKey || event.nativeEvent.getModifierState('AltGraph')) return;
    const inField = event.target === field.current;
    const alone = !ctrlKey && !altKey && (isEmpty || !inField);
    const withAlt = altKey && !ctrlKey && !shiftKey;
    const digit = digitOf(event);
    const place = ids.findIndex((_, index) => keyOfPlace(index) === digit);
    const target = ids[place];
    if (digit !== null && (alone || withAlt)) {
      event.preventDefault();
      if (target !== undefined) composer.toggle(target);
      return;
    }
    if (shiftKey) return;
    const letter = letterOf(event);
    const act = acts[letter];
    const selectsAll = letter === 'a' && ctrlKey && !altKey && isEmpty;
    if (!act || !(withAlt || selectsAll)) return;
    event.preventDefault();
    act();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole sheet, each of which a button in it has too.
    <div
      className="flex max-h-[72vh] flex-col"
      data-testid="command-bar"
      onMouseDown={keepKeyboard}
      onKeyDown={onKeyDown}
    >
      <div className="shrink-0 border-b border-line px-4 py-3">
        <PromptField
          ref={field}
          composer={composer}
          label="Prompt"
          describedBy={hints}
          placeholder={chosen.length === 1 ? 'What is to be done?' : 'What are they to do?'}
          onSend={onSend}
          className="text-large"
        />
        {problem !== null && (
          <p role="alert" className="mt-1.5 text-small break-words text-danger select-text">
            {problem}
          </p>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Targets
          panes={panes}
          targets={targets}
          round={round}
          onToggle={(sessionId) => composer.toggle(sessionId)}
        />
        {round && (
          <Outcome
            round={round}
            panes={panes}
            asks={isEmpty}
            onConfirm={() => void deliveries.confirm()}
            onRetry={() => void deliveries.retry()}
          />
        )}
      </div>
      <div className="flex shrink-0 flex-wrap items-center gap-x-3.5 gap-y-1.5 border-t border-line px-4 py-2 text-small text-dim">
        <span className="flex items-center gap-2" title="Alt+Q">
          <Switch
            label="Wait in the queue when it cannot go now"
            describedBy={hints}
            checked={queue}
            onChange={() => composer.toggleQueue()}
          />
          <span aria-hidden>Queue when it cannot go now</span>
        </span>
        <span>
          {chosen.length} of {ids.length}
        </span>
        <button
          type="button"
          title="Alt+A"
          className="-ml-3 rounded-small px-1 text-ink transition-colors hover:bg-hover"
          onClick={toggleAll}
        >
          {hasAll ? 'Focused only' : 'Choose all'}
        </button>
        {chosen.length > 1 && (
          <button
            type="button"
            title="Alt+L"
            className="rounded-small px-1 text-ink transition-colors hover:bg-hover"
            onClick={() => onTypeLive(chosen)}
          >
            Type live
          </button>
        )}
        <span id={hints} className="sr-only">
          Enter sends, Shift+Enter makes a new line, Alt+Enter inserts without Enter. Digits choose
          panes while nothing is written, and with Alt at any time. Alt+A chooses all, Alt+Q queues,
          Alt+R tries failures again, Alt+L types live.
        </span>
        <span aria-hidden className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-1 text-tiny">
          <Hint keys="1…9" does="panes" />
          <Hint keys="Alt+Enter" does="insert" />
          <Hint keys="Enter" does="send" />
        </span>
        <Counts round={round} />
      </div>
    </div>
  );
}

function Hint({ keys, does }: { keys: string; does: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <Keys keys={keys} />
      {does}
    </span>
  );
}

/** How it goes, for who does not see the chips. */
function Counts({ round }: { round: Round | null }) {
  if (round === null) return null;
  const { deliveries, submit } = round;
  const worked = deliveries.filter((each) => hasWorked(each, submit)).length;
  const failed = deliveries.filter((each) => isFinal(each) && !hasWorked(each, submit)).length;
  return (
    <span role="status" className="sr-only">
      {worked} of {deliveries.length} delivered{failed > 0 && `, ${failed} not`}
      {retriable(round).length > 0 && ', Alt+R tries again'}
    </span>
  );
}

function digitOf({ key, code, altKey }: KeyboardEvent): string | null {
  if (/^\d$/.test(key)) return key;
  // With Alt it is the place of the key that counts. Without, a prompt may begin with what
  // stands there: “!”, or “é” where digits are shifted.
  return altKey ? (/^Digit(\d)$/.exec(code)?.[1] ?? null) : null;
}

function letterOf({ key, code }: KeyboardEvent): string {
  const letter = key.toLowerCase();
  return /^[a-z]$/.test(letter)
    ? letter
    : (/^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? letter);
}
