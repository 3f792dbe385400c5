// Asks whether a workspace is to be closed that has panes.
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { AgentGlyph } from '@/features/sessions';
import { Button, Keys, Sheet } from '@/ui';
import type { Synk } from './synk';

export function CloseWorkspace({ synk }: { synk: Synk }) {
  const closing = useStore(synk.desk.store, (state) => state.closing);
  return (
    <Sheet
      open={closing !== null}
      title="Close the workspace"
      onClose={() => synk.desk.keep()}
      onClosed={() => synk.restoreKeyboard()}
    >
      {closing !== null && <Question synk={synk} workspaceId={closing} />}
    </Sheet>
  );
}

function Question({ synk, workspaceId }: { synk: Synk; workspaceId: number }) {
  useStore(synk.sessions.store, (state) => state.sessions);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  const panes = synk.panes(workspaceId);
  const watched = panes.filter(({ attachedClients }) => attachedClients > 1).length;
  const count = panes.length === 1 ? '1 session' : `${panes.length} sessions`;
  return (
    <div className="flex flex-col">
      <div className="flex flex-col gap-2 px-4 pt-4 pb-3">
        <h2 className="text-large font-medium break-words text-ink">
          Close {synk.workspaces.get(workspaceId)?.name} and end its {count}?
        </h2>
        <ul aria-label="What ends" className="flex flex-wrap gap-x-4 gap-y-1 text-small text-ink">
          {panes.map(({ sessionId, agentType, name }) => (
            <li key={sessionId} className="flex max-w-60 items-center gap-1.5">
              <AgentGlyph agentType={agentType} size={11} />
              <span className="truncate">{name}</span>
            </li>
          ))}
        </ul>
        <p className="text-small text-dim">
          {watched > 0 && 'Others are attached as well; it ends for them too. '}A pane that is
          dragged onto another tab goes on there.
        </p>
      </div>
      <footer className="flex justify-end gap-2 border-t border-line px-4 py-3">
        <Button danger onClick={() => void synk.desk.closeWithPanes(workspaceId)}>
          End {count}
        </Button>
        <Button ref={keep} onClick={() => synk.desk.keep()}>
          Keep
          <Keys keys="Esc" />
        </Button>
      </footer>
    </div>
  );
}
