// A slider over a small range of whole numbers.
import { Slider as Radix } from 'radix-ui';

interface SliderProps {
  value: number;
  min: number;
  max: number;
  /** How far one key goes; 1 without it. */
  step?: number | undefined;
  label: string;
  /** The value with what it counts. */
  valueText: string;
  /** Ids of what explains it. */
  describedBy: string;
  onChange(value: number): void;
}

export function Slider(props: SliderProps) {
  const { value, min, max, step = 1, label, valueText, describedBy, onChange } = props;
  return (
    <Radix.Root
      value={[value]}
      min={min}
      max={max}
      step={step}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      className="relative flex h-6 w-full touch-none items-center"
    >
      <Radix.Track className="relative h-1 grow rounded-full bg-line">
        <Radix.Range className="absolute h-full rounded-full bg-accent" />
      </Radix.Track>
      <Radix.Thumb
        aria-label={label}
        aria-valuetext={valueText}
        aria-describedby={describedBy}
        className="block size-3.5 rounded-full border border-accent bg-raised focus-visible:bg-accent focus-visible:outline-offset-2"
      />
    </Radix.Root>
  );
}
