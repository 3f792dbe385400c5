// The list of who needs a person, behind a button that says how many there are. Without
// anybody it is not there.
import type { ReactNode } from 'react';
import { AgentGlyph, StatusDot, timeAgo, useNow, waitingWord } from '@/features/sessions';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Keys, Menu } from '@/ui';
import type { InNeed } from './waiting';

interface AttentionMenuProps {
  need: InNeed;
  /** The keys that go to the next one. */
  nextKeys: string;
  onSelect(sessionId: number): void;
  /** The menu is gone; put the keyboard where it belongs. */
  onClosed(): void;
  side?: 'top' | 'bottom';
  /** Set where something else than the button opens it. */
  open?: boolean;
  onOpenChange?(open: boolean): void;
  /** The button. */
  children: ReactNode;
}

export function AttentionMenu(props: AttentionMenuProps) {
  const { need, nextKeys, side = 'bottom', open, onOpenChange, children } = props;
  if (need.waiting.length + need.done.length === 0) return null;
  return (
    <Menu.Root
      modal={false}
      {...(open !== undefined && { open })}
      {...(onOpenChange && { onOpenChange })}
    >
      <Menu.Trigger asChild>{children}</Menu.Trigger>
      <Menu.Content align="start" side={side} aria-label="Who needs you" onClosed={props.onClosed}>
        <Group title="Waiting for you" sessions={need.waiting} onSelect={props.onSelect} />
        <Group title="Done, not looked at" sessions={need.done} onSelect={props.onSelect} />
        <Menu.Separator />
        <p className="flex items-center gap-2 px-2 py-1 text-tiny text-dim">
          <Keys keys={nextKeys} /> goes to the next
        </p>
      </Menu.Content>
    </Menu.Root>
  );
}

interface GroupProps {
  title: string;
  sessions: SessionInfo[];
  onSelect(sessionId: number): void;
}

function Group({ title, sessions, onSelect }: GroupProps) {
  const now = useNow();
  if (sessions.length === 0) return null;
  return (
    <>
      <Menu.Label>{title}</Menu.Label>
      {sessions.map((session) => {
        const { sessionId, agentType, name, status } = session;
        const waits = status.state === 'waiting';
        return (
          <Menu.Item key={sessionId} onSelect={() => onSelect(sessionId)}>
            <StatusDot session={session} since={undefined} />
            <AgentGlyph agentType={agentType} size={12} />
            <span className="min-w-0 flex-1">
              <span className="flex items-baseline gap-2">
                <span className="truncate">{name}</span>
                <span className={`shrink-0 text-tiny ${waits ? 'text-warn' : 'text-dim'}`}>
                  {waits ? waitingWord(status.waitingFor) : 'done'}
                </span>
                <span className="ml-auto shrink-0 text-tiny text-dim">
                  {timeAgo(status.since, now)}
                </span>
              </span>
              {status.message && (
                <span className="block max-w-80 truncate text-tiny text-dim">{status.message}</span>
              )}
            </span>
          </Menu.Item>
        );
      })}
    </>
  );
}
