// On or off, at once.
import { Switch as Radix } from 'radix-ui';

interface SwitchProps {
  checked: boolean;
  label: string;
  /** Ids of what explains it. */
  describedBy: string;
  onChange(checked: boolean): void;
}

export function Switch({ checked, label, describedBy, onChange }: SwitchProps) {
  return (
    <Radix.Root
      checked={checked}
      onCheckedChange={onChange}
      aria-label={label}
      aria-describedby={describedBy}
      className="inline-flex h-4.5 w-8 shrink-0 items-center rounded-full border border-dim bg-surface px-0.5 transition-colors focus-visible:outline-offset-2 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
    >
      <Radix.Thumb className="size-3 rounded-full bg-dim transition-transform data-[state=checked]:translate-x-3.5 data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  );
}
