// Made from src-tauri/crates/protocol by `npm run types`. Do not edit.

/**
 * Arguments of `session:ack`.
 */
export type Acknowledge = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * The `offset` of the last `session:output` that is parsed.
 */
offset: number, };

/**
 * One agent as found, or not found, on this machine.
 */
export type AgentInfo = { 
/**
 * Which agent.
 */
agentType: AgentType, 
/**
 * The name that people know it by: "Claude Code".
 */
name: string, 
/**
 * The command that starts it: "claude". For a shell, the shell's path.
 */
command: string, 
/**
 * Where the command was found; absent when it was not.
 */
path: string | null, 
/**
 * How to install it, as one shell command; absent for a shell.
 */
install: string | null, };

/**
 * What a session runs. The names are those of the contract.
 */
export type AgentType = "claude_code" | "gemini_cli" | "codex" | "terminal";

/**
 * Something went wrong where nobody was waiting for an answer.
 */
export type AppError = { 
/**
 * Which part of Synk.
 */
source: string, 
/**
 * What happened and what to do.
 */
message: string, 
/**
 * Whether Synk goes on as before.
 */
recoverable: boolean, };

/**
 * Arguments of `session:attach`.
 */
export type AttachSession = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * The viewer's columns; the terminal takes this size.
 */
cols: number, 
/**
 * The viewer's rows.
 */
rows: number, 
/**
 * The colours that the viewer draws with, told to programs that ask. The viewer that
 * attached last is the one believed.
 */
palette?: TerminalPalette, };

/**
 * Arguments of `session:clean`.
 */
export type CleanSessions = { 
/**
 * How long nobody was attached, in seconds.
 */
olderThanSeconds: number, 
/**
 * Only say which they are.
 */
dryRun?: boolean, };

/**
 * A session that `session:clean` removed.
 */
export type CleanedSession = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * What it was called.
 */
name: string, 
/**
 * Its program ran until now.
 */
wasRunning: boolean, };

/**
 * Reply of `session:clean`.
 */
export type CleanedSessions = { 
/**
 * The sessions that were removed, by id.
 */
removed: Array<CleanedSession>, 
/**
 * Bytes on disk that are free again.
 */
freedBytes: number, };

/**
 * Whether this client has its daemon.
 */
export type ConnectionState = "connecting" | "connected";

/**
 * Arguments of `session:create`.
 */
export type CreateSession = { 
/**
 * What to run.
 */
agentType: AgentType, 
/**
 * The project's folder, absolute.
 */
projectPath: string, 
/**
 * The branch to work on. Worktrees come later; today it must be the branch that is
 * checked out in the working folder.
 */
branch?: string, 
/**
 * Where to start, absolute; the project's folder by default.
 */
workingDir?: string, 
/**
 * Set on top of the session's environment. `SHELL` chooses the shell.
 */
env?: { [key in string]: string }, 
/**
 * A name; by default the agent's, with a number when it is taken.
 */
name?: string, 
/**
 * For a terminal: a program and its arguments instead of the shell.
 */
command?: Array<string>, 
/**
 * Takes no pane.
 */
background?: boolean, 
/**
 * The terminal's first size; 80 × 24 by default.
 */
cols?: number, 
/**
 * The terminal's first size.
 */
rows?: number, };

/**
 * Reply of `session:create`.
 */
export type CreatedSession = { 
/**
 * The new session.
 */
sessionId: SessionId, 
/**
 * Its place in the grid; `null` for a background session.
 */
paneIndex: number | null, };

/**
 * The connection to the daemon changed. Made by the client itself.
 */
export type DaemonConnection = { 
/**
 * How it is now.
 */
state: ConnectionState, 
/**
 * Why, when it is not connected and cannot be.
 */
message: string | null, };

/**
 * Reply of `daemon:status`.
 */
export type DaemonStatus = { 
/**
 * Synk's version.
 */
version: string, 
/**
 * The daemon's process.
 */
pid: number, 
/**
 * Sessions that it knows.
 */
sessions: number, 
/**
 * The folder that `~` stands for, where a session starts when nobody says where.
 */
homeDir: string, };

/**
 * Arguments of `session:destroy`.
 */
export type DestroySession = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * End it although other clients are attached.
 */
force?: boolean, };

/**
 * Arguments of `session:detach`.
 */
export type DetachSession = { 
/**
 * Which session.
 */
sessionId: SessionId, };

/**
 * What went wrong, for whoever branches on it. A code exists because some consumer does
 * something of its own with it (an exit code, a toast, a retry).
 */
