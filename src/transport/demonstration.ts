// A fake daemon with sessions in it, for looking at the front end in a browser.
import type { SessionStatus, StatusState, Theme } from '@/protocol/generated/protocol';
import { addWorktrees } from './demonstration-git';
import { addLayouts, addProjects, addWorkspaces } from './demonstration-layouts';
import { FAKE_HOME, FakeTransport } from './fake';
import type { FakeSession } from './fake-session';

const MINUTE = 60_000;
const NO_SHELL_WAITS =
  'No shell is kept waiting, so new panes open as slowly as /bin/zsh starts: it asks a question in its start-up files. Change the start-up files or the settings and it is tried again.';
const DAY = 24 * 60 * MINUTE;
const KINDS = ['claude_code', 'codex', 'gemini_cli', 'terminal', 'aider'];
/** Milliseconds from one state of a receipt to the next: slow enough to be seen. */
const PACE = 600;
/** What agents are doing, in turn. */
const DOINGS: [state: StatusState, more: Partial<SessionStatus>][] = [
  ['working', { message: 'Reading src/lamp.rs' }],
  ['waiting', { waitingFor: 'permission', message: 'Bash: cargo test --workspace' }],
  ['done', { source: 'title' }],
  ['idle', {}],
  ['waiting', { waitingFor: 'question', source: 'hook', message: 'Which of the two lamps?' }],
  ['unknown', { source: 'silence' }],
  ['starting', { source: 'process' }],
  ['waiting', { waitingFor: 'auth' }],
];
const MODELS = ['claude-opus-5-5', 'gpt-6-sol', 'gemini-3.5-flash-lite', '', 'house-model-1'];

/**
 * A fake to look at: `?fake=4` has four panes, `&background=2` two sessions without a pane,
 * `&long` long names, `&exited` a first pane whose program has ended, `&lost` only sessions
 * that were lost, `&incompatible` a second pane in another version's shim, `&watched` one that
 * others are attached to, `&closed` a closed session and much in the logs, `&notice` a notice
 * that comes twenty times, `&away` a daemon that is lost, `&unavailable` one that never answers,
 * `&cold` a pool that has not warmed a shell yet, `&broken` one that cannot, `&busy` agents in
 * every status, with costs of three months, and two prompts that wait, `&lively` agents that work
 * on what they are sent and then ask or are done, `&worktrees` branches with changes of every kind,
 * two that overlap, one whose merge is in conflict, and something in the trash, `&theme=light` a
 * theme, `&palettes` two palettes of which the first is in use, `&rebound` keys of the person's
 * own, two of them wrong, `&wrong` a file of settings with a mistake in it, `&workspaces=3` so many
 * workspaces, with the panes in turn, `&shares` columns and rows of different sizes, `&layouts`
 * saved layouts of every kind, `&before` what was open before, `&projects` projects that were
 * worked in, `&closing` a window that is about to be closed.
 */
export async function createDemonstration(address: URLSearchParams): Promise<FakeTransport> {
  const fake = new FakeTransport(PACE);
  fake.machine.folder = `${FAKE_HOME}/src/harbour`;
  const panes = Number(address.get('fake') || 0);
  const background = Number(address.get('background') || 0);
  if (address.has('closed')) await addClosed(fake);
  if (address.has('worktrees')) await addWorktrees(fake);
  if (address.has('projects')) await addProjects(fake);
  if (address.has('layouts') || address.has('before')) await addLayouts(fake, address, KINDS);
  const workspaces = await addWorkspaces(fake, Number(address.get('workspaces') || 1));
  for (let index = 0; index < panes + background; index += 1) {
    const { sessionId } = await fake.call('session:create', {
      agentType: KINDS[index % KINDS.length] ?? 'terminal',
      projectPath: `${FAKE_HOME}/src/lighthouse`,
      background: index >= panes,
      workspaceId: workspaces[index % workspaces.length] ?? 1,
      ...(address.has('long') && {
        name: `${'a rather long name '.repeat(3)}${index}`,
        branch: 'feature/with-a-branch-name-that-nobody-will-read',
      }),
      ...(address.has('lost') && index % 4 === 3 && { env: { PORT: '8080', TOKEN: 'secret' } }),
    });
    const data = index % 2 === 0 ? 'colours\r' : 'echo hello\r';
    await fake.call('session:write', { sessionId, data });
    if (address.has('closed')) addHistory(fake, sessionId);
    if (address.has('busy')) await occupy(fake, sessionId, index);
    if (address.has('lost')) lose(fake, sessionId, index);
    if (index === 0 && address.has('exited')) {
      await fake.call('session:write', { sessionId, data: 'exit 3\r' });
    }
    if (index === 1 && address.has('incompatible')) {
      fake.happen(sessionId, (session) => session.outdate('0.0.9'));
    }
    if (index === 0 && address.has('watched')) {
      fake.happen(sessionId, (session) => session.watchedBy(2));
    }
  }
  if (address.has('shares')) {
    const shares = { columnShares: [1700, 1000, 700], rowShares: [1000, 1600] };
    await fake.call('workspace:change', { workspaceId: 1, ...shares });
  }
  if (address.has('closing')) setTimeout(() => fake.machine.askToClose(), 1500);
  if (address.has('lively')) enliven(fake);
  await set(fake, address);
  if (address.has('unavailable')) {
    fake.fail('session:list', {
      code: 'unavailable',
      message: 'The daemon did not start: no such file: synk. Reinstall Synk and try again.',
    });
  }
  if (address.has('cold')) fake.disturbPool({ idle: 0, warming: 2 });
  if (address.has('broken')) fake.disturbPool({ idle: 0, problem: NO_SHELL_WAITS });
  if (address.has('notice')) setTimeout(() => complain(fake), 500);
  if (address.has('away')) {
    setTimeout(() => fake.emit('daemon:connection', { state: 'connecting', message: null }), 500);
  }
  return fake;
}

