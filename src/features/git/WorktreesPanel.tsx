// The worktrees that Synk has made, and the trash: what was removed and can be had back.
import { FolderGit2, GitBranch, Trash2, Undo2 } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { shortPath } from '@/features/projects';
import { timeAgo, useNow } from '@/features/sessions';
import type { SessionInfo, TrashEntry, WorktreeInfo } from '@/protocol/generated/protocol';
import { Button, Checkbox, IconButton, sentence } from '@/ui';
import { LOST, type Worktrees } from './worktrees';

export interface WorktreesPanelProps {
  worktrees: Worktrees;
  sessions: SessionInfo[];
  homeDir: string | null;
  onGoTo(sessionId: number): void;
}

export default function WorktreesPanel(props: WorktreesPanelProps) {
  const { worktrees, homeDir } = props;
  const { worktrees: list, trash, problem } = useStore(worktrees.store);
  useEffect(() => worktrees.begin(), [worktrees]);
  return (
    <div className="flex max-h-[72vh] min-h-60 flex-col">
      <h2 className="flex h-11 shrink-0 items-center border-b border-line px-4 text-large font-medium text-ink">
        Worktrees
      </h2>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-4 py-3">
        {problem !== null && (
          <div role="alert" className="flex flex-col items-center gap-3 py-4 text-center">
            <p className="break-words text-ink select-text">{sentence(problem)}</p>
            <Button onClick={() => void worktrees.load()}>Try again</Button>
          </div>
        )}
        {list === null && problem === null && <p className="m-auto text-dim">Asking the daemon…</p>}
        {list?.length === 0 && (
          <p className="m-auto max-w-84 py-4 text-center text-dim">
            There are none. A pane that is opened on a branch of its own gets one.
          </p>
        )}
        {list !== null &&
          [...byProject(list)].map(([project, of]) => (
            <Group key={project} title={shortPath(project, homeDir)}>
              {of.map((worktree) => (
                <Row key={worktree.path} worktree={worktree} {...props} />
              ))}
            </Group>
          ))}
        {trash.length > 0 && (
          <Group title="Trash">
            {trash.map((entry) => (
              <Removed
                key={entry.id}
                entry={entry}
                isBack={!entry.discarded && isThere(entry, list)}
                worktrees={worktrees}
                homeDir={homeDir}
              />
            ))}
          </Group>
        )}
      </div>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode[] }) {
  return (
    <section aria-label={title}>
      <h3 className="truncate pb-1 text-tiny font-medium text-dim">{title}</h3>
      <ul className="border-t border-line">{children}</ul>
    </section>
  );
}

const ROW = 'flex min-h-11 items-center gap-3 border-b border-line py-1.5 text-small';

function Row({
  worktree,
  worktrees,
  sessions,
  homeDir,
  onGoTo,
}: WorktreesPanelProps & { worktree: WorktreeInfo }) {
  const { path, branch, baseBranch, missing } = worktree;
  const busy = useStore(worktrees.store, (state) => state.busy.includes(path));
  const inIt = sessions.filter(({ sessionId }) => worktree.sessions.includes(sessionId));
  const { asked, setAsked, keep } = useQuestion();
  const [withBranch, setWithBranch] = useState(false);
  const name = branch ?? shortPath(path, homeDir);
  return (
    <li className={ROW} data-testid="worktree">
      <FolderGit2 size={14} className="shrink-0 text-dim" aria-hidden />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-1.5">
          <span className="truncate font-medium text-ink">{branch ?? 'no branch'}</span>
          {baseBranch && <span className="shrink-0 text-tiny text-dim">from {baseBranch}</span>}
        </span>
        <span className="block truncate text-tiny text-dim" title={path}>
          {asked ? LOST : `${missing ? 'Its folder is gone: ' : ''}${shortPath(path, homeDir)}`}
        </span>
      </span>
      <span className="flex shrink-0 items-center gap-1">
        {inIt.map(({ sessionId, name }) => (
          <button
            key={sessionId}
            type="button"
            className="h-6 max-w-32 truncate rounded-small px-1.5 text-tiny text-dim transition-colors hover:bg-hover hover:text-ink"
            onClick={() => onGoTo(sessionId)}
          >
            {name}
          </button>
        ))}
      </span>
      {asked ? (
        <span
          role="alertdialog"
          aria-label={`Remove ${name}?`}
          className="flex shrink-0 items-center gap-2"
        >
          {branch !== null && (
            <Checkbox checked={withBranch} onChange={setWithBranch}>
              Delete the branch as well
            </Checkbox>
          )}
          <Button
            disabled={busy}
            className="disabled:opacity-40"
            onClick={() => {
              setAsked(false);
              void worktrees.remove(path, branch, withBranch);
            }}
          >
            Remove
          </Button>
          <Button ref={keep} onClick={() => setAsked(false)}>
            Keep
          </Button>
        </span>
      ) : (
        <Button
          aria-label={`Remove ${name}${missing ? '' : '…'}`}
          disabled={busy || inIt.length > 0}
          title={inIt.length > 0 ? 'Close what works in it first' : undefined}
          className="disabled:opacity-40"
          // Of one whose folder is gone there is nothing to lose.
          onClick={() => (missing ? void worktrees.remove(path, branch) : setAsked(true))}
        >
          {busy ? 'Removing…' : 'Remove'}
        </Button>
      )}
    </li>
  );
}

