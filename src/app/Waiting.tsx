// What stands where the grid will be, until the first list of sessions is there.
import { useStore } from 'zustand';
import { Button } from '@/ui';
import type { Synk } from './synk';

export function Waiting({ synk }: { synk: Synk }) {
  const problem = useStore(synk.sessions.store, (state) => state.problem);
  if (problem === null) {
    return (
      <p role="status" className="appear-late m-auto text-dim">
        Starting the daemon…
      </p>
    );
  }
  return (
    <div role="alert" className="m-auto flex max-w-96 flex-col items-center gap-3 p-6 text-center">
      <p className="font-medium text-ink">The daemon does not answer</p>
      <p className="text-small break-words text-dim">{problem}</p>
      <Button
        primary
        onClick={() => {
          void synk.sessions.load();
          void synk.workspaces.load();
        }}
      >
        Try again
      </Button>
    </div>
  );
}
