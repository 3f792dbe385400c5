// A small button that shows an icon and says its name.
import type { ComponentPropsWithRef, ReactNode } from 'react';
import { Tooltip } from './Tooltip';

interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'aria-label'> {
  /** What it does; the accessible name and the tooltip. */
  label: string;
  /** Keys that do the same, for the tooltip. */
  keys?: string;
  children: ReactNode;
}

export function IconButton({ label, keys, children, className = '', ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        className={`flex size-6 shrink-0 items-center justify-center rounded-small text-dim transition-colors hover:bg-hover hover:text-ink disabled:opacity-40 ${className}`}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  );
}
