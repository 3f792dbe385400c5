// Whom a prompt goes to, as chips: one for each pane, with its number, who runs there, how it
// is, and what became of the prompt that was sent last.
import { AgentGlyph, StatusDot, stateWord } from '@/features/sessions';
import type { SessionInfo } from '@/protocol/generated/protocol';
import type { Round } from './deliveries';
import { DeliverySign } from './looks';

interface TargetsProps {
  panes: SessionInfo[];
  targets: number[];
  round: Round | null;
  onToggle(sessionId: number): void;
}

/** The key that toggles the pane in a place counted from 0; null beyond the tenth. */
export function keyOfPlace(place: number): string | null {
  return place < 10 ? String((place + 1) % 10) : null;
}

export function Targets({ panes, targets, round, onToggle }: TargetsProps) {
  return (
    <ul
      aria-label="Panes"
      className="grid grid-cols-[repeat(auto-fill,minmax(168px,1fr))] gap-1.5 px-3 py-2.5"
    >
      {panes.map((session, place) => {
        const { sessionId, name, agentType } = session;
        const delivery = round?.deliveries.find((each) => each.sessionId === sessionId);
        const chosen = targets.includes(sessionId);
        const state = stateWord(session);
        return (
          <li key={sessionId} className="min-w-0">
            <button
              type="button"
              aria-pressed={chosen}
              data-testid="target"
              data-session-id={sessionId}
              onClick={() => onToggle(sessionId)}
              className="flex h-7 w-full min-w-0 items-center gap-1 rounded-medium border border-line px-1.5 text-left text-small text-dim transition-colors hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-ink"
            >
              <span aria-hidden className="w-3 shrink-0 text-center text-tiny text-dim">
                {keyOfPlace(place)}
              </span>
              <StatusDot session={session} since={undefined} />
              <AgentGlyph agentType={agentType} size={11} />
              <span className="min-w-0 flex-1 truncate pl-0.5">{name}</span>
              {!delivery && (
                <span
                  className={`shrink-0 text-tiny ${session.status.state === 'waiting' ? 'text-warn' : 'text-dim'}`}
                >
                  {state}
                </span>
              )}
              {delivery && round && <DeliverySign delivery={delivery} submit={round.submit} />}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