export type ErrorCode = "max_sessions" | "not_found" | "invalid" | "conflict" | "attached" | "spawn_failed" | "agent_not_found" | "version_mismatch" | "denied" | "unavailable" | "internal" | "unknown";

/**
 * Reply of `session:search`.
 */
export type FoundText = { 
/**
 * What was found, newest first. A line that was printed again and again counts once,
 * where it was printed last.
 */
hits: Array<SearchHit>, 
/**
 * There is more than the limit allows, or than could be read in the time there was.
 */
more: boolean, };

/**
 * Arguments of `daemon:status`.
 */
export type GetDaemonStatus = Record<symbol, never>;

/**
 * Arguments of `pool:status`.
 */
export type GetPoolStatus = Record<symbol, never>;

/**
 * Arguments of `session:screen`.
 */
export type GetScreen = { 
/**
 * Which session.
 */
sessionId: SessionId, };

/**
 * Arguments of `settings:get`.
 */
export type GetSettings = Record<symbol, never>;

/**
 * Arguments of `agent:list`.
 */
export type ListAgents = Record<symbol, never>;

/**
 * Arguments of `session:list`.
 */
export type ListSessions = { 
/**
 * Those too that were closed and whose logs are kept.
 */
all?: boolean, };

/**
 * What is kept of the sessions' output.
 */
export type LogSettings = { 
/**
 * The most that one session's log may take, in MiB, from 1 to 65,536. The oldest goes
 * first.
 */
sessionLimitMib: number, 
/**
 * The most that all logs together may take, in MiB, from 16 to 1,048,576. Sessions that
 * were closed go first, then the oldest parts of the others.
 */
totalLimitMib: number, };

/**
 * Reply of `session:replay`.
 */
export type PastScreen = { 
/**
 * Base64 of escape sequences that bring a fresh terminal of this size to that screen,
 * with its scrollback.
 */
dataB64: string, 
/**
 * The terminal's size then.
 */
cols: number, 
/**
 * The terminal's size then.
 */
rows: number, 
/**
 * When that was: milliseconds since 1970, UTC.
 */
at: number, 
/**
 * The part of the log that is needed to know all of it was not there: it begins later,
 * or bytes were lost. What is shown may differ from what was.
 */
incomplete: boolean, };

/**
 * Shells that are started before they are asked for, so that a pane opens at once.
 */
export type PoolSettings = { 
/**
 * How many shells wait, from 0 to 8. 0 turns the pool off. When nobody has set it the
 * machine decides: 2, from 16 GB and 8 cores on 3, from 32 GB and 12 cores on 4.
 */
initialSize: number, 
/**
 * The most that wait, from `initialSize` to 8: closed shells are replaced up to here.
 * When nobody has set it: 3, then 4, then 6, as above.
 */
maxSize: number, 
/**
 * Panes in the grid, from 1 to 12. Background sessions do not count.
 */
maxActive: number, 
/**
 * Replace a shell that is closed by a fresh one, up to `maxSize`.
 */
recycle: boolean, 
/**
 * How old a waiting shell becomes before another takes its place, in minutes, from 1
 * to 1,440.
 */
maxAgeMinutes: number, 
/**
 * How long after a start the next shell is warmed up, in milliseconds, from 0 to 10,000.
 */
warmupDelayMs: number, 
/**
 * Shells are login shells.
 */
loginShell: boolean, 
/**
 * What the prompt of a shell without integration looks like: a regular expression for
 * the text of its line up to the cursor. Empty for Synk's own.
 */
promptPattern: string, 
/**
 * The least time between two starts that the pool cannot serve, in milliseconds, from 0
 * to 10,000.
 */
staggerMs: number, };

/**
 * The pool of waiting shells: reply of `pool:status`, and the event of that name.
 */
export type PoolStatus = { 
/**
 * Shells that wait to be claimed.
 */
idle: number, 
/**
 * Sessions that run, wherever they were started.
 */
active: number, 
/**
 * All of them, with those that are being started and those that are being ended.
 */
total: number, 
/**
 * Shells that read their start-up files.
 */
warming: number, 
/**
 * What the waiting shells and their shims occupy, as measured: on Linux the share of
 * memory that is theirs, elsewhere what is resident. In bytes.
 */
memoryBytes: number, 
/**
 * What keeps the pool from working as it should, and what to do.
 */
problem: string | null, };

/**
 * Arguments of `session:rename`.
 */
export type RenameSession = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * Its new name.
 */
name: string, };

/**
 * Arguments of `session:replay`.
 */
export type ReplaySession = { 
/**
 * Which session; it may be closed.
 */
sessionId: SessionId, 
/**
 * How far in all that it has put out. Beyond the end means the end.
 */
offset: number, };

/**
 * Arguments of `session:resize`.
 */
