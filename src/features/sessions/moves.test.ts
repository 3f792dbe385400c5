import { describe, expect, it } from 'vitest';
import type { SessionInfo } from '@/protocol/generated/protocol';
import { moved } from './moves';

/** Sessions by "workspace:pane", with ids from 1; "-" has no pane. */
function at(...places: string[]): SessionInfo[] {
  return places.map((place, index) => {
    const [workspaceId, pane] = place.split(':').map(Number);
    const paneIndex = pane ?? null;
    return { sessionId: index + 1, workspaceId: workspaceId || 1, paneIndex } as SessionInfo;
  });
}
const placesOf = (sessions: SessionInfo[]) =>
  sessions.map(({ workspaceId, paneIndex }) =>
    paneIndex === null ? '-' : `${workspaceId}:${paneIndex}`,
  );

describe('a pane that is moved', () => {
  it.each([
    ['changes places in its grid', ['1:0', '1:1'], [1, 1, 1], ['1:1', '1:0']],
    ['changes places across grids', ['1:0', '2:3'], [1, 2, 3], ['2:3', '1:0']],
    ['takes a pane that is free', ['1:0', '1:1'], [1, 1, 5], ['1:5', '1:1']],
    [
      'takes the first free pane of another grid',
      ['1:0', '2:0', '2:2'],
      [1, 2],
      ['2:1', '2:0', '2:2'],
    ],
    ['stays where it is there already', ['1:4', '1:0'], [1, 1], ['1:4', '1:0']],
    ['stays without a pane', ['-', '1:0'], [1, 1, 3], ['-', '1:0']],
    ['is nobody that is not there', ['1:0'], [9, 1, 1], ['1:0']],
  ])('%s', (_, places, [sessionId = 0, workspaceId = 0, paneIndex], result) => {
    const move = { sessionId, workspaceId, ...(paneIndex !== undefined && { paneIndex }) };
    const once = moved(at(...places), move);
    expect(placesOf(once)).toEqual(result);
    // The daemon's list may have it already.
    expect(placesOf(moved(once, move))).toEqual(result);
  });

  it('finds no room in a grid that is full', () => {
    const full = at('1:0', ...Array.from({ length: 12 }, (_, index) => `2:${index}`));
    expect(moved(full, { sessionId: 1, workspaceId: 2 })).toBe(full);
  });
});
