// Settings with names of the user’s own: shown as they are, and changed in the file. They are
// read again whenever the page is opened.
import type { EntriesControl } from './records/record';

interface EntriesProps {
  label: string;
  control: EntriesControl<never>;
  entries: Record<string, never>;
}

export function Entries({ label, control, entries }: EntriesProps) {
  const names = Object.keys(entries);
  return (
    <div className="flex w-full min-w-0 flex-col gap-2 text-small">
      {names.length === 0 ? (
        <p className="text-dim">{control.none}</p>
      ) : (
        <dl aria-label={label} className="flex flex-col gap-1">
          {names.map((name) => (
            <div key={name} className="flex min-w-0 flex-wrap gap-x-3">
              <dt className="font-mono text-ink">{name}</dt>
              <dd className="min-w-0 break-words text-dim">
                {control.describe(entries[name] as never)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className="text-dim">
        Edit <code className="font-mono text-tiny text-ink">settings.toml</code> in Synk’s
        configuration folder to change them:
      </p>
      <pre className="overflow-x-auto rounded-medium border border-line bg-surface px-3 py-2 font-mono text-tiny text-ink select-text">
        {control.example}
      </pre>
    </div>
  );
}
