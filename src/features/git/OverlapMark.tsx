// In a pane's header: that others change the same files. Which ones, and the way to the others,
// is behind it.
import { SquaresIntersect, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { AgentGlyph } from '@/features/sessions';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Button, Popover, Tooltip } from '@/ui';
import { type Overlaps, type Shared, sharedBy } from './overlaps';

interface OverlapMarkProps {
  sessionId: number;
  overlaps: Overlaps;
  /** Any session, by its id. */
  sessionOf(sessionId: number): SessionInfo | undefined;
  onGoTo(sessionId: number): void;
  onReview(sessionId: number): void;
  /** The popover is gone; put the keyboard where it belongs. */
  onClosed(): void;
}

export function OverlapMark(props: OverlapMarkProps) {
  const { sessionId, sessionOf, onClosed } = props;
  const all = useStore(props.overlaps.store, (state) => state.overlaps);
  const shared = useMemo(() => sharedBy(all, sessionId), [all, sessionId]);
  const [open, setOpen] = useState(false);
  if (shared.length === 0) return null;
  const conflicts = shared.some(({ files }) => files.some((file) => file.conflicts));
  const words = shared
    .map(
      (each) => `overlaps with ${nameOf(sessionOf(each.sessionId))}: ${count(each.files.length)}`,
    )
    .join(', ');
  const files = new Set(shared.flatMap((each) => each.files.map(({ path }) => path))).size;
  const act = (run: () => void) => () => {
    setOpen(false);
    run();
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Tooltip text={words}>
        <Popover.Trigger
          aria-label={words}
          data-testid="overlap"
          data-conflicts={conflicts}
          className={`flex h-5 shrink-0 items-center gap-1 rounded-small px-1 text-tiny tabular-nums transition-colors hover:bg-hover data-[state=open]:bg-hover @max-3xs:hidden ${conflicts ? 'text-warn' : 'text-dim'}`}
        >
          <SquaresIntersect size={12} aria-hidden />
          {files}
        </Popover.Trigger>
      </Tooltip>
      <Popover.Content label="Who changes the same files" onClosed={onClosed}>
        <div className="-mx-3 flex max-h-[60vh] w-84 max-w-[86vw] flex-col gap-3 overflow-y-auto px-3">
          {shared.map((each) => (
            <Other
              key={each.sessionId}
              shared={each}
              session={sessionOf(each.sessionId)}
              onGoTo={act(() => props.onGoTo(each.sessionId))}
              onReview={act(() => props.onReview(each.sessionId))}
            />
          ))}
        </div>
      </Popover.Content>
    </Popover.Root>
  );
}

interface OtherProps {
  shared: Shared;
  session: SessionInfo | undefined;
  onGoTo(): void;
  onReview(): void;
}

function Other({ shared: { files }, session, onGoTo, onReview }: OtherProps) {
  const name = nameOf(session);
  return (
    <section aria-label={name} className="flex flex-col gap-1.5">
      <h2 className="flex min-w-0 items-center gap-1.5 text-small font-medium text-ink">
        {session && <AgentGlyph agentType={session.agentType} size={12} />}
        <span className="min-w-0 truncate">{session?.name ?? name}</span>
        <span className="min-w-0 flex-1 truncate text-tiny font-normal text-dim">
          {session?.branch}
        </span>
        {session && session.paneIndex !== null && (
          <span className="shrink-0 text-tiny font-normal text-dim">
            pane {session.paneIndex + 1}
          </span>
        )}
      </h2>
      <ul className="flex flex-col">
        {files.map(({ path, conflicts }) => (
          <li key={path} className="flex h-6 items-center gap-2">
            <span className="min-w-0 flex-1 truncate font-mono text-tiny text-ink" title={path}>
              {path}
            </span>
            {conflicts && (
              <span className="flex shrink-0 items-center gap-1 text-tiny text-warn">
                <TriangleAlert size={11} aria-hidden />
                conflict
              </span>
            )}
          </li>
        ))}
      </ul>
      {session && (
        <span className="flex gap-2 pb-0.5">
          <Button aria-label={`Go to ${name}`} onClick={onGoTo}>
            Go to pane
          </Button>
          <Button aria-label={`Review ${name}`} onClick={onReview}>
            Review its changes
          </Button>
        </span>
      )}
    </section>
  );
}

function nameOf(session: SessionInfo | undefined): string {
  if (!session) return 'a session that is gone';
  return session.paneIndex === null ? session.name : `pane ${session.paneIndex + 1}`;
}

function count(files: number): string {
  return `${files} ${files === 1 ? 'file' : 'files'}`;
}