interface RemovedProps {
  entry: TrashEntry;
  /** Its worktree is there again; what the trash keeps is a copy. */
  isBack: boolean;
  worktrees: Worktrees;
  homeDir: string | null;
}

function Removed({ entry, isBack, worktrees, homeDir }: RemovedProps) {
  const { id, branch, path, at, files, discarded } = entry;
  const busy = useStore(worktrees.store, (state) => state.busy.includes(id));
  const { asked, setAsked, keep } = useQuestion();
  const now = useNow();
  const name = branch ?? shortPath(path, homeDir);
  return (
    <li className={ROW} data-testid="trash">
      {discarded ? (
        <Undo2 size={14} className="shrink-0 text-dim" aria-hidden />
      ) : (
        <GitBranch size={14} className="shrink-0 text-dim" aria-hidden />
      )}
      <span className="min-w-0 flex-1">
        <span className="block truncate text-ink">{name}</span>
        <span className="block truncate text-tiny text-dim" title={path}>
          {describe(files, discarded)}, {timeAgo(at, now)}
          {isBack && '; its folder is there again'}
        </span>
      </span>
      {asked ? (
        <span
          role="alertdialog"
          aria-label={`Delete ${name} for good?`}
          className="flex items-center gap-2"
        >
          <span className="text-dim">There is no way back.</span>
          <Button danger disabled={busy} onClick={() => void worktrees.deleteForGood(id)}>
            Delete for good
          </Button>
          <Button ref={keep} onClick={() => setAsked(false)}>
            Keep
          </Button>
        </span>
      ) : (
        <>
          <Button
            aria-label={`Restore ${name}`}
            disabled={busy}
            onClick={() => void worktrees.restore(id)}
          >
            Restore
          </Button>
          <IconButton label={`Delete ${name} for good…`} onClick={() => setAsked(true)}>
            <Trash2 size={13} />
          </IconButton>
        </>
      )}
    </li>
  );
}

/** Asks in its row first. A key that is pressed twice removes nothing. */
function useQuestion() {
  const [asked, setAsked] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asked) keep.current?.focus();
  }, [asked]);
  return { asked, setAsked, keep };
}

function describe(files: number, discarded: boolean): string {
  const count = `${files} ${files === 1 ? 'file' : 'files'}`;
  if (discarded) return `${count} discarded`;
  return files > 0 ? `Worktree with ${count} in no commit` : 'Worktree';
}

function isThere({ path }: TrashEntry, list: WorktreeInfo[] | null): boolean {
  return list?.some((worktree) => worktree.path === path && !worktree.missing) ?? false;
}

function byProject(list: WorktreeInfo[]): Map<string, WorktreeInfo[]> {
  const groups = new Map<string, WorktreeInfo[]>();
  for (const worktree of list) {
    const group = groups.get(worktree.projectPath);
    if (group) group.push(worktree);
    else groups.set(worktree.projectPath, [worktree]);
  }
  return groups;
}
