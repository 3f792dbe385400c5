// Every session's review, kept as long as the window; which of them is on show, and how.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Transport } from '@/transport';
import type { Layout } from './rows';
import { SessionReview, type Surroundings } from './session-review';

export interface ReviewsState {
  /** The session whose changes are on show. */
  sessionId: number | null;
  layout: Layout;
}

const STORAGE_KEY = 'synk.review.layout';
/** So long nothing more must have happened before it is looked at again, in milliseconds. */
const PATIENCE_MS = 150;

export class Reviews {
  readonly store: StoreApi<ReviewsState> = createStore<ReviewsState>(() => ({
    sessionId: null,
    layout: localStorage.getItem(STORAGE_KEY) === 'split' ? 'split' : 'unified',
  }));
  readonly #reviews = new Map<number, SessionReview>();

  constructor(
    private readonly transport: Transport,
    private readonly around: Surroundings,
  ) {}

  of(sessionId: number): SessionReview {
    const known = this.#reviews.get(sessionId);
    if (known) return known;
    const review = new SessionReview(sessionId, this.transport, this.around);
    this.#reviews.set(sessionId, review);
    return review;
  }

  show(sessionId: number): void {
    this.store.setState({ sessionId });
  }

  setLayout(layout: Layout): void {
    localStorage.setItem(STORAGE_KEY, layout);
    this.store.setState({ layout });
  }

  toggleLayout(): void {
    this.setLayout(this.store.getState().layout === 'split' ? 'unified' : 'split');
  }

  /**
   * A person looks at a review: it is asked for again whenever something happened in a
   * repository, and when the window is looked at again. The result ends it.
   */
  watch(review: SessionReview, page: Window = window): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void review.refresh(), PATIENCE_MS);
    };
    page.addEventListener('focus', again);
    const leave = this.transport.on('git:event', again);
    return () => {
      clearTimeout(timer);
      page.removeEventListener('focus', again);
      leave();
    };
  }
}
