// The line that offers to run what was lost, until the person leaves it as it is. One pane on the
// screen says that for itself.
import { useStore } from 'zustand';
import { Button } from '@/ui';
import type { Synk } from './synk';

export function LostOffer({ synk }: { synk: Synk }) {
  const sessions = useStore(synk.sessions.store, (state) => state.sessions);
  const shown = useStore(synk.workspaces.store, (state) => state.shown);
  const left = useStore(synk.chrome, (state) => state.leftLost);
  const lost = sessions.filter(({ state }) => state === 'lost');
  const isNew = lost.some(({ sessionId }) => !left.includes(sessionId));
  const saysItself = lost.every(
    ({ paneIndex, workspaceId }) => paneIndex !== null && workspaceId === shown,
  );
  if (!isNew || (lost.length === 1 && saysItself)) return null;
  return (
    <div
      role="status"
      data-testid="lost"
      className="flex h-9 shrink-0 items-center gap-2 overflow-hidden border-t border-line bg-surface px-3 text-small whitespace-nowrap text-dim"
    >
      <span className="min-w-0 flex-1 truncate">
        <span className="text-warn">
          {lost.length === 1 ? '1 session was lost' : `${lost.length} sessions were lost`}
        </span>{' '}
        when the machine or their processes went down.
      </span>
      <Button
        onClick={() => {
          void synk.runLost();
          synk.restoreKeyboard();
        }}
      >
        {lost.length === 1 ? 'Run it again' : 'Run all again'}
      </Button>
      <Button
        onClick={() => {
          synk.chrome.setState({ leftLost: lost.map(({ sessionId }) => sessionId) });
          synk.restoreKeyboard();
        }}
      >
        Leave
      </Button>
    </div>
  );
}
