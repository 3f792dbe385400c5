// Asks for a pane on a branch of its own: which agent, which branch, and where that begins.
import { LoaderCircle } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useStore } from 'zustand';
import { shortPath } from '@/features/projects';
import { AgentGlyph, offeredAgents } from '@/features/sessions';
import type { AgentInfo } from '@/protocol/generated/protocol';
import { Button, Combobox, Keys, sentence } from '@/ui';
import { isUnfinished, problemOfBranch } from './branch-name';
import { canMake, exists, type NewBranch } from './new-branch';

export interface BranchPanelProps {
  form: NewBranch;
  agents: AgentInfo[];
  homeDir: string | null;
  onClose(): void;
}

export default function BranchPanel({ form, agents, homeDir, onClose }: BranchPanelProps) {
  const state = useStore(form.store);
  const { agentType, branch, base, projectPath, branches, problem, question, making } = state;
  const told = useId();
  const field = useRef<HTMLInputElement>(null);
  // At first; and again when it could not be made, if the keyboard was on what is disabled then.
  useEffect(() => {
    const isHere = field.current?.form?.contains(document.activeElement) ?? false;
    if (!making && !isHere) field.current?.focus();
  }, [making]);
  const wrong = isUnfinished(branch) ? null : problemOfBranch(branch);
  const isThere = exists(state);

  return (
    <form
      className="flex max-h-[72vh] flex-col"
      onSubmit={async (event) => {
        event.preventDefault();
        // A second Enter is no answer: what a project wants to run is agreed to by its button.
        if (question === null && (await form.make())) onClose();
      }}
    >
      <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-4">
        <h2 className="text-large font-medium text-ink">On a branch of its own</h2>
        <span className="ml-auto min-w-0 truncate text-small text-dim">
          {projectPath && shortPath(projectPath, homeDir)}
        </span>
      </header>
      <div className="flex min-h-0 flex-col gap-3.5 overflow-y-auto px-4 py-4">
        <Line name="Agent">
          <fieldset aria-label="Agent" className="-ml-2 flex flex-wrap gap-0.5">
            {offeredAgents(agents).map((agent) => (
              <button
                key={agent.agentType}
                type="button"
                aria-pressed={agent.agentType === agentType}
                disabled={making || !agent.info?.path}
                onClick={() => form.change({ agentType: agent.agentType })}
                className="flex h-7 items-center gap-1.5 rounded-small px-2 text-small text-dim transition-colors hover:bg-hover hover:text-ink disabled:opacity-40 aria-pressed:bg-hover aria-pressed:text-ink"
              >
                <AgentGlyph agentType={agent.agentType} size={12} />
                {agent.name}
              </button>
            ))}
          </fieldset>
        </Line>
        <Line name="Branch">
          <Combobox
            ref={field}
            label="Branch"
            value={branch}
            options={branches ?? []}
            invalid={wrong !== null}
            // Disabled it would lose the keyboard.
            readOnly={making}
            aria-describedby={told}
            placeholder="feat/second-lamp"
            className="font-mono"
            onChange={(next) => form.change({ branch: next })}
          />
        </Line>
        <Line name="Begins at">
          <Combobox
            label="Base branch"
            value={isThere ? '' : base}
            options={branches ?? []}
            invalid={problemOfBranch(base) !== null}
            disabled={isThere}
            readOnly={making}
            placeholder={isThere ? 'The branch is there already' : 'What is checked out'}
            className={base === '' || isThere ? '' : 'font-mono'}
            onChange={(next) => form.change({ base: next })}
          />
        </Line>
        <p id={told} className="min-h-9 pl-22 text-small text-dim">
          {wrong !== null ? (
            <span role="alert" className="text-danger">
              {wrong}
            </span>
          ) : isThere ? (
            'The pane opens in a worktree with this branch as it is.'
          ) : (
            'It gets a folder of its own, so that nothing here is in its way. Its changes can be reviewed and merged from the pane.'
          )}
        </p>
        {question !== null && (
          <p
            role="alert"
            className="rounded-medium border border-warn bg-raised px-3 py-2 font-mono text-small break-words whitespace-pre-wrap text-ink select-text"
          >
            {question}
          </p>
        )}
        {problem !== null && (
          <p
            role="alert"
            className="rounded-medium border border-danger px-3 py-2 text-small break-words text-ink select-text"
          >
            {sentence(problem)}
          </p>
        )}
      </div>
      <footer className="flex h-12 shrink-0 items-center justify-end gap-2 border-t border-line px-4">
        {making && (
          <span
            role="status"
            className="appear-late mr-auto flex items-center gap-2 text-small text-dim"
          >
            <LoaderCircle size={13} className="animate-spin" aria-hidden />
            Making the worktree… it goes on when this is closed.
          </span>
        )}
        <Button onClick={onClose}>{making ? 'Close' : 'Cancel'}</Button>
        {question === null ? (
          <Button
            type="submit"
            primary
            disabled={making || !canMake(state)}
            className="disabled:opacity-40"
          >
            Open pane
            {!making && canMake(state) && <Keys keys="Enter" />}
          </Button>
        ) : (
          [false, true].map((setUp) => (
            <Button
              key={String(setUp)}
              primary={setUp}
              onClick={async () => {
                if (await form.make(setUp)) onClose();
              }}
            >
              {setUp ? 'Run it, now and later' : 'Work without it'}
            </Button>
          ))
        )}
      </footer>
    </form>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-2">
      <span aria-hidden className="w-20 shrink-0 text-small text-dim">
        {name}
      </span>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
