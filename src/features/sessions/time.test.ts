import { describe, expect, it } from 'vitest';
import { clock, dayOf, moment, timeAgo } from './time';

const at = (text: string) => new Date(text).getTime();
const NOW = at('2026-03-14T12:04:31');

describe('a moment', () => {
  it.each([
    ['2026-03-14T12:04:01', 'just now'],
    ['2026-03-14T12:05:00', 'just now'],
    ['2026-03-14T12:03:00', '1 minute ago'],
    ['2026-03-14T11:59:31', '5 minutes ago'],
    ['2026-03-14T10:00:00', '2 hours ago'],
    ['2026-03-13T13:00:00', '23 hours ago'],
    ['2026-03-13T11:00:00', 'yesterday'],
    ['2026-03-02T23:00:00', '12 days ago'],
  ])('%s was %s', (moment, text) => {
    expect(timeAgo(at(moment), NOW)).toBe(text);
  });

  it.each([
    ['2026-03-14T00:00:01', '', 'at 00:00:01'],
    ['2026-03-13T23:59:59', 'yesterday', 'yesterday at 23:59:59'],
    ['2026-03-12T09:30:00', '12 Mar', 'on 12 Mar at 09:30:00'],
    ['2025-12-31T09:30:00', '31 Dec 2025', 'on 31 Dec 2025 at 09:30:00'],
  ])('%s is of the day “%s”, in full %s', (when, day, text) => {
    expect(dayOf(at(when), NOW)).toBe(day);
    expect(moment(at(when), NOW)).toBe(text);
  });

  it('has a time of day', () => {
    expect(clock(NOW)).toBe('12:04');
    expect(clock(NOW, true)).toBe('12:04:31');
  });
});
