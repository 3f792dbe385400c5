// A search over what all sessions have put out: what is sought, what was found, and which of
// it is chosen. It asks once the person has stopped typing, and an answer that is older than
// what is sought by now is not used.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AgentType, SearchHit } from '@/protocol/generated/protocol';
import { CommandError, type Transport } from '@/transport';

/** How long the person must have stopped typing, in milliseconds. */
const PATIENCE_MS = 150;
/** The most lines that are asked for at first, and when more are wanted. */
const FEW = 200;
const MANY = 1000;

export interface SearchState {
  text: string;
  searching: boolean;
  /** The lines of one session stand together, newest first; so do the sessions. */
  hits: SearchHit[];
  /** The text that `hits` are for; null before the first answer. */
  answered: string | null;
  /** Not all that matches is in `hits`. */
  more: boolean;
  /** Whether more can be had by asking for it. */
  canShowMore: boolean;
  problem: string | null;
  /** Index of the chosen hit. */
  chosen: number;
}

/** What each session runs, by id, also of those that were closed. */
export type AgentTypes = ReadonlyMap<number, AgentType>;

const NOTHING: SearchState = {
  text: '',
  searching: false,
  hits: [],
  answered: null,
  more: false,
  canShowMore: false,
  problem: null,
  chosen: 0,
};

export class HistorySearch {
  readonly store: StoreApi<SearchState> = createStore(() => NOTHING);
  readonly agents: StoreApi<AgentTypes> = createStore<AgentTypes>(() => new Map());
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Counts questions, so that the answer to an older one is not used. */
  #asked = 0;

  constructor(private readonly transport: Transport) {}

  /**
   * The person looks at the search: what was sought before is sought again, since more may
   * have been printed.
   */
  begin(): void {
    void this.again();
    this.transport.call('session:list', { all: true }).then(
      (sessions) =>
        this.agents.setState(
          new Map(sessions.map(({ sessionId, agentType }) => [sessionId, agentType])),
          true,
        ),
      // Lines are found without their badges too, and a search says by itself what is wrong.
      (reason) => console.warn('the agents of closed sessions are not known', reason),
    );
  }

  /** What is sought is this now. */
  type(text: string): void {
    this.#stop();
    if (text.trim() === '') {
      this.store.setState({ ...NOTHING, text }, true);
      return;
    }
    this.store.setState({ text, searching: true, problem: null });
    this.#timer = setTimeout(() => void this.#ask(FEW), PATIENCE_MS);
  }

  /** Asks the same again. */
  async again(): Promise<void> {
    if (this.store.getState().text.trim() === '') return;
    this.#stop();
    await this.#ask(FEW);
  }

  async showMore(): Promise<void> {
    this.#stop();
    await this.#ask(MANY);
  }

  /** Chooses a hit; beyond an end is that end. */
  choose(index: number): void {
    const { hits } = this.store.getState();
    this.store.setState({ chosen: Math.max(0, Math.min(index, hits.length - 1)) });
  }

  /** What was under way is of no use any more. */
  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#asked += 1;
  }

  async #ask(limit: number): Promise<void> {
    const { text } = this.store.getState();
    const mine = this.#asked;
    this.store.setState({ searching: true, problem: null });
    try {
      const { hits, more } = await this.transport.call('session:search', { text, limit });
      if (mine !== this.#asked) return;
      const { answered, chosen } = this.store.getState();
      this.store.setState({
        searching: false,
        hits: bySession(hits),
        answered: text,
        more,
        canShowMore: more && limit < MANY,
        chosen: answered === text ? Math.min(chosen, Math.max(0, hits.length - 1)) : 0,
      });
    } catch (reason) {
      if (mine !== this.#asked) return;
      const problem = CommandError.from(reason).message;
      this.store.setState({ ...NOTHING, text, problem }, true);
    }
  }
}

/** Brings the hits of one session together, where its newest one stands. */
function bySession(hits: SearchHit[]): SearchHit[] {
  return [...groupsOf(hits).values()].flat();
}

export function groupsOf(hits: SearchHit[]): Map<number, SearchHit[]> {
  const groups = new Map<number, SearchHit[]>();
  for (const hit of hits) {
    const group = groups.get(hit.sessionId);
    if (group) group.push(hit);
    else groups.set(hit.sessionId, [hit]);
  }
  return groups;
}
