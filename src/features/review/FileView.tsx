// One file of a review: its name and what became of it, and its lines or why there are none.
import { ChevronDown, ChevronUp, FileQuestionMark, Undo2 } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { useStore } from 'zustand';
import type { FileDiff } from '@/protocol/generated/protocol';
import { IconButton } from '@/ui';
import { ChangeMark } from './ChangeMark';
import { type DiffHandle, DiffView } from './DiffView';
import type { Layout } from './rows';
import { openFiles, type SessionReview } from './session-review';

interface FileViewProps {
  review: SessionReview;
  layout: Layout;
  diff: RefObject<DiffHandle | null>;
}

export function FileView({ review, layout, diff }: FileViewProps) {
  const { files, status, chosen, lines, busy } = useStore(review.store);
  const path = chosen ?? '';
  const listed = files?.find((file) => file.path === path);
  const file = lines[path];
  return (
    <section aria-label={path} className="flex min-h-0 flex-1 flex-col bg-canvas">
      <header className="flex h-9 shrink-0 items-center gap-2 border-b border-line bg-raised pr-2 pl-3">
        {listed && <ChangeMark change={listed.change} />}
        <h3 className="flex min-w-0 items-baseline gap-1.5 text-small select-text">
          {listed?.oldPath && (
            <span className="min-w-0 shrink-[9] truncate text-dim" title={listed.oldPath}>
              {listed.oldPath} →
            </span>
          )}
          <Path path={path} />
        </h3>
        {listed && <Mode file={listed} />}
        {listed && (
          <span className="ml-auto flex shrink-0 items-center">
            <IconButton label="Hunk before" keys="p" onClick={() => diff.current?.stepHunk(-1)}>
              <ChevronUp size={14} />
            </IconButton>
            <IconButton label="Next hunk" keys="n" onClick={() => diff.current?.stepHunk(1)}>
              <ChevronDown size={14} />
            </IconButton>
            <IconButton
              label="Discard what is in no commit of this file"
              disabled={busy !== null || openFiles(status) === 0}
              onClick={() => void review.discard(path)}
            >
              <Undo2 size={13} />
            </IconButton>
          </span>
        )}
      </header>
      <Content review={review} layout={layout} diff={diff} listed={listed} file={file} />
    </section>
  );
}

interface ContentProps extends FileViewProps {
  listed: FileDiff | undefined;
  file: FileDiff | undefined;
}

function Content({ review, layout, diff, listed, file }: ContentProps) {
  if (!listed) {
    return (
      <State title="This file does not differ any more">
        It is as it was where the branch began.
      </State>
    );
  }
  if (listed.binary) {
    return <State title="No text, so there are no lines">{sizesOf(listed)}</State>;
  }
  if (listed.tooLarge) {
    return (
      <State title="Too large to be compared line by line">
        {sizesOf(listed)} Open it in the pane’s own editor.
      </State>
    );
  }
  if (!file)
    return <p className="appear-late m-auto p-6 text-small text-dim">Reading the lines…</p>;
  const hunks = file.hunks ?? [];
  if (hunks.length === 0) {
    if (listed.change === 'added') return <State title="A new file with nothing in it" />;
    if (listed.change === 'deleted') return <State title="There was nothing in it" />;
    if (listed.oldPath !== null) {
      return <State title="Renamed, and otherwise as it was">{listed.oldPath} before.</State>;
    }
    return <State title="Only its mode is another">{modesOf(listed)}</State>;
  }
  return (
    <DiffView
      key={file.path}
      ref={diff}
      review={review}
      path={file.path}
      hunks={hunks}
      // Without another side there is nothing to stand beside.
      layout={listed.oldMode === null || listed.newMode === null ? 'unified' : layout}
    />
  );
}

function State({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div
      data-testid="no-lines"
      className="m-auto flex max-w-84 flex-col items-center gap-1.5 p-6 text-center text-small text-dim"
    >
      <FileQuestionMark size={18} aria-hidden className="mb-1" />
      <p className="text-ink">{title}</p>
      {children && <p className="break-words">{children}</p>}
    </div>
  );
}

function Path({ path }: { path: string }) {
  const at = path.lastIndexOf('/') + 1;
  return (
    <span className="flex min-w-0" title={path}>
      <span className="min-w-0 truncate text-dim">{path.slice(0, at)}</span>
      <span className="shrink-0 font-medium text-ink">{path.slice(at)}</span>
    </span>
  );
}

function Mode({ file }: { file: FileDiff }) {
  const { oldMode, newMode } = file;
  if (oldMode === null || newMode === null || oldMode === newMode) return null;
  return <span className="shrink-0 text-tiny text-dim">{modesOf(file)}</span>;
}

const MODES: Record<string, string> = {
  '100644': 'a plain file',
  '100755': 'executable',
  '120000': 'a link',
  '160000': 'a submodule',
};

function modesOf({ oldMode, newMode }: FileDiff): string {
  const word = (mode: string | null) => MODES[mode ?? ''] ?? mode ?? 'nothing';
  return `${word(oldMode)} → ${word(newMode)}`;
}

function sizesOf({ change, oldBytes, newBytes }: FileDiff): string {
  if (change === 'added') return `${readable(newBytes)}.`;
  if (change === 'deleted') return `${readable(oldBytes)} before.`;
  return `${readable(oldBytes)} before, ${readable(newBytes)} now.`;
}

function readable(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}
