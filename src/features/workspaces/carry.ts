// What can be carried with the pointer, and where to: a pane to another one's place, to a
// workspace or to a new one, and a tab to another place among the tabs.
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Drag } from '@/ui';

export type Carried =
  | { kind: 'pane'; session: SessionInfo }
  | { kind: 'tab'; workspaceId: number; name: string };

export type Target =
  | { kind: 'pane'; sessionId: number }
  | { kind: 'workspace'; workspaceId: number }
  | { kind: 'new' }
  /** Among the tabs, at a place counted without the one that is carried. */
  | { kind: 'place'; position: number };

export type Carry = Drag<Carried, Target>;

export function createCarry(onDrop: (carried: Carried, target: Target) => void): Carry {
  return new Drag<Carried, Target>((carried, elements, { x }) => {
    const over = (name: string) =>
      elements.map((each) => each.closest<HTMLElement>(`[data-${name}]`)).find((each) => each);
    if (carried.kind === 'tab') return placeOf(over('tabs'), carried.workspaceId, x);
    if (over('new-workspace')) return { kind: 'new' };
    const tab = over('workspace-id');
    if (tab) {
      const workspaceId = Number(tab.dataset.workspaceId);
      const { session } = carried;
      return workspaceId === session.workspaceId ? null : { kind: 'workspace', workspaceId };
    }
    const pane = over('session-id');
    const sessionId = Number(pane?.dataset.sessionId);
    return pane && sessionId !== carried.session.sessionId ? { kind: 'pane', sessionId } : null;
  }, onDrop);
}

/** Before the first tab whose middle is right of the pointer. */
function placeOf(tabs: HTMLElement | null | undefined, carried: number, x: number): Target | null {
  if (!tabs) return null;
  const others = [...tabs.querySelectorAll<HTMLElement>('[data-workspace-id]')].filter(
    (tab) => Number(tab.dataset.workspaceId) !== carried,
  );
  const position = others.findIndex((tab) => {
    const { left, width } = tab.getBoundingClientRect();
    return x < left + width / 2;
  });
  return { kind: 'place', position: position < 0 ? others.length : position };
}
