import { describe, expect, it } from 'vitest';
import type { SessionInfo, SessionStatus } from '@/protocol/generated/protocol';
import { FAKE_HOME, FakeTransport } from '@/transport/fake';
import { describeStatus, shownState, stateWord } from './status';
import { clock } from './time';

const NOON = new Date('2026-03-14T12:04:31').getTime();

async function session(
  status: Partial<SessionStatus>,
  more: Partial<SessionInfo> = {},
): Promise<SessionInfo> {
  const fake = new FakeTransport();
  await fake.call('session:create', { agentType: 'claude_code', projectPath: FAKE_HOME });
  const [info] = await fake.call('session:list', {});
  if (!info) throw new Error('no session');
  return { ...info, ...more, status: { ...info.status, since: NOON, ...status } };
}

describe('a status', () => {
  it.each<[Partial<SessionStatus>, string, string]>([
    [{ state: 'working' }, 'working', 'Working since 12:04'],
    [
      { state: 'waiting', waitingFor: 'permission' },
      'permission',
      'Waits for permission since 12:04',
    ],
    [{ state: 'waiting', waitingFor: 'question' }, 'question', 'Waits for an answer since 12:04'],
    [{ state: 'waiting', waitingFor: 'auth' }, 'sign-in', 'Waits to be signed in since 12:04'],
    [{ state: 'waiting' }, 'waiting', 'Waits for you since 12:04'],
    [{ state: 'done' }, 'done', 'Done, not looked at yet, since 12:04'],
    [{ state: 'idle' }, '', 'Ready for input since 12:04'],
    [{ state: 'starting' }, 'starting', 'Starting since 12:04'],
  ])('%o is “%s”, in full “%s”', async (status, word, text) => {
    const info = await session(status);
    expect(stateWord(info)).toBe(word);
    expect(describeStatus(info, undefined).text).toBe(text);
  });

  it('names its source and hands on what the program says', async () => {
    const info = await session({ state: 'working', source: 'hook', message: '<b>Bash</b>' });
    expect(describeStatus(info, 1)).toEqual({
      text: `Working since ${clock(NOON)}`,
      message: '<b>Bash</b>',
      source: 'reported by its hook',
    });
  });

  it('is not guessed where nothing is known', async () => {
    const info = await session({ state: 'unknown', source: 'silence' });
    expect(stateWord(info)).toBe('');
    expect(describeStatus(info, undefined).text).toBe(
      'Running, process 4001; what it does is not known',
    );
  });

  it('gives way to the end of the program', async () => {
    const lost = await session({ state: 'waiting' }, { state: 'lost' });
    expect(shownState(lost)).toBe('lost');
    const exited = await session({ state: 'working' }, { state: 'exited', exitCode: 3 });
    expect(shownState(exited)).toBe('exited');
    expect(describeStatus(exited, NOON).text).toBe('Exited with code 3 at 12:04');
  });
});
