// A button with words on it.
import type { ComponentPropsWithRef } from 'react';

interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** The one thing to do here. */
  primary?: boolean;
}

export function Button({ primary = false, className = '', ...rest }: ButtonProps) {
  const look = primary
    ? 'bg-accent text-on-accent hover:opacity-90'
    : 'border border-line bg-raised text-ink hover:bg-hover';
  return (
    <button
      type="button"
      className={`inline-flex h-7 items-center gap-1.5 rounded-medium px-2.5 text-small whitespace-nowrap transition-colors ${look} ${className}`}
      {...rest}
    />
  );
}
