// The branches of the projects that a person worked in last. Asked for when somebody looks.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Transport } from '@/transport';

export interface BranchesState {
  /** The newest first, by project; a project that is in no repository has none. */
  branches: Record<string, string[]>;
}

export class ProjectBranches {
  readonly store: StoreApi<BranchesState> = createStore<BranchesState>(() => ({ branches: {} }));

  constructor(private readonly transport: Transport) {}

  /** Asks for those of some projects. */
  async load(projects: string[]): Promise<void> {
    await Promise.all(
      projects.map(async (projectPath) => {
        // A folder that is in no repository, or gone, has no branches to show.
        const found = await this.transport.call('git:branches', { projectPath }).catch(() => []);
        this.store.setState(({ branches }) => ({
          branches: { ...branches, [projectPath]: found },
        }));
      }),
    );
  }
}
