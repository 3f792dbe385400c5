// A button with words on it.
import type { ComponentPropsWithRef } from 'react';

interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** The one thing to do here. */
  primary?: boolean;
  /** It ends something for good. */
  danger?: boolean;
}

const PLAIN = 'border border-line bg-raised text-ink hover:bg-hover';
const PRIMARY = 'bg-accent text-on-accent hover:opacity-90';
const DANGER = 'border border-danger bg-raised text-danger hover:bg-hover';

export function Button({ primary = false, danger = false, className = '', ...rest }: ButtonProps) {
  const look = danger ? DANGER : primary ? PRIMARY : PLAIN;
  return (
    <button
      type="button"
      className={`inline-flex h-7 items-center gap-1.5 rounded-medium px-2.5 text-small whitespace-nowrap transition-colors ${look} ${className}`}
      {...rest}
    />
  );
}
