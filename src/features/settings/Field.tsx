// A field for a number or a text. What is typed is a draft until Enter, or until the field or
// the page is left; a draft that can be no value is said to be none and not sent.
import { type KeyboardEvent, useEffect, useEffectEvent, useState } from 'react';
import { type Control, readable, type Value } from './records/record';

type FieldControl = Extract<Control, { kind: 'slider' | 'number' | 'text' }>;

interface FieldProps {
  label: string;
  control: FieldControl;
  value: Value;
  /** Whether the last value was refused. */
  invalid: boolean;
  /** Ids of what explains it. */
  describedBy: string;
  /** Why what is written cannot be a value; null when it can. */
  onDraft(problem: string | null): void;
  onChange(value: Value): void;
}

export function Field(props: FieldProps) {
  const { label, control, value, invalid, describedBy, onDraft, onChange } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const isNumber = control.kind !== 'text';

  const type = (text: string) => {
    setDraft(text);
    onDraft(problemOf(text, control));
  };
  const settle = () => {
    if (draft === null) return;
    setDraft(null);
    onDraft(null);
    if (problemOf(draft, control) !== null) return;
    const next = isNumber ? Number(draft) : draft;
    if (next !== value) onChange(next);
  };
  const onLeave = useEffectEvent(settle);
  useEffect(() => () => onLeave(), []);

  const step = (by: number) => {
    const at = Number(draft ?? value);
    if (!isNumber || !Number.isFinite(at)) return;
    const next = Math.round(at) + by * (control.step ?? 1);
    type(String(Math.max(control.least, Math.min(next, control.most))));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter') settle();
    const by = STEPS[event.key];
    if (by === undefined || !isNumber) return;
    event.preventDefault();
    step(by);
  };

  return (
    <span className={`flex items-center gap-2 ${isNumber ? '' : 'w-full'}`}>
      <input
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        {...(isNumber && {
          role: 'spinbutton',
          inputMode: 'numeric',
          'aria-valuenow': Number(value),
          'aria-valuemin': control.least,
          'aria-valuemax': control.most,
        })}
        value={draft ?? String(value)}
        spellCheck={false}
        autoComplete="off"
        className={`h-7 min-w-0 rounded-medium border bg-surface px-2 text-ink ${invalid ? 'border-danger' : 'border-line'} ${isNumber ? 'w-24 text-right text-small tabular-nums' : 'w-full font-mono text-small'}`}
        onChange={(event) => type(event.target.value)}
        onBlur={settle}
        onKeyDown={onKeyDown}
      />
      {isNumber && (
        <span aria-hidden className="w-16 text-small text-dim">
          {control.unit[Number(draft ?? value) === 1 ? 0 : 1]}
        </span>
      )}
    </span>
  );
}

const STEPS: Record<string, number> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

function problemOf(text: string, control: FieldControl): string | null {
  if (control.kind === 'text') return null;
  const { least, most } = control;
  const number = Number(text);
  const fits = /^\s*\d+\s*$/.test(text) && number >= least && number <= most;
  return fits
    ? null
    : `A whole number from ${least.toLocaleString('en')} to ${readable(most, control.unit)}.`;
}
