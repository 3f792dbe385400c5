// The review of a session's changes: the files on the left with what is done with all of them
// below, on the right the lines of one file, and the comments on them at its foot.
import { GitBranch, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { AgentGlyph } from '@/features/sessions';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { Button, IconButton, Keys, sentence } from '@/ui';
import { CommentsBar } from './CommentsBar';
import type { DiffHandle } from './DiffView';
import { FileTree } from './FileTree';
import { FileView } from './FileView';
import { Finish } from './Finish';
import { OutcomeNotice } from './OutcomeNotice';
import type { Reviews } from './reviews';
import type { Layout } from './rows';

export interface ReviewPanelProps {
  reviews: Reviews;
  session: SessionInfo;
  /** Who can be sent comments: the session itself, or an agent beside it. */
  receiver: SessionInfo | null;
  onCopy(text: string): void;
  onClose(): void;
}

const LAYOUTS: [layout: Layout, name: string][] = [
  ['unified', 'Unified'],
  ['split', 'Split'],
];

export default function ReviewPanel(props: ReviewPanelProps) {
  const { reviews, session, receiver, onCopy, onClose } = props;
  const review = reviews.of(session.sessionId);
  const { files, status, chosen, problem } = useStore(review.store);
  const layout = useStore(reviews.store, (state) => state.layout);
  const root = useRef<HTMLDivElement>(null);
  const message = useRef<HTMLTextAreaElement>(null);
  const diff = useRef<DiffHandle>(null);
  useEffect(() => reviews.watch(review), [reviews, review]);
  // An agent that comes to rest has written what it was asked for, in no commit yet.
  const does = session.status.state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked now, and again with each status.
  useEffect(() => void review.refresh(), [review, does]);
  useEffect(() => root.current?.focus(), []);

  const acts: Record<string, () => void> = {
    j: () => review.step(1),
    k: () => review.step(-1),
    n: () => diff.current?.stepHunk(1),
    p: () => diff.current?.stepHunk(-1),
    u: () => reviews.toggleLayout(),
    c: () => diff.current?.comment(),
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const { target, currentTarget, key } = event;
    // What opens from here lies elsewhere in the page and has keys of its own.
    if (!(target instanceof Element) || !currentTarget.contains(target)) return;
    if (target.closest('input, textarea') || event.altKey || event.metaKey) return;
    if (event.ctrlKey) {
      if (key.toLowerCase() !== 'z' || event.shiftKey) return;
      event.preventDefault();
      void review.undoDiscard();
      return;
    }
    const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
    const inDiff = target.closest('[data-diff]') !== null;
    const act =
      step === 0 ? acts[key] : () => (inDiff ? diff.current?.stepLine(step) : review.step(step));
    if (!act) return;
    event.preventDefault();
    act();
  };

  const additions = files?.reduce((all, file) => all + file.additions, 0) ?? 0;
  const deletions = files?.reduce((all, file) => all + file.deletions, 0) ?? 0;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole panel, each of which a button in it has too.
    <div
      ref={root}
      tabIndex={-1}
      data-testid="review"
      data-home
      className="flex h-full flex-col outline-none"
      onKeyDown={onKeyDown}
    >
      <header className="flex h-11 shrink-0 items-center gap-3 border-b border-line pr-2 pl-4">
        <h2 className="flex min-w-0 items-center gap-2 text-large font-medium text-ink">
          <AgentGlyph agentType={session.agentType} size={13} />
          <span className="truncate">{session.name}</span>
        </h2>
        {status && (
          <span className="flex min-w-0 items-center gap-1 text-small text-dim">
            <GitBranch size={12} className="shrink-0" aria-hidden />
            <span className="truncate text-ink">{status.branch ?? 'no branch'}</span>
            {status.baseBranch && <span className="truncate">against {status.baseBranch}</span>}
            {status.behind > 0 && (
              <span className="shrink-0" title={`${status.baseBranch} has gone on since`}>
                · {status.behind} behind
              </span>
            )}
          </span>
        )}
        {files && files.length > 0 && (
          <span className="shrink-0 text-small text-dim tabular-nums" data-testid="review-sum">
            {files.length} {files.length === 1 ? 'file' : 'files'}{' '}
            <span className="text-ok">+{additions}</span>{' '}
            <span className="text-danger">−{deletions}</span>
          </span>
        )}
        <fieldset aria-label="Lines" className="ml-auto flex shrink-0 gap-0.5">
          {LAYOUTS.map(([each, name]) => (
            <button
              key={each}
              type="button"
              title="u"
              aria-pressed={layout === each}
              onClick={() => reviews.setLayout(each)}
              className="h-6 rounded-small px-2 text-small text-dim transition-colors hover:bg-hover hover:text-ink aria-pressed:bg-hover aria-pressed:text-ink"
            >
              {name}
            </button>
          ))}
        </fieldset>
        <IconButton label="Close" keys="Esc" onClick={onClose}>
          <X size={14} />
        </IconButton>
      </header>
      <OutcomeNotice review={review} onWriteMessage={() => message.current?.focus()} />
      {problem !== null && (
        <div
          role="alert"
          className="flex shrink-0 items-center gap-3 border-b border-line px-4 py-2 text-small"
        >
          <p className="min-w-0 flex-1 break-words text-danger select-text">{sentence(problem)}</p>
          <Button onClick={() => void review.refresh()}>Try again</Button>
        </div>
      )}
      <div className="flex min-h-0 flex-1">
        <div className="flex w-68 shrink-0 flex-col rounded-bl-large border-r border-line bg-surface">
          <FileTree files={files} review={review} chosen={chosen} />
          <Finish review={review} field={message} />
        </div>
        <div className="flex min-w-0 flex-1 flex-col">
          {files?.length === 0 ? (
            <Nothing base={status?.baseBranch ?? null} />
          ) : (
            chosen !== null && <FileView review={review} layout={layout} diff={diff} />
          )}
          <CommentsBar review={review} receiver={receiver} onCopy={onCopy} />
        </div>
      </div>
    </div>
  );
}

function Nothing({ base }: { base: string | null }) {
  return (
    <div className="m-auto flex max-w-80 flex-col items-center gap-2 p-6 text-center text-small text-dim">
      <p className="text-base text-ink">Nothing to review</p>
      <p>
        {base === null
          ? 'Every file is as in the last commit.'
          : `Every file is as in ${base}, where this branch began.`}
      </p>
      <p>
        <Keys keys="Esc" /> closes
      </p>
    </div>
  );
}
