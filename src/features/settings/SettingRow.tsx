// One setting: its words, its control, and why its last change was refused.
import { useEffect, useId, useRef, useState } from 'react';
import { Slider, Switch } from '@/ui';
import { Entries } from './Entries';
import { Field } from './Field';
import { ListField } from './ListField';
import { readable, type Setting, type Value } from './records';

interface SettingRowProps {
  setting: Setting;
  value: Value;
  refused: string | undefined;
  /** `now`: it will not change again in a moment. */
  onChange(value: Value, now: boolean): void;
}

export function SettingRow({ setting, value, refused, onChange }: SettingRowProps) {
  const { label, about, control } = setting;
  const [draft, setDraft] = useState<string | null>(null);
  const complaint = useRef<HTMLParagraphElement>(null);
  const told = useId();
  const wrong = useId();
  const problem = draft ?? refused;
  const describedBy = problem === undefined ? told : `${told} ${wrong}`;
  // What is wrong is of no use below the edge of the page.
  useEffect(() => {
    if (problem !== undefined) complaint.current?.scrollIntoView({ block: 'nearest' });
  }, [problem]);
  const isText = control.kind === 'text';
  const isWide = isText || control.kind === 'entries' || control.kind === 'list';
  return (
    <li
      data-setting={setting.id}
      className="grid grid-cols-1 items-center gap-x-8 gap-y-1.5 border-b border-line py-3 last:border-b-0 sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className={`min-w-0 ${isWide ? 'sm:col-span-2' : ''}`}>
        <div className="text-ink">{label}</div>
        <p id={told} className="text-small text-dim">
          {about}
          {isText && ` ${control.empty}`}
        </p>
      </div>
      <div className={`flex min-h-7 items-center ${isWide ? 'sm:col-span-2' : 'sm:justify-end'}`}>
        {control.kind === 'switch' && (
          <Switch
            label={label}
            describedBy={describedBy}
            checked={value === true}
            onChange={(next) => onChange(next, true)}
          />
        )}
        {control.kind === 'slider' && (
          <SliderWithValue
            label={label}
            describedBy={describedBy}
            value={Number(value)}
            min={control.least}
            max={control.most}
            valueText={readable(Number(value), control.unit)}
            onChange={(next) => onChange(next, false)}
          />
        )}
        {control.kind === 'entries' && (
          <Entries label={label} control={control} entries={value as Record<string, never>} />
        )}
        {control.kind === 'list' && (
          <ListField
            label={label}
            describedBy={describedBy}
            control={control}
            value={value as string[]}
            invalid={problem !== undefined}
            onChange={(next) => onChange(next, true)}
          />
        )}
        {(control.kind === 'number' || isText) && (
          <Field
            label={label}
            describedBy={describedBy}
            control={control}
            value={value}
            invalid={problem !== undefined}
            onDraft={setDraft}
            onChange={(next) => onChange(next, true)}
          />
        )}
      </div>
      {problem !== undefined && (
        <p
          ref={complaint}
          id={wrong}
          role="alert"
          className={`text-small break-words text-danger select-text sm:col-span-2 ${isText ? 'font-mono whitespace-pre-wrap' : ''}`}
        >
          {problem}
        </p>
      )}
    </li>
  );
}

function SliderWithValue(props: Parameters<typeof Slider>[0]) {
  return (
    <span className="flex w-full items-center gap-3 sm:w-64">
      <Slider {...props} />
      <span aria-hidden className="w-16 shrink-0 text-right text-small text-ink tabular-nums">
        {props.valueText}
      </span>
    </span>
  );
}
