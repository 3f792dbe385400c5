// Tells on the desktop that a session waits or is done while nobody looks at it. Each session
// is told of at most once in ten seconds, and several that come together are told as one.
// Whether the desktop shows it is the desktop's.
import { type Sessions, shownState, waitingPhrase } from '@/features/sessions';
import type { NotificationSettings, SessionInfo } from '@/protocol/generated/protocol';
import type { Notification, Transport } from '@/transport';
import type { Gaze } from './seen';

/** How long others are waited for that may come together with one, in milliseconds. */
export const GATHER_MS = 300;
/** The least time between two notifications about one session, in milliseconds. */
export const PAUSE_MS = 10_000;
/** The most sessions that one notification names. */
const MOST_NAMED = 4;

/** What is known of the telling of one session. */
interface Told {
  /** The state that needs no more telling: it was told, or seen, or there from the start. */
  state: string | null;
  /** When a notification was last sent. */
  at: number;
  /** When the state that is to be told was first met. */
  met: number | null;
}

export class Notifier {
  readonly #told = new Map<number, Told>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #begun = false;

  constructor(
    private readonly transport: Transport,
    private readonly sessions: Sessions,
    private readonly gaze: Gaze,
    /** What is to be told; null while that is not known. */
    private readonly settings: () => NotificationSettings | null,
  ) {}

  /** Follows the sessions. The result ends it. */
  start(): () => void {
    const look = () => this.#look();
    look();
    const leave = [this.gaze.follow(look), this.sessions.store.subscribe(look)];
    return () => {
      for (const end of leave) end();
      if (this.#timer !== null) clearTimeout(this.#timer);
    };
  }

  #look(): void {
    const { sessions, loaded } = this.sessions.store.getState();
    if (!loaded) return;
    const now = Date.now();
    const due: SessionInfo[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const session of sessions) {
      const told = this.#of(session);
      const state = shownState(session);
      if (told.state !== state) told.state = null;
      const isNews = told.state === null && this.#isWorthTelling(session);
      if (!isNews) told.met = null;
      // What was there when the window opened, or came while it was looked at, is no news.
      if (!this.#begun || this.gaze.session() === session.sessionId) told.state = state;
      if (!isNews || told.state !== null) continue;
      told.met ??= now;
      const at = Math.max(told.met + GATHER_MS, told.at + PAUSE_MS);
      if (at <= now) due.push(session);
      else next = Math.min(next, at);
    }
    this.#begun = true;
    this.#forgetAllBut(sessions);
    if (due.length > 0) this.#tell(due, now);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = Number.isFinite(next) ? setTimeout(() => this.#look(), next - now) : null;
  }

  #isWorthTelling(session: SessionInfo): boolean {
    const settings = this.settings();
    const state = shownState(session);
    return (
      (state === 'waiting' && settings?.waiting === true) ||
      (state === 'done' && settings?.done === true)
    );
  }

  #tell(sessions: SessionInfo[], now: number): void {
    for (const session of sessions) {
      Object.assign(this.#of(session), { state: shownState(session), at: now, met: null });
    }
    const notification = written(sessions);
    if (notification === null) return;
    this.transport.native.notify(notification).catch((reason) => {
      // A desktop without notifications is no fault of the person's; the window shows it all.
      console.warn('the desktop takes no notification', reason);
    });
  }

  #of({ sessionId }: SessionInfo): Told {
    const known = this.#told.get(sessionId);
    if (known) return known;
    const fresh: Told = { state: null, at: Number.NEGATIVE_INFINITY, met: null };
    this.#told.set(sessionId, fresh);
    return fresh;
  }

  #forgetAllBut(sessions: SessionInfo[]): void {
    const there = new Set(sessions.map(({ sessionId }) => sessionId));
    for (const sessionId of this.#told.keys()) {
      if (!there.has(sessionId)) this.#told.delete(sessionId);
    }
  }
}

/** One notification for sessions: those that wait come first. */
export function written(sessions: SessionInfo[]): Notification | null {
  const waits = (session: SessionInfo) => shownState(session) === 'waiting';
  const ordered = [...sessions].sort((one, other) => Number(waits(other)) - Number(waits(one)));
  const [first, ...others] = ordered;
  if (!first) return null;
  const does = (session: SessionInfo) =>
    waits(session) ? waitingPhrase(session.status.waitingFor) : 'Has finished';
  const { sessionId, name, status } = first;
  if (others.length === 0) {
    return { sessionId, title: `${name}: ${lowered(does(first))}`, body: status.message ?? '' };
  }
  const named = ordered
    .slice(0, MOST_NAMED)
    .map((session) => `${session.name}: ${lowered(does(session))}`);
  const more = ordered.length - named.length;
  const body = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
  const count = ordered.filter(waits).length;
  return { sessionId, title: titleOf(count, ordered.length - count), body };
}

function titleOf(waiting: number, done: number): string {
  if (waiting === 0) return `${done} sessions have finished`;
  const wait = waiting === 1 ? '1 session waits for you' : `${waiting} sessions wait for you`;
  return done === 0 ? wait : `${wait}, ${done} finished`;
}

function lowered(phrase: string): string {
  return phrase.charAt(0).toLowerCase() + phrase.slice(1);
}
