// What the window shows when a workspace has no pane: what was open before, where to start and
// with what, and three keys.
import type { ReactNode } from 'react';
import { shortPath } from '@/features/projects';
import { AgentGlyph, type OfferedAgent, offeredAgents } from '@/features/sessions';
import type { AgentInfo, AgentType } from '@/protocol/generated/protocol';
import { Button, Keys } from '@/ui';

interface HomeProps {
  agents: AgentInfo[];
  homeDir: string | null;
  /** Where panes start. */
  path: string | null;
  /** Actions worth knowing: what they do, and their keys. */
  hints: { name: string; keys: string }[];
  /** What was open before, where that can be brought back. */
  before: ReactNode;
  /** That is the one thing to do here. */
  canBringBack: boolean;
  /** Projects and layouts. */
  children: ReactNode;
  onCreate(agentType: AgentType): void;
}

export function Home(props: HomeProps) {
  const { agents, homeDir, path, hints, before, canBringBack, children, onCreate } = props;
  return (
    <div className="@container min-h-0 overflow-auto bg-canvas">
      <div className="mx-auto flex min-h-full w-[min(960px,92%)] flex-col justify-center gap-8 py-8">
        {before}
        <div className="grid gap-x-10 gap-y-8 @3xl:grid-cols-[minmax(0,11fr)_minmax(0,9fr)]">
          <section aria-labelledby="open-a-pane" className="min-w-0">
            <h2 id="open-a-pane" className="text-large font-semibold text-ink">
              Open a pane
            </h2>
            <p className="mt-0.5 mb-3 flex min-w-0 items-center gap-1.5 text-small text-dim">
              in
              <code
                className="truncate rounded-small bg-surface px-1.5 font-mono text-small text-ink"
                title={path ?? undefined}
              >
                {path ? shortPath(path, homeDir) : '…'}
              </code>
            </p>
            <ul
              aria-label="Agents"
              className="divide-y divide-line overflow-hidden rounded-medium border border-line"
            >
              {offeredAgents(agents).map((offered) => (
                <li key={offered.agentType}>
                  <AgentRow
                    offered={offered}
                    homeDir={homeDir}
                    primary={offered.agentType === 'terminal' && !canBringBack}
                    onCreate={onCreate}
                  />
                </li>
              ))}
            </ul>
          </section>
          <div className="flex min-w-0 flex-col gap-6">{children}</div>
        </div>
        <ul
          aria-label="Keys"
          className="flex flex-wrap gap-x-6 gap-y-2 border-t border-line pt-4 text-small text-dim"
        >
          {hints.map((hint) => (
            <li key={hint.name} className="flex items-center gap-2">
              <Keys keys={hint.keys} />
              {hint.name}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

interface AgentRowProps {
  offered: OfferedAgent;
  homeDir: string | null;
  primary: boolean;
  onCreate(agentType: AgentType): void;
}

function AgentRow({ offered, homeDir, primary, onCreate }: AgentRowProps) {
  const { agentType, name, info } = offered;
  const missing = info !== undefined && info.path === null;
  return (
    <div className="flex h-11 items-center gap-3 bg-surface px-3">
      <AgentGlyph agentType={agentType} size={15} />
      <span
        className={`w-32 shrink-0 truncate font-medium @max-md:w-auto ${missing ? 'text-dim' : 'text-ink'}`}
      >
        {name}
      </span>
      <span className="flex min-w-0 flex-1 items-baseline gap-2 font-mono text-tiny text-dim">
        {info?.version && (
          <span className="max-w-32 shrink-0 truncate text-ink" title={info.version}>
            {info.version}
          </span>
        )}
        {info?.path && (
          <span className="truncate @max-md:hidden" title={info.path}>
            {shortPath(info.path, homeDir)}
          </span>
        )}
        {missing && (
          <span className="truncate" title={info.install ?? undefined}>
            <span className="font-sans">Not found. </span>
            {info.install && <span className="select-text">{info.install}</span>}
          </span>
        )}
      </span>
      <Button
        aria-label={`New ${name} pane`}
        disabled={info === undefined || missing}
        primary={primary}
        className="disabled:opacity-40"
        onClick={() => onCreate(agentType)}
      >
        New
      </Button>
    </div>
  );
}
