// What is carried, beside the pointer, and the closed hand over everything. It follows the
// pointer without React.
import { PanelsTopLeft } from 'lucide-react';
import { type RefCallback, useCallback } from 'react';
import { useStore } from 'zustand';
import { AgentGlyph } from '@/features/sessions';
import type { Carry } from './carry';

export function Ghost({ carry }: { carry: Carry }) {
  const what = useStore(carry.store, (state) => state.what);
  const canDrop = useStore(carry.store, (state) => state.where !== null);
  const follow: RefCallback<HTMLElement> = useCallback(
    (element) => {
      if (!element) return;
      const move = () => {
        element.style.transform = `translate(${carry.at.x + 12}px, ${carry.at.y + 14}px)`;
      };
      move();
      carry.onMove = move;
      return () => {
        carry.onMove = () => {};
      };
    },
    [carry],
  );
  if (what === null) return null;
  return (
    <div className="fixed inset-0 z-50 cursor-grabbing" data-testid="carried">
      <div
        ref={follow}
        className={`absolute top-0 left-0 flex h-7 max-w-56 items-center gap-1.5 rounded-medium bg-raised px-2.5 text-small text-ink shadow-sheet ${canDrop ? '' : 'opacity-70'}`}
      >
        {what.kind === 'pane' ? (
          <AgentGlyph agentType={what.session.agentType} />
        ) : (
          <PanelsTopLeft size={12} className="shrink-0 text-dim" aria-hidden />
        )}
        <span className="truncate">{what.kind === 'pane' ? what.session.name : what.name}</span>
      </div>
    </div>
  );
}