/** What the person has set. */
async function set(fake: FakeTransport, address: URLSearchParams): Promise<void> {
  const theme = address.get('theme');
  if (isTheme(theme)) fake.settings.edit({ appearance: { theme } });
  if (address.has('palettes')) {
    for (const name of ['Gruvbox Dark', 'A palette with a rather long name']) {
      await fake.call('settings:import_palette', { path: `${FAKE_HOME}/${name}.conf` });
    }
    fake.settings.edit({ appearance: { palette: 'Gruvbox Dark' } });
  }
  if (address.has('rebound')) {
    const bindings = {
      'pane.zoom': ['Ctrl+Shift+Enter'],
      worktrees: ['Ctrl+Alt+w'],
      'grid.left': ['a'],
      'pane.split': ['Ctrl+Shift+S'],
      'pane.close': ['Ctrl+Shift+W', 'Hyper+x'],
    };
    fake.settings.edit({ keyboard: { bindings } });
  }
  // Whoever listens by then is told.
  if (address.has('wrong')) setTimeout(() => fake.settings.edit({}, WRONG), 500);
}

const WRONG =
  '/home/ada/.config/synk/settings.toml, line 14: appearance.fontSize is 400; it goes from 6 to 40. The last good settings stay.';

function isTheme(theme: string | null): theme is Theme {
  return theme === 'system' || theme === 'dark' || theme === 'light' || theme === 'high_contrast';
}

/** Lost five minutes ago: some agents can be resumed, some shells were elsewhere by then. */
function lose(fake: FakeTransport, sessionId: number, index: number): void {
  fake.happen(sessionId, (session) => {
    session.lose(Date.now() - 5 * MINUTE);
    if (index % 4 === 0) session.info.resumeId = '3d0c7a52-18f4-4bb0-a6c1-9f5d1f6a2b7e';
    if (index % 4 === 3) session.info.currentDir = `${FAKE_HOME}/src/lighthouse/lamp`;
  });
}

/** An agent in the midst of something, after three months of work. */
async function occupy(fake: FakeTransport, sessionId: number, index: number): Promise<void> {
  const kind = index % KINDS.length;
  const [state, more] = DOINGS[index % DOINGS.length] ?? ['idle', {}];
  const since = Date.now() - (index + 1) * 3 * MINUTE;
  fake.happen(sessionId, (session) => session.report(state, { since, ...more }));
  const model = MODELS[kind];
  if (!model) return;
  const hasPrice = model !== 'house-model-1';
  for (let day = 89; day >= 0; day -= 1) {
    // Uneven, and the same at every start.
    const share = (Math.sin(day * 1.7 + kind) + 1.2) * (day % 7 > 4 ? 0.2 : 1);
    const tokens = {
      input: Math.round(1200 * share),
      output: Math.round(5400 * share),
      cacheRead: Math.round(88_000 * share),
      cacheWrite: Math.round(7600 * share),
    };
    const used = tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite;
    const cost = {
      tokens,
      nanodollars: hasPrice ? Math.round(210_000_000 * share) : null,
      unpricedTokens: hasPrice ? 0 : used,
    };
    fake.spend(sessionId, model, cost, Date.now() - day * DAY);
  }
  if (state !== 'waiting') return;
  for (const text of ['Then run the tests again', 'And write the note\nwith the figures']) {
    await fake.call('dispatch:send', { sessionIds: [sessionId], text, queue: true });
  }
}

/** Agents that were sent a prompt come to an end with it: by turns done, or with a question. */
function enliven(fake: FakeTransport): void {
  const ends: ((session: FakeSession) => void)[] = [
    (session) => session.report('done'),
    (session) => session.report('waiting', { waitingFor: 'permission', message: 'Bash: make' }),
  ];
  fake.on('dispatch:receipt', ({ sessionId, promptId, state }) => {
    if (state !== 'working') return;
    const end = ends[promptId % ends.length];
    setTimeout(() => end && fake.happen(sessionId, end), 8 * PACE);
  });
}

/** Lines that are in the log and not on the screen any more. */
function addHistory(fake: FakeTransport, sessionId: number): void {
  fake.happen(sessionId, ({ log }) => {
    for (let line = 1; line <= 40; line += 1) {
      const at = Date.now() - (41 - line) * 90 * MINUTE - sessionId * MINUTE;
      log.append(
        `\r\ntest harbour::lamp::case_${line} ... \x1b[32mok\x1b[0m, after ${line} ms`,
        at,
      );
    }
    log.append('\r\n');
  });
}

async function addClosed(fake: FakeTransport): Promise<void> {
  const { sessionId } = await fake.call('session:create', {
    agentType: 'claude_code',
    projectPath: `${FAKE_HOME}/src/lighthouse`,
    name: 'fog horn',
  });
  addHistory(fake, sessionId);
  fake.happen(sessionId, ({ log }) => log.forget(600));
  await fake.call('session:destroy', { sessionId });
}

function complain(fake: FakeTransport): void {
  for (let time = 0; time < 20; time += 1) {
    fake.emit('app:error', {
      source: 'store',
      message:
        'The list of sessions was damaged and has been set aside as synk.db.broken. It was made anew from the session folders; names and places of 3 sessions may differ.',
      recoverable: true,
    });
  }
}
