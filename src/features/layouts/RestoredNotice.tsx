// What became of a layout that was restored: how many panes are back, and what is not there or not
// as it was.
import { Check, TriangleAlert } from 'lucide-react';
import { sentence } from '@/ui';
import { describeRestored, type Restored } from './store';

export function RestoredNotice({ restored }: { restored: Restored }) {
  const { name, failed } = restored;
  return (
    <div
      role="status"
      className="rounded-medium border border-line bg-surface px-3 py-2 text-small"
    >
      <p className="flex items-center gap-2 text-ink">
        {failed.length === 0 ? (
          <Check size={13} className="shrink-0 text-ok" aria-hidden />
        ) : (
          <TriangleAlert size={13} className="shrink-0 text-warn" aria-hidden />
        )}
        <span className="min-w-0">
          <span className="font-medium">{name}</span>: {describeRestored(restored)}.
        </span>
      </p>
      {failed.length > 0 && (
        <ul aria-label="Problems" className="mt-1.5 flex flex-col gap-1 pl-5">
          {failed.map((pane) => (
            <li
              key={`${pane.workspace}/${pane.name}/${pane.message}`}
              className="break-words text-dim select-text"
            >
              <span className="text-ink">{pane.name}</span> in {pane.workspace}:{' '}
              {sentence(pane.message)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
