// One of many: a button that says which, and a list of all.
import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import { Content, Root, Trigger } from './Menu';

interface SelectProps {
  value: string;
  /** Values with their words, in order. */
  options: [value: string, word: string][];
  label: string;
  /** Ids of what explains it. */
  describedBy: string;
  onChange(value: string): void;
}

export function Select({ value, options, label, describedBy, onChange }: SelectProps) {
  const word = options.find(([each]) => each === value)?.[1] ?? value;
  return (
    <Root modal={false}>
      <Trigger
        aria-label={`${label}: ${word}`}
        aria-describedby={describedBy}
        className="flex h-7 max-w-64 min-w-40 items-center justify-between gap-2 rounded-medium border border-line bg-surface px-2.5 text-small text-ink transition-colors hover:bg-hover"
      >
        <span className="truncate">{word}</span>
        <ChevronDown size={13} className="shrink-0 text-dim" aria-hidden />
      </Trigger>
      <Content align="end">
        <Radix.RadioGroup value={value} onValueChange={onChange}>
          {options.map(([each, name]) => (
            <Radix.RadioItem
              key={each}
              value={each}
              className="flex min-h-7 items-center gap-2 rounded-small px-2 py-1 text-ink outline-none data-highlighted:bg-hover"
            >
              <span className="flex w-3.5 shrink-0">
                <Radix.ItemIndicator>
                  <Check size={13} aria-hidden className="text-accent" />
                </Radix.ItemIndicator>
              </span>
              <span className="truncate">{name}</span>
            </Radix.RadioItem>
          ))}
        </Radix.RadioGroup>
      </Content>
    </Root>
  );
}
