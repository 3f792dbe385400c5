// The files that differ, as a tree. Folders can be closed; what is in conflict stands on top.
import { ChevronRight, MessageSquare } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { FileDiff } from '@/protocol/generated/protocol';
import { ChangeMark } from './ChangeMark';
import type { SessionReview } from './session-review';
import { type TreeNode, treeOf } from './tree';

interface FileTreeProps {
  files: FileDiff[] | null;
  review: SessionReview;
  chosen: string | null;
}

/** How far a level stands in, in pixels. */
const STEP = 12;

export function FileTree({ files, review, chosen }: FileTreeProps) {
  const comments = useStore(review.store, (state) => state.comments);
  const [closed, setClosed] = useState<string[]>([]);
  const tree = useMemo(() => (files ? treeOf(files) : null), [files]);
  const list = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is to be seen when it is chosen.
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const toggle = (path: string) =>
    setClosed((all) => (all.includes(path) ? all.filter((each) => each !== path) : [...all, path]));

  const node = (each: TreeNode, level: number) => {
    const indent = { paddingLeft: 8 + level * STEP };
    if (each.kind === 'folder') {
      const isOpen = !closed.includes(each.path);
      return (
        <li key={each.path}>
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => toggle(each.path)}
            style={indent}
            className="flex h-6 w-full items-center gap-1 rounded-small pr-2 text-left text-small text-dim transition-colors hover:bg-hover hover:text-ink"
          >
            <ChevronRight
              size={12}
              aria-hidden
              className={`shrink-0 transition-transform ${isOpen ? 'rotate-90' : ''}`}
            />
            <span className="truncate">{each.name}</span>
          </button>
          {isOpen && <ul>{each.children.map((child) => node(child, level + 1))}</ul>}
        </li>
      );
    }
    const { path, name, file } = each;
    const said = comments.filter((comment) => comment.path === path && !comment.sent).length;
    return (
      <li key={path}>
        <button
          type="button"
          aria-current={path === chosen}
          data-testid="review-file"
          data-path={path}
          title={path}
          onClick={() => review.choose(path)}
          style={indent}
          className="flex h-6 w-full items-center gap-1.5 rounded-small pr-2 text-left text-small text-dim transition-colors hover:bg-hover hover:text-ink aria-[current=true]:bg-hover aria-[current=true]:text-ink"
        >
          <ChangeMark change={file.change} />
          <span
            className={`min-w-0 flex-1 truncate ${file.change === 'deleted' ? 'line-through' : ''}`}
          >
            {name}
          </span>
          {said > 0 && (
            <span className="flex shrink-0 items-center gap-0.5 text-tiny text-accent">
              <MessageSquare size={10} aria-hidden />
              {said}
              <span className="sr-only">{said === 1 ? 'comment' : 'comments'}</span>
            </span>
          )}
          <Figures file={file} />
        </button>
      </li>
    );
  };

  return (
    <nav ref={list} aria-label="Files" className="min-h-0 flex-1 overflow-y-auto p-1.5">
      {tree === null && <p className="appear-late p-2 text-small text-dim">Asking the daemon…</p>}
      {tree !== null && tree.conflicted.length > 0 && (
        <>
          <h3 className="px-2 pt-1 pb-0.5 text-tiny font-medium text-warn">In conflict</h3>
          <ul className="mb-2">{tree.conflicted.map((each) => node(each, 0))}</ul>
        </>
      )}
      <ul>{tree?.nodes.map((each) => node(each, 0))}</ul>
    </nav>
  );
}

function Figures({ file: { additions, deletions, binary, tooLarge } }: { file: FileDiff }) {
  if (binary || tooLarge) {
    return <span className="shrink-0 text-tiny text-dim">{binary ? 'binary' : 'large'}</span>;
  }
  return (
    <span className="shrink-0 text-tiny tabular-nums">
      {additions > 0 && <span className="text-ok">+{additions}</span>}
      {additions > 0 && deletions > 0 && ' '}
      {deletions > 0 && <span className="text-danger">−{deletions}</span>}
    </span>
  );
}
