// A choice that counts once something else is pressed.
import { Check } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface CheckboxProps {
  checked: boolean;
  onChange(checked: boolean): void;
  /** What it says. */
  children: ReactNode;
}

export function Checkbox({ checked, onChange, children }: CheckboxProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the button within is one.
    <label className="flex items-center gap-1.5 text-dim">
      <Radix.Root
        checked={checked}
        onCheckedChange={(next) => onChange(next === true)}
        className="flex size-3.5 shrink-0 items-center justify-center rounded-small border border-dim bg-surface data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <Radix.Indicator>
          <Check size={10} strokeWidth={3} aria-hidden className="text-on-accent" />
        </Radix.Indicator>
      </Radix.Root>
      {children}
    </label>
  );
}
