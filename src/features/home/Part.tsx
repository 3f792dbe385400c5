// One part of the screen without panes, under its title.
import { type ReactNode, useId } from 'react';

interface PartProps {
  title: string;
  /** Beside the title. */
  more?: ReactNode;
  children: ReactNode;
}

export function Part({ title, more, children }: PartProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="min-w-0">
      <div className="mb-1.5 flex h-7 items-center justify-between gap-2">
        <h3 id={heading} className="text-small font-medium text-dim">
          {title}
        </h3>
        {more}
      </div>
      {children}
    </section>
  );
}
