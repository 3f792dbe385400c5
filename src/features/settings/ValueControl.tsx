// The control of one setting, by its kind.
import { type Bindable, type Bindings, KeyBindings } from '@/features/keyboard';
import type { Palette, SynkSettings } from '@/protocol/generated/protocol';
import type { Transport } from '@/transport';
import { Segmented, Select, Slider, Switch } from '@/ui';
import { Arguments } from './Arguments';
import { Entries } from './Entries';
import { Field } from './Field';
import { ListField } from './ListField';
import { Palettes } from './Palettes';
import { readable, type Setting, type Value } from './records';

/** What some controls need besides their value. */
export interface Surroundings {
  settings: SynkSettings;
  /** All actions that keys can be given to. */
  actions: Bindable[];
  transport: Transport;
  /** A palette that was imported is to be used. */
  onImported(name: string): void;
}

interface ValueControlProps extends Surroundings {
  setting: Setting;
  value: Value;
  /** Whether the last value was refused. */
  invalid: boolean;
  /** Ids of what explains it. */
  describedBy: string;
  /** Why what is written cannot be a value; null when it can. */
  onDraft(problem: string | null): void;
  /** `now`: it will not change again in a moment. */
  onChange(value: Value, now: boolean): void;
}

export function ValueControl(props: ValueControlProps) {
  const { setting, value, invalid, describedBy, onDraft, settings } = props;
  const { label, control } = setting;
  const onChange = (next: Value) => props.onChange(next, true);
  const words = { label, describedBy };
  switch (control.kind) {
    case 'switch':
      return <Switch {...words} checked={value === true} onChange={onChange} />;
    case 'slider':
      return (
        <SliderWithValue
          {...words}
          value={Number(value)}
          min={control.least}
          max={control.most}
          step={control.step}
          valueText={readable(Number(value), control.unit)}
          onChange={(next) => props.onChange(next, false)}
        />
      );
    case 'number':
    case 'text':
      return (
        <Field
          {...words}
          control={control}
          value={value}
          invalid={invalid}
          onDraft={onDraft}
          onChange={onChange}
        />
      );
    case 'choice': {
      const options = Object.entries(control.options);
      return <Segmented {...words} value={String(value)} options={options} onChange={onChange} />;
    }
    case 'palette': {
      const options = paletteOptions(String(value), settings);
      return <Select {...words} value={String(value)} options={options} onChange={onChange} />;
    }
    case 'palettes':
      return (
        <Palettes
          label={label}
          palettes={value as Record<string, Palette>}
          transport={props.transport}
          onImported={props.onImported}
          onChange={onChange}
        />
      );
    case 'arguments':
      return <Arguments value={value as Record<string, string[]>} onChange={onChange} />;
    case 'keys':
      return (
        <KeyBindings actions={props.actions} bindings={value as Bindings} onChange={onChange} />
      );
    case 'list':
      return (
        <ListField
          {...words}
          control={control}
          value={value as string[]}
          invalid={invalid}
          onChange={onChange}
        />
      );
    case 'entries':
      return <Entries label={label} control={control} entries={value as Record<string, never>} />;
  }
}

function paletteOptions(
  chosen: string,
  { appearance }: SynkSettings,
): [value: string, word: string][] {
  const names = Object.keys(appearance.palettes);
  const isMissing = chosen !== '' && !names.includes(chosen);
  return [
    ['', 'As the theme'],
    ...names.map((name): [string, string] => [name, name]),
    ...(isMissing ? [[chosen, `${chosen} (missing)`] as [string, string]] : []),
  ];
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
