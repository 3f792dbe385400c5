// One action and its keys: each can be taken away, others can be pressed, and what stands against
// those is said before they count.
import { Plus, RotateCcw, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button, Keys } from '@/ui';
import {
  type Bindable,
  type Bindings,
  bound,
  clashes,
  isRebound,
  keysFor,
  scopesOf,
  taken,
  whereOf,
} from './bindings';
import { canonical, chordOf, isComposing, missedInTerminals, readableKeys } from './keys';

interface KeyRowProps {
  action: Bindable;
  actions: Bindable[];
  bindings: Bindings;
  /** Keys that are pressed now are for it. */
  recording: boolean;
  onRecord(begins: boolean): void;
  onChange(bindings: Bindings): void;
}

const SMALL =
  'flex size-6 shrink-0 items-center justify-center rounded-small text-dim transition-colors hover:bg-hover hover:text-ink';

export function KeyRow(props: KeyRowProps) {
  const { action, actions, bindings, recording, onRecord, onChange } = props;
  const { name } = action;
  const keys = keysFor(action, bindings);
  // What was pressed, and why it does not count yet.
  const [asked, setAsked] = useState<{ chord: string; reasons: string[] } | null>(null);
  const add = useRef<HTMLButtonElement>(null);
  // The button that was pressed, or that is gone, had the keyboard.
  const end = () => {
    setAsked(null);
    onRecord(false);
    queueMicrotask(() => add.current?.focus());
  };
  const take = (chord: string) => {
    onChange(taken(chord, action, actions, bindings));
    end();
  };
  const onPressed = (chord: string) => {
    if (keys.some((each) => canonical(each) === chord)) return end();
    const reasons = reasonsAgainst(chord, action, actions, bindings);
    if (reasons.length === 0) take(chord);
    else {
      setAsked({ chord, reasons });
      onRecord(false);
    }
  };
  return (
    <li
      data-action={action.id}
      className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 border-b border-line py-1 last:border-b-0"
    >
      <div className="flex min-w-0 items-baseline gap-2">
        <span className="truncate text-small text-ink">{name}</span>
        {whereOf(action) !== 'anywhere' && (
          <span className="shrink-0 text-tiny text-dim">{whereOf(action)}</span>
        )}
      </div>
      <div className="flex min-h-7 items-center justify-end gap-1">
        {keys.map((chord) => (
          <span key={chord} className="group/key flex items-center rounded-small bg-surface">
            <Keys keys={readableKeys(chord)} />
            <button
              type="button"
              aria-label={`Take ${readableKeys(chord)} from ${name}`}
              className="flex size-5 items-center justify-center rounded-small text-dim transition-colors hover:bg-hover hover:text-ink"
              onClick={() => {
                onChange(
                  bound(
                    action,
                    keys.filter((each) => each !== chord),
                    bindings,
                  ),
                );
                add.current?.focus();
              }}
            >
              <X size={11} aria-hidden />
            </button>
          </span>
        ))}
        {recording ? (
          <Recorder
            name={name}
            onPressed={onPressed}
            onClear={() => {
              onChange(bound(action, [], bindings));
              end();
            }}
            onEnd={end}
            onLeave={() => onRecord(false)}
          />
        ) : (
          // Without a tooltip: Escape is for the page, and there are many of them.
          <button
            ref={add}
            type="button"
            aria-label={`Keys for ${name}`}
            className={SMALL}
            onClick={() => {
              setAsked(null);
              onRecord(true);
            }}
          >
            <Plus size={13} aria-hidden />
          </button>
        )}
        {/* It keeps its place, so that the columns stay where they are. */}
        <span className="flex size-6">
          {isRebound(action, bindings) && (
            <button
              type="button"
              aria-label={`Reset the keys of ${name}`}
              className={SMALL}
              onClick={() => {
                onChange(bound(action, action.keys, bindings));
                add.current?.focus();
              }}
            >
              <RotateCcw size={12} aria-hidden />
            </button>
          )}
        </span>
      </div>
      {asked && (
        <div
          role="alert"
          className="col-span-2 mt-1 mb-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-medium bg-warn-soft px-2.5 py-2 text-small text-ink"
        >
          <Keys keys={readableKeys(asked.chord)} />
          <span className="min-w-40 flex-1">{asked.reasons.join(' ')}</span>
          <span className="flex gap-1.5">
            <Button autoFocus onClick={() => take(asked.chord)}>
              Take it
            </Button>
            <Button onClick={end}>Leave it</Button>
          </span>
        </div>
      )}
    </li>
  );
}

/** What a person should know before the action gets these keys. */
function reasonsAgainst(
  chord: string,
  action: Bindable,
  actions: Bindable[],
  bindings: Bindings,
): string[] {
  const reasons = clashes(chord, action, actions, bindings).map(({ with: other, here }) =>
    here
      ? `“${other.name}” has it ${whereOf(other)} and would lose it.`
      : `“${other.name}” has it ${whereOf(other)}; both keep it, each in its place.`,
  );
  const missed = scopesOf(action).includes('terminal') ? missedInTerminals(chord) : null;
  return missed === null ? reasons : [...reasons, missed];
}

interface RecorderProps {
  name: string;
  onPressed(chord: string): void;
  onClear(): void;
  onEnd(): void;
  /** The keyboard went elsewhere. */
  onLeave(): void;
}

/** Takes the next keys for itself. Esc leaves it, Backspace takes all keys away, Tab goes on. */
function Recorder({ name, onPressed, onClear, onEnd, onLeave }: RecorderProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    const plain = !(event.ctrlKey || event.altKey || event.metaKey);
    if (isComposing(event.nativeEvent) || (plain && event.key === 'Tab')) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    if (plain && !event.shiftKey && event.key === 'Escape') return onEnd();
    if (plain && !event.shiftKey && event.key === 'Backspace') return onClear();
    const chord = chordOf(event.nativeEvent);
    if (chord !== null) onPressed(chord);
  };
  return (
    <button
      ref={button}
      type="button"
      aria-label={`Press keys for ${name}. Escape cancels, Backspace takes all away.`}
      data-records-keys
      data-keeps-escape
      className="h-6 rounded-small border border-accent bg-accent-soft px-2 text-tiny text-ink focus-visible:outline-none"
      onKeyDown={onKeyDown}
      onBlur={onLeave}
    >
      Press keys… <span className="text-dim">Esc cancels</span>
    </button>
  );
}
