// One of a few, all of them to be seen. The arrows choose.
import { RadioGroup as Radix } from 'radix-ui';

interface SegmentedProps {
  value: string;
  /** Values with their words, in order. */
  options: [value: string, word: string][];
  label: string;
  /** Ids of what explains it. */
  describedBy: string;
  onChange(value: string): void;
}

export function Segmented({ value, options, label, describedBy, onChange }: SegmentedProps) {
  return (
    <Radix.Root
      value={value}
      onValueChange={onChange}
      aria-label={label}
      aria-describedby={describedBy}
      orientation="horizontal"
      className="flex flex-wrap rounded-medium border border-line bg-surface p-0.5"
    >
      {options.map(([each, word]) => (
        <Radix.Item
          key={each}
          value={each}
          className="h-6 rounded-small border border-transparent px-2.5 text-small whitespace-nowrap text-dim transition-colors hover:text-ink data-[state=checked]:border-line data-[state=checked]:bg-raised data-[state=checked]:text-ink"
        >
          {word}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