export type ResizeSession = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * Columns, 1 to 1000.
 */
cols: number, 
/**
 * Rows, 1 to 1000.
 */
rows: number, };

/**
 * Arguments of `session:restart`.
 */
export type RestartSession = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * Not now, but once nothing runs in it besides its shell or agent, which then waits
 * for input. The answer comes at once; `false` calls it off.
 */
whenIdle?: boolean, };

/**
 * Reply of `session:screen`.
 */
export type Screen = { 
/**
 * One line per row, without the spaces at each end of line and the empty rows below.
 */
text: string, };

/**
 * One line with what was searched for.
 */
export type SearchHit = { 
/**
 * Whose output.
 */
sessionId: SessionId, 
/**
 * The session's name.
 */
name: string, 
/**
 * The session was closed; only its log is left.
 */
closed: boolean, 
/**
 * Where the line ends in all that the session has put out; see `session:replay`.
 */
offset: number, 
/**
 * When it was printed: milliseconds since 1970, UTC.
 */
at: number, 
/**
 * The line before the match; its beginning may be cut.
 */
before: string, 
/**
 * What was found, as it is written there.
 */
found: string, 
/**
 * The line after the match; its end may be cut.
 */
after: string, };

/**
 * Arguments of `session:search`.
 */
export type SearchSessions = { 
/**
 * What to find within one line, as text.
 */
text: string, 
/**
 * Only in this session.
 */
sessionId?: SessionId, 
/**
 * Tell capital letters from small ones. By default only a text with a capital does.
 */
matchCase?: boolean, 
/**
 * The most hits to answer with; 200 by default and at the most 1,000.
 */
limit?: number, };

/**
 * A session's program ended.
 */
export type SessionExit = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * The exit code, or 128 + the signal; -1 when the shim was lost and nobody knows.
 */
exitCode: number, };

/**
 * Names a session for as long as its folder exists. Never used twice.
 */
export type SessionId = number;

/**
 * A session in `session:list` and `session:changed`.
 */
export type SessionInfo = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * Its place in the grid, from 0; `null` for a background session.
 */
paneIndex: number | null, 
/**
 * Shown in headers and lists, unique among sessions.
 */
name: string, 
/**
 * What it runs.
 */
agentType: AgentType, 
/**
 * The project that it belongs to.
 */
projectPath: string, 
/**
 * Where the program was started.
 */
workingDir: string, 
/**
 * The branch checked out there; `null` outside a repository.
 */
branch: string | null, 
/**
 * The program and its arguments; empty for the user's login shell.
 */
command: Array<string>, 
/**
 * The program's process, while it runs.
 */
pid: number | null, 
/**
 * The terminal's size.
 */
cols: number, 
/**
 * The terminal's size.
 */
rows: number, 
/**
 * Where it is in its life.
 */
state: SessionState, 
/**
 * How the program ended: its exit code, or 128 + the signal that killed it.
 */
exitCode: number | null, 
/**
 * Connections that watch its screen.
 */
attachedClients: number, 
/**
 * Milliseconds since 1970, UTC; so for all times below.
 */
createdAt: number, 
/**
 * The shim's process; another one after the session was lost.
 */
shimPid: number, 
/**
 * The folder that the program is in now, where that is known.
 */
currentDir: string | null, 
/**
 * When somebody last watched its screen.
 */
lastAttachedAt: number | null, 
/**
 * When the program ended or was lost.
 */
endedAt: number | null, 
/**
 * When the session was destroyed; only its log is left.
 */
closedAt: number | null, 
/**
 * What the agent calls its conversation, by which it is resumed after a loss.
 */
resumeId: string | null, 
/**
 * Variables that the session was created with and that would not be set if it were run
 * again, because their values are kept nowhere.
 */
missingEnv: Array<string>, 
/**
 * The version of Synk whose shim holds this session, when this version cannot talk to
 * it. The session runs on; only its end can be asked for, and `session:restart` moves
 * it to this version.
 */
incompatible: string | null, 
/**
 * It will be restarted once it is idle.
 */
restartsWhenIdle: boolean, };

/**
 * Terminal output of an attached session.
 */
export type SessionOutput = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * Base64 of raw terminal bytes. A character may be cut in two between events.
 */
dataB64: string, 
/**
 * Acknowledge this with `session:ack` once the bytes are parsed. The end of these bytes
 * in all the session has put out.
 */
offset: number, 
/**
 * These bytes belong to a snapshot, which replaces all that was on the screen.
 */
snapshot: boolean, };

/**
 * How sessions behave.
 */
export type SessionSettings = { 
/**
 * Run the sessions that were lost, to a reboot for example, again by themselves. By
 * default each waits for Enter.
 */
runLost: boolean, };

