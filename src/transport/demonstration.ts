// A fake daemon with sessions in it, for looking at the front end in a browser.
import { FAKE_HOME, FakeTransport } from './fake';

/**
 * A fake to look at: `?fake=4` has four panes, `&background=2` two sessions without a pane,
 * `&long` long names, `&exited` a first pane whose program has ended, `&away` a daemon that is lost,
 * `&unavailable` one that never answers.
 */
export async function createDemonstration(address: URLSearchParams): Promise<FakeTransport> {
  const fake = new FakeTransport();
  fake.machine.folder = `${FAKE_HOME}/src/harbour`;
  const kinds = ['claude_code', 'codex', 'gemini_cli', 'terminal'] as const;
  const panes = Number(address.get('fake') || 0);
  const background = Number(address.get('background') || 0);
  for (let index = 0; index < panes + background; index += 1) {
    const { sessionId } = await fake.call('session:create', {
      agentType: kinds[index % kinds.length] ?? 'terminal',
      projectPath: `${FAKE_HOME}/src/lighthouse`,
      background: index >= panes,
      ...(address.has('long') && {
        name: `${'a rather long name '.repeat(3)}${index}`,
        branch: 'feature/with-a-branch-name-that-nobody-will-read',
      }),
    });
    const data = index % 2 === 0 ? 'colours\r' : 'echo hello\r';
    await fake.call('session:write', { sessionId, data });
    if (index === 0 && address.has('exited')) {
      await fake.call('session:write', { sessionId, data: 'exit 3\r' });
    }
  }
  if (address.has('unavailable')) {
    fake.fail('session:list', {
      code: 'unavailable',
      message: 'The daemon did not start: no such file: synk. Reinstall Synk and try again.',
    });
  }
  if (address.has('away')) {
    setTimeout(() => fake.emit('daemon:connection', { state: 'connecting', message: null }), 500);
  }
  return fake;
}
