// Moments as people say them: "12:04", "yesterday", "5 minutes ago". Nothing here watches
// the clock; who shows a text that grows old renders it again.
import { useEffect, useState } from 'react';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How often a text such as "5 minutes ago" is looked at again, in milliseconds. */
const GROWS_OLD = MINUTE / 2;

const YESTERDAY = 'yesterday';
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** The time of day: "12:04", with seconds "12:04:31". */
export function clock(at: number, seconds = false): string {
  return new Date(at).toLocaleTimeString('en-GB').slice(0, seconds ? 8 : 5);
}

/** "just now", "5 minutes ago", "2 hours ago", "yesterday", "12 days ago". */
export function timeAgo(at: number, now: number): string {
  const age = Math.max(0, now - at);
  if (age < MINUTE) return 'just now';
  if (age < HOUR) return relative.format(-Math.floor(age / MINUTE), 'minute');
  if (age < DAY) return relative.format(-Math.floor(age / HOUR), 'hour');
  return relative.format(-daysBetween(at, now), 'day');
}

/** The day of a moment: empty for today, "yesterday", "12 Mar", "12 Mar 2024". */
export function dayOf(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days <= 0) return '';
  if (days === 1) return YESTERDAY;
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Date(at).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(!sameYear && { year: 'numeric' }),
  });
}

/** "at 12:04:31", "yesterday at 12:04:31", "on 12 Mar at 12:04:31". */
export function moment(at: number, now: number): string {
  const day = dayOf(at, now);
  const time = `at ${clock(at, true)}`;
  if (day === '') return time;
  return day === YESTERDAY ? `${day} ${time}` : `on ${day} ${time}`;
}

/** The present moment, again from time to time, for texts that grow old. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), GROWS_OLD);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Midnights between two moments, where the person is. */
function daysBetween(earlier: number, later: number): number {
  const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
}