/**
 * Where a session is in its life. `starting → running → exited`, and from `exited` back to
 * `running` by a restart. `running → lost` when its shim or the machine goes down, and from
 * `lost` to `running` by a restart.
 */
export type SessionState = "starting" | "running" | "exited" | "lost";

/**
 * The sessions as they are now.
 */
export type SessionsChanged = { 
/**
 * All of them, by id.
 */
sessions: Array<SessionInfo>, };

/**
 * Arguments of `settings:set`.
 */
export type SetSettings = { 
/**
 * The settings to change, in the shape of [`SynkSettings`], with only those named that
 * change.
 */
settings: { [Group in keyof SynkSettings]?: Partial<SynkSettings[Group]> }, };

/**
 * Arguments of `session:show`.
 */
export type ShowSession = { 
/**
 * Which session.
 */
sessionId: SessionId, };

/**
 * Reply of `session:show`.
 */
export type ShownSession = { 
/**
 * Its place in the grid.
 */
paneIndex: number, };

/**
 * Arguments of `daemon:stop`.
 */
export type StopDaemon = { 
/**
 * End every session first.
 */
all?: boolean, };

/**
 * Reply of `daemon:stop`.
 */
export type StoppedDaemon = { 
/**
 * Sessions that go on without a daemon.
 */
kept: number, 
/**
 * Sessions that were ended.
 */
ended: number, };

/**
 * Reply of commands that only work or fail. `success` is always true: a failure is an
 * error with a code and a message.
 */
export type Success = { 
/**
 * Always true.
 */
success: boolean, };

/**
 * Every setting.
 */
export type SynkSettings = { 
/**
 * What is kept of the sessions' output.
 */
logs: LogSettings, 
/**
 * How sessions behave.
 */
sessions: SessionSettings, 
/**
 * Shells that are started before they are asked for.
 */
pool: PoolSettings, };

/**
 * The colours of a terminal.
 */
export type TerminalPalette = { 
/**
 * Text without a colour of its own.
 */
foreground: [number, number, number], 
/**
 * Cells without a colour of their own.
 */
background: [number, number, number], 
/**
 * The cursor.
 */
cursor: [number, number, number], 
/**
 * The sixteen named colours: eight normal, then eight bright.
 */
ansi: [[number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number], [number, number, number]], };

/**
 * An error on the wire.
 */
export type WireError = { 
/**
 * For programs.
 */
code: ErrorCode, 
/**
 * For people: what happened and what to do.
 */
message: string, };

/**
 * Arguments of `session:write`.
 */
export type WriteSession = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * What to write, as typed: Enter is `\r`.
 */
data: string, 
/**
 * Each character of `data` is one byte (U+0000 to U+00FF) rather than text. Terminals
 * report some mouse positions so.
 */
binary?: boolean, };

/** Every command: what it takes and what it answers. */
export interface Commands {
  'session:create': { args: CreateSession; reply: CreatedSession };
  'session:destroy': { args: DestroySession; reply: Success };
  'session:write': { args: WriteSession; reply: null };
  'session:resize': { args: ResizeSession; reply: null };
  'session:list': { args: ListSessions; reply: Array<SessionInfo> };
  'session:rename': { args: RenameSession; reply: Success };
  'session:restart': { args: RestartSession; reply: Success };
  'session:show': { args: ShowSession; reply: ShownSession };
  'session:screen': { args: GetScreen; reply: Screen };
  'session:search': { args: SearchSessions; reply: FoundText };
  'session:replay': { args: ReplaySession; reply: PastScreen };
  'session:clean': { args: CleanSessions; reply: CleanedSessions };
  'settings:get': { args: GetSettings; reply: SynkSettings };
  'settings:set': { args: SetSettings; reply: Success };
  'pool:status': { args: GetPoolStatus; reply: PoolStatus };
  'agent:list': { args: ListAgents; reply: Array<AgentInfo> };
  'daemon:status': { args: GetDaemonStatus; reply: DaemonStatus };
  'daemon:stop': { args: StopDaemon; reply: StoppedDaemon };
  'session:attach': { args: AttachSession; reply: null };
  'session:detach': { args: DetachSession; reply: null };
  'session:ack': { args: Acknowledge; reply: null };
}

/** Every event and its payload. */
export interface Events {
  'session:output': SessionOutput;
  'session:exit': SessionExit;
  'session:changed': SessionsChanged;
  'pool:status': PoolStatus;
  'daemon:connection': DaemonConnection;
  'app:error': AppError;
}

/** Panes in one grid. */
export const MAX_PANES = 12;
