// What is done with all changes: kept in a commit, brought into the base, or discarded.
import { ChevronDown, GitMerge, Undo2 } from 'lucide-react';
import type { KeyboardEvent, RefObject } from 'react';
import { useStore } from 'zustand';
import type { MergeStrategy } from '@/protocol/generated/protocol';
import { Button, IconButton, Menu } from '@/ui';
import { openFiles, type SessionReview } from './session-review';

interface FinishProps {
  review: SessionReview;
  field: RefObject<HTMLTextAreaElement | null>;
}

const STRATEGIES: [strategy: MergeStrategy, name: string, about: string][] = [
  ['merge', 'Merge', 'All its commits, and one that joins them'],
  ['squash', 'Squash', 'All its commits as one'],
  ['rebase', 'Rebase', 'Its commits one by one, on top'],
];

export function Finish({ review, field }: FinishProps) {
  const { status, message, busy } = useStore(review.store);
  if (status === null) return null;
  const { branch, baseBranch, ahead } = status;
  const open = openFiles(status);
  const canCommit = open > 0 && message.trim() !== '' && busy === null;
  const commit = () => {
    if (canCommit) void review.commit();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key !== 'Enter' || !event.ctrlKey) return;
    event.preventDefault();
    commit();
  };
  return (
    <div className="flex shrink-0 flex-col gap-2 border-t border-line p-2.5 text-small">
      <p className="text-tiny text-dim" data-testid="uncommitted">
        {open === 0 ? 'All is in commits' : `${open} ${open === 1 ? 'file' : 'files'} in no commit`}
        {ahead > 0 && `, ${ahead} ${ahead === 1 ? 'commit' : 'commits'} ahead`}
      </p>
      {open > 0 && (
        <>
          <textarea
            ref={field}
            aria-label="Commit message"
            value={message}
            rows={Math.min(6, Math.max(2, message.split('\n').length))}
            placeholder="What was done, and why"
            className="w-full resize-none rounded-medium border border-line bg-raised px-2 py-1 text-small text-ink placeholder:text-dim"
            onChange={(event) => review.setMessage(event.target.value)}
            onKeyDown={onKeyDown}
          />
          <span className="flex items-center gap-1.5">
            <Button
              title="Ctrl+Enter"
              disabled={!canCommit}
              className="flex-1 justify-center disabled:opacity-40"
              onClick={commit}
            >
              {busy === 'commit' ? 'Committing…' : 'Commit'}
            </Button>
            <IconButton
              label={`Discard all that is in no commit (${open} ${open === 1 ? 'file' : 'files'})`}
              disabled={busy !== null}
              onClick={() => void review.discard()}
            >
              <Undo2 size={13} />
            </IconButton>
          </span>
        </>
      )}
      {branch !== null && baseBranch !== null && (
        <Menu.Root modal={false}>
          <Menu.Trigger asChild>
            <Button
              disabled={busy !== null || (ahead === 0 && open === 0)}
              className="min-w-0 justify-center disabled:opacity-40"
            >
              <GitMerge size={13} aria-hidden className="shrink-0" />
              <span className="truncate">
                {busy === 'merge' ? 'Merging…' : `Merge into ${baseBranch}`}
              </span>
              <ChevronDown size={12} aria-hidden className="shrink-0 text-dim" />
            </Button>
          </Menu.Trigger>
          <Menu.Content align="start" side="top">
            <Menu.Label>
              {branch} into {baseBranch}
            </Menu.Label>
            {STRATEGIES.map(([strategy, name, about]) => (
              <Menu.Item key={strategy} onSelect={() => void review.merge(strategy)}>
                <span className="flex flex-col">
                  {name}
                  <span className="text-tiny text-dim">{about}</span>
                </span>
              </Menu.Item>
            ))}
          </Menu.Content>
        </Menu.Root>
      )}
    </div>
  );
}
