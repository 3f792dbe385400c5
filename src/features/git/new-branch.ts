// A pane on a branch of its own, while it is being asked for. What was written stays until it
// was made, however often its sheet is closed.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AgentType } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';
import { problemOfBranch } from './branch-name';

export interface NewBranchState {
  agentType: AgentType;
  branch: string;
  /** Empty for what is checked out in the project. */
  base: string;
  /** Where it is made. */
  projectPath: string | null;
  /** The project's branches; null until they are known. */
  branches: string[] | null;
  /** Why it was not made, or why it cannot be. */
  problem: string | null;
  /** What the project wants to run in a new worktree, which nobody has agreed to yet. */
  question: string | null;
  making: boolean;
}

/** What the pane is made from. */
export interface BranchRequest {
  agentType: AgentType;
  projectPath: string;
  branch: string;
  baseBranch?: string;
  /** Run what the project wants there; see `git:create_worktree`. */
  setUp?: boolean;
}

export class NewBranch {
  readonly store: StoreApi<NewBranchState> = createStore<NewBranchState>(() => ({
    agentType: 'claude_code',
    branch: '',
    base: '',
    projectPath: null,
    branches: null,
    problem: null,
    question: null,
    making: false,
  }));

  constructor(
    private readonly transport: Transport,
    /** Makes the session, and gives it the keyboard. */
    private readonly create: (request: BranchRequest) => Promise<void>,
    /** Told that it could not be made, whether or not the person still looks at it. */
    private readonly onFailure: (reason: unknown) => void,
  ) {}

  /**
   * The person looks at it. What is written stays; the branches are asked for again. `agents`:
   * those that are on this machine, the likeliest first.
   */
  begin(projectPath: string, agents: AgentType[]): void {
    const { making, projectPath: before, agentType } = this.store.getState();
    if (making) return;
    this.store.setState({
      projectPath,
      problem: null,
      question: null,
      agentType: agents.includes(agentType) ? agentType : (agents[0] ?? agentType),
      ...(before !== projectPath && { branches: null, base: '' }),
    });
    this.transport.call('git:branches', { projectPath }).then(
      (branches) => this.#in(projectPath, { branches }),
      (reason) => this.#in(projectPath, { problem: CommandError.from(reason).message }),
    );
  }

  change(news: Partial<Pick<NewBranchState, 'agentType' | 'branch' | 'base'>>): void {
    this.store.setState({ ...news, problem: null, question: null });
  }

  /** Resolves to whether it was made. `setUp` answers the question, if there is one. */
  async make(setUp?: boolean): Promise<boolean> {
    const { agentType, branch, base, projectPath, making } = this.store.getState();
    if (making || projectPath === null || !canMake(this.store.getState())) return false;
    const isNew = !exists(this.store.getState());
    this.store.setState({ making: true, problem: null, question: null });
    try {
      await this.create({
        agentType,
        projectPath,
        branch,
        ...(isNew && base !== '' && { baseBranch: base }),
        ...(setUp !== undefined && { setUp }),
      });
      this.store.setState({ making: false, branch: '', base: '' });
      return true;
    } catch (reason) {
      const { code, message } = CommandError.from(reason);
      const what = code === 'untrusted' ? { question: message } : { problem: message };
      this.store.setState({ making: false, ...what });
      this.onFailure(reason);
      return false;
    }
  }

  #in(projectPath: string, news: Partial<NewBranchState>): void {
    if (this.store.getState().projectPath === projectPath) this.store.setState(news);
  }
}

/** The branch is there already, so that it begins nowhere. */
export function exists({ branch, branches }: NewBranchState): boolean {
  return branches?.includes(branch) ?? false;
}

export function canMake({ branch, base }: NewBranchState): boolean {
  return branch !== '' && problemOfBranch(branch) === null && problemOfBranch(base) === null;
}
