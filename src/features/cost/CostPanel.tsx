// The costs over time: bars by day, a table by agent, project or model, and the way out as CSV.
// It is loaded when somebody first looks at it.
import { Download } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { shortPath } from '@/features/projects';
import { AgentGlyph, agentName } from '@/features/sessions';
import type { AgentInfo } from '@/protocol/generated/protocol';
import type { Native } from '@/transport';
import { Button, showError, showNote } from '@/ui';
import { csvOf } from './csv';
import { DayBars } from './DayBars';
import { readableCost, readableTokens, tokenClasses } from './readable';
import type { Costs } from './store';
import { byDay, type CostGroup, type Grouping, grouped, total } from './sums';

const RANGES = [7, 30, 90];
const GROUPINGS: Grouping[] = ['agent', 'project', 'model'];

export interface CostPanelProps {
  costs: Costs;
  agents: AgentInfo[];
  homeDir: string | null;
  native: Native;
}

export default function CostPanel({ costs, agents, homeDir, native }: CostPanelProps) {
  const { list, since, until, days, problem } = useStore(costs.store);
  const [grouping, setGrouping] = useState<Grouping>('agent');
  useEffect(() => costs.begin(), [costs]);

  const exportCsv = async () => {
    if (list === null) return;
    try {
      const name = `synk-costs-${since}-to-${until}.csv`;
      const path = await native.saveText({ name, text: csvOf(list.rows) });
      if (path !== null) showNote(`Saved as ${path}`);
    } catch (reason) {
      showError(reason);
    }
  };

  const sum = list && total(list.rows);
  return (
    <div className="flex max-h-[72vh] flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2.5">
        <h2 className="text-large font-medium text-ink">Costs</h2>
        <span className="text-large text-dim tabular-nums" data-testid="cost-sum">
          {sum && readableCost(sum)}
        </span>
        <Choice label="Days" className="ml-auto">
          {RANGES.map((range) => (
            <Option key={range} chosen={range === days} onChoose={() => costs.show(range)}>
              {range} days
            </Option>
          ))}
        </Choice>
        <Button disabled={!list || list.rows.length === 0} onClick={() => void exportCsv()}>
          <Download size={13} aria-hidden />
          Export as CSV
        </Button>
      </div>
      <div className="flex min-h-40 flex-1 flex-col gap-4 overflow-y-auto px-4 py-3">
        {problem !== null && (
          <div role="alert" className="flex flex-col items-center gap-3 py-4 text-center">
            <p className="break-words text-ink select-text">{problem}</p>
            <Button onClick={() => void costs.load()}>Try again</Button>
          </div>
        )}
        {list === null && problem === null && <p className="m-auto text-dim">Asking the daemon…</p>}
        {list?.rows.length === 0 && (
          <p className="m-auto text-dim">No agent has used anything in these days.</p>
        )}
        {list !== null && list.rows.length > 0 && (
          <>
            <DayBars days={byDay(list.rows, since, until)} />
            <Choice label="By">
              {GROUPINGS.map((each) => (
                <Option key={each} chosen={each === grouping} onChoose={() => setGrouping(each)}>
                  By {each}
                </Option>
              ))}
            </Choice>
            <Table
              grouping={grouping}
              groups={grouped(list.rows, grouping)}
              nameOf={(key) => {
                if (grouping === 'agent') return agentName(key, agents);
                return grouping === 'project' ? shortPath(key, homeDir) : key;
              }}
            />
          </>
        )}
      </div>
      <p className="shrink-0 border-t border-line px-4 py-2 text-tiny text-dim">
        {list && `Prices of ${list.pricesOf}, with yours from settings.toml on top. `}
        {sum && sum.unpricedTokens > 0
          ? `${readableTokens(sum.unpricedTokens)} tokens are of models without a price and are not in the sums.`
          : 'What was used is read from the agents’ own transcripts.'}
      </p>
    </div>
  );
}

interface TableProps {
  grouping: Grouping;
  groups: CostGroup[];
  nameOf(key: string): string;
}

function Table({ grouping, groups, nameOf }: TableProps) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-small tabular-nums">
        <thead>
          <tr className="text-tiny text-dim">
            <th scope="col" className="py-1 text-left font-medium capitalize">
              {grouping}
            </th>
            {['Input', 'Output', 'Cache read', 'Cache write', 'Cost'].map((name) => (
              <th
                key={name}
                scope="col"
                className="py-1 pl-4 text-right font-medium whitespace-nowrap"
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map(({ key, cost }) => (
            <tr key={key} className="border-t border-line">
              <th scope="row" className="max-w-72 py-1.5 text-left font-normal text-ink">
                <span className="flex items-center gap-2">
                  {grouping === 'agent' && <AgentGlyph agentType={key} size={12} />}
                  <span className="truncate" title={key}>
                    {nameOf(key)}
                  </span>
                </span>
              </th>
              {tokenClasses(cost.tokens).map(([name, count]) => (
                <td key={name} className="py-1.5 pl-4 text-right text-dim">
                  {readableTokens(count)}
                </td>
              ))}
              <td className="py-1.5 pl-4 text-right whitespace-nowrap text-ink">
                {readableCost(cost)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  className?: string;
  children: ReactNode;
}

function Choice({ label, className = '', children }: ChoiceProps) {
  return (
    <fieldset aria-label={label} className={`flex gap-0.5 ${className}`}>
      {children}
    </fieldset>
  );
}

interface OptionProps {
  chosen: boolean;
  onChoose(): void;
  children: ReactNode;
}

function Option({ chosen, onChoose, children }: OptionProps) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className="h-6 rounded-small px-2 text-small text-dim transition-colors hover:bg-hover hover:text-ink aria-pressed:bg-hover aria-pressed:text-ink"
    >
      {children}
    </button>
  );
}
