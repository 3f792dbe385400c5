// How many prompts wait for a session, in its pane's header; behind it the prompts themselves,
// each to be changed or taken out.
import { Layers, Trash2 } from 'lucide-react';
import { type Dispatch, type KeyboardEvent, type SetStateAction, useEffect, useState } from 'react';
import type { QueuedPrompt, SessionInfo } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';
import { Button, IconButton, Popover } from '@/ui';

interface QueueBadgeProps {
  session: SessionInfo;
  transport: Transport;
  /** The popover is gone; put the keyboard where it belongs. */
  onClosed(): void;
}

/** What is written over prompts that wait and is not kept yet, by their ids. */
type Drafts = Record<number, string>;

export function QueueBadge({ session, transport, onClosed }: QueueBadgeProps) {
  const { queuedPrompts: count, name } = session;
  const [open, setOpen] = useState(false);
  // They outlive the list, which any click beside it closes.
  const [drafts, setDrafts] = useState<Drafts>({});
  // The list says itself that nothing waits any more; the badge stays as long as it is open.
  if (count === 0 && !open) return null;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={`${count} ${count === 1 ? 'prompt waits' : 'prompts wait'} for ${name}`}
        data-testid="queue"
        className="flex h-5 shrink-0 items-center gap-1 rounded-small px-1 text-tiny text-dim tabular-nums transition-colors hover:bg-hover hover:text-ink"
      >
        <Layers size={11} aria-hidden className="@max-sm:hidden" />
        {count}
      </Popover.Trigger>
      <Popover.Content label={`Prompts that wait for ${name}`} onClosed={onClosed}>
        <Queue session={session} transport={transport} drafts={drafts} onDrafts={setDrafts} />
      </Popover.Content>
    </Popover.Root>
  );
}

interface QueueProps extends Omit<QueueBadgeProps, 'onClosed'> {
  drafts: Drafts;
  onDrafts: Dispatch<SetStateAction<Drafts>>;
}

function Queue({ session, transport, drafts, onDrafts }: QueueProps) {
  const { sessionId, queuedPrompts } = session;
  const [prompts, setPrompts] = useState<QueuedPrompt[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [changes, setChanges] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever it differs.
  useEffect(() => {
    let current = true;
    transport.call('dispatch:queue', { sessionId }).then(
      (list) => {
        if (!current) return;
        setPrompts(list);
        onDrafts((all) => unkept(all, list));
      },
      (reason) => current && setProblem(CommandError.from(reason).message),
    );
    return () => {
      current = false;
    };
  }, [sessionId, queuedPrompts, changes, transport, onDrafts]);

  const edit = (promptId: number, text?: string) => {
    setProblem(null);
    transport
      .call('dispatch:edit', text === undefined ? { promptId } : { promptId, text })
      .catch((reason) => setProblem(CommandError.from(reason).message))
      .finally(() => setChanges((count) => count + 1));
  };

  return (
    <div className="flex w-84 max-w-[86vw] flex-col gap-2">
      <h2 className="text-tiny text-dim">Goes when {session.name} is ready, the first one first</h2>
      {problem !== null && (
        <p role="alert" className="text-small break-words text-danger select-text">
          {problem}
        </p>
      )}
      {prompts?.length === 0 && <p className="text-small text-dim">Nothing waits.</p>}
      <ol
        aria-label="Prompts that wait"
        className="flex max-h-[50vh] flex-col gap-2 overflow-y-auto"
      >
        {prompts?.map((prompt) => (
          <Waiting
            key={prompt.promptId}
            prompt={prompt}
            text={drafts[prompt.promptId] ?? prompt.text}
            onWrite={(text) =>
              onDrafts((all) => unkept({ ...all, [prompt.promptId]: text }, prompts ?? []))
            }
            onKeep={(text) => edit(prompt.promptId, text)}
            onRemove={() => edit(prompt.promptId)}
          />
        ))}
      </ol>
    </div>
  );
}

/** Those drafts that are anything else than what waits. */
function unkept(drafts: Drafts, prompts: QueuedPrompt[]): Drafts {
  const kept = ({ promptId, text }: QueuedPrompt) => (drafts[promptId] ?? text) === text;
  const open = prompts.filter((prompt) => !kept(prompt));
  return Object.fromEntries(open.map(({ promptId }) => [promptId, drafts[promptId] ?? '']));
}

interface WaitingProps {
  prompt: QueuedPrompt;
  /** As it is being changed. */
  text: string;
  onWrite(text: string): void;
  onKeep(text: string): void;
  onRemove(): void;
}

/** The most lines that a prompt takes here. */
const MOST_LINES = 6;

function Waiting({ prompt, text, onWrite, onKeep, onRemove }: WaitingProps) {
  const changed = text !== prompt.text && text.trim() !== '';
  const keep = () => {
    if (changed) onKeep(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    keep();
  };
  return (
    <li className="flex flex-col gap-1.5">
      <span className="flex items-start gap-1">
        <textarea
          aria-label="Prompt that waits"
          value={text}
          rows={Math.min(text.split('\n').length, MOST_LINES)}
          spellCheck={false}
          className="min-w-0 flex-1 resize-none rounded-medium border border-line bg-surface px-2 py-1 text-small text-ink"
          onChange={(event) => onWrite(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <IconButton label="Take it out of the queue" onClick={onRemove}>
          <Trash2 size={13} />
        </IconButton>
      </span>
      {changed && (
        <span className="flex gap-2">
          <Button primary onClick={keep}>
            Keep
          </Button>
          <Button onClick={() => onWrite(prompt.text)}>Undo</Button>
        </span>
      )}
    </li>
  );
}
