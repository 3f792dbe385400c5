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
 * What it says its version is; absent until it was asked, and for a shell.
 */
version: string | null, 
/**
 * How to install it, as one shell command; absent where that is not known.
 */
install: string | null, };

/**
 * Which agents there are, and how they are started.
 */
export type AgentSettings = { 
/**
 * Pass hooks to agents at their start, by which they tell what they do. The agents' own
 * configuration is not touched.
 */
hooks: boolean, 
/**
 * Arguments for each start of an agent that Synk knows, by its name on the wire, such as
 * `claude_code = ["--model", "opus"]`: at most 64 of 4,096 bytes together.
 */
arguments: { [key in string]: Array<string> }, 
/**
 * Agents that Synk does not know, by the name that `session:create` takes: 1 to 32
 * lower-case letters, digits, `-` and `_`.
 */
custom: { [key in string]: CustomAgent }, };

/**
 * What a session runs. The first four names are those of the contract; every other name is
 * that of an agent from the settings.
 */
export type AgentType = "claude_code" | "gemini_cli" | "codex" | "terminal" | (string & {});

/**
 * The agents as they are known now.
 */
export type AgentsChanged = { 
/**
 * All of them, as `agent:list` answers.
 */
agents: Array<AgentInfo>, };

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
 * How the window and its terminals look.
 */
export type AppearanceSettings = { 
/**
 * The colours of the window.
 */
theme: Theme, 
/**
 * The colours of the terminals: a name in `palettes`. Empty for those of the theme.
 */
palette: string, 
/**
 * Palettes by name, of 1 to 64 characters; at most 500.
 */
palettes: { [key in string]: Palette }, 
/**
 * The terminals' font; empty for the one that ships with Synk.
 */
fontFamily: string, 
/**
 * Its size, in pixels, from 6 to 40.
 */
fontSize: number, 
/**
 * The height of a line, in percent of the font's, from 100 to 200.
 */
lineHeight: number, 
/**
 * The terminals' cursor, where a program has not chosen another.
 */
cursor: CursorShape, 
/**
 * It blinks.
 */
cursorBlink: boolean, 
/**
 * How many lines above the screen a terminal keeps, from 100 to 50,000. What is older is
 * in the log. For sessions that are started from then on.
 */
scrollback: number, 
/**
 * The size of everything in the window, in percent, from 50 to 200.
 */
zoom: number, 
/**
 * Nothing moves: no fades, no pulse.
 */
reduceMotion: ReduceMotion, };

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
 * What the bell does in a terminal.
 */
export type Bell = "visual" | "sound" | "off";

/**
 * Arguments of `workspace:change`. What is not named stays.
 */
export type ChangeWorkspace = { 
/**
 * Which workspace.
 */
workspaceId: WorkspaceId, 
/**
 * Another name: 1 to 64 characters, none of them a control character.
 */
name?: string, 
/**
 * Its place among the tabs, from 0.
 */
position?: number, 
/**
 * See [`crate::WorkspaceInfo`]; empty for equal ones.
 */
columnShares?: Array<number>, 
/**
 * See [`crate::WorkspaceInfo`]; empty for equal ones.
 */
rowShares?: Array<number>, 
/**
 * The session whose pane has the focus.
 */
focused?: SessionId, 
/**
 * That pane fills the grid.
 */
zoomed?: boolean, };

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
 * What happens to sessions that run when the window is closed.
 */
export type Closing = "ask" | "keep" | "save_and_stop" | "stop";

/**
 * Arguments of `git:commit`.
 */
export type CommitChanges = { 
/**
 * In whose worktree.
 */
sessionId: SessionId, 
/**
 * The message.
 */
message: string, 
/**
 * Only these files; all by default.
 */
paths?: Array<string>, };

/**
 * Reply of `git:commit`.
 */
export type Committed = { 
/**
 * The commit.
 */
commit: string, };

/**
 * Whether this client has its daemon.
 */
export type ConnectionState = "connecting" | "connected";

/**
 * What was used in some time.
 */
export type Cost = { 
/**
 * All of it.
 */
tokens: TokenCounts, 
/**
 * What it costs by the price table, in billionths of a US dollar, so that sums are exact.
 * Absent when no model in it has a price.
 */
nanodollars: number | null, 
/**
 * Tokens of models without a price: they are not in `nanodollars`.
 */
unpricedTokens: number, };

/**
 * What a session has used so far.
 */
export type CostAccumulator = { 
/**
 * All of it.
 */
cost: Cost, 
/**
 * The models that were used, the last one last.
 */
models: Array<string>, 
/**
 * Where this is known from.
 */
source: CostSource, 
/**
 * When the last of it was used: milliseconds since 1970, UTC.
 */
at: number, };

/**
 * Reply of `cost:list`.
 */
export type CostList = { 
/**
 * By day, the newest first.
 */
rows: Array<CostRow>, 
/**
 * The sum of today's rows, whatever was asked for.
 */
today: Cost, 
/**
 * The day of the price table that ships with Synk.
 */
pricesOf: string, };

/**
 * What one agent used in one project with one model on one day: an answer of `cost:list`.
 */
export type CostRow = { 
/**
 * `2026-11-26`, in this machine's time zone.
 */
day: string, 
/**
 * Which agent.
 */
agentType: AgentType, 
/**
 * The project's folder.
 */
projectPath: string, 
/**
 * Which model, as the agent names it.
 */
model: string, 
/**
 * What it used.
 */
cost: Cost, };

/**
 * Where a session's cost is known from.
 */
export type CostSource = "transcript" | "screen";

/**
 * A session used something: the payload of `cost:updated`.
 */
export type CostUpdated = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * Since the last such event.
 */
delta: Cost, 
/**
 * In all.
 */
cumulative: CostAccumulator, };

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
 * The branch to work on. Unless the working folder has it checked out, the session gets a
 * worktree with it, made if need be; and `workingDir` is where in it.
 */
branch?: string, 
/**
 * Where a new branch begins; by default what is checked out in the project.
 */
baseBranch?: string, 
/**
 * See `git:create_worktree`.
 */
setUp?: boolean, 
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
 * The workspace whose grid gives it a pane; the first one by default.
 */
workspaceId?: WorkspaceId, 
/**
 * The terminal's first size; 80 × 24 by default.
 */
cols?: number, 
/**
 * The terminal's first size.
 */
rows?: number, };

/**
 * Arguments of `workspace:create`.
 */
export type CreateWorkspace = { 
/**
 * Its name; by default "Workspace" and the first number that is free.
 */
name?: string, };

/**
 * Arguments of `git:create_worktree`.
 */
export type CreateWorktree = { 
/**
 * A session of the repository.
 */
sessionId?: SessionId, 
/**
 * A folder of the repository, absolute.
 */
projectPath?: string, 
/**
 * The branch to check out, which is made if there is none.
 */
branch: string, 
/**
 * Where a new branch begins; by default what is checked out in the project.
 */
baseBranch?: string, 
/**
 * Run what the project's `synk.toml` wants in a new worktree, now and from now on; `false`
 * leaves it. Without a word it is run if that was agreed to before.
 */
setUp?: boolean, };

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
 * Reply of `git:create_worktree`.
 */
export type CreatedWorktree = { 
/**
 * Its folder.
 */
worktreePath: string, 
/**
 * The branch there.
 */
branch: string, 
/**
 * It was there already.
 */
reused: boolean, 
/**
 * What it lacks, a sentence each: it is usable all the same.
 */
problems: Array<string>, };

/**
 * The shape of a cursor.
 */
export type CursorShape = "block" | "bar" | "underline";

/**
 * An agent that Synk does not know, as data.
 */
export type CustomAgent = { 
/**
 * What people call it; by default its name.
 */
label: string, 
/**
 * The program: looked up in the login environment's `PATH`, or an absolute path.
 */
command: string, 
/**
 * Its arguments.
 */
args: Array<string>, 
/**
 * Its arguments when it is to say its version; nothing asks it when there are none.
 */
versionArgs: Array<string>, 
/**
 * How to install it, as one shell command.
 */
install: string, 
/**
 * What says that it is ready for a prompt.
 */
readyWhen: ReadyWhen, 
/**
 * Regular expressions for its terminal's title while it works, waits for a person and is
 * ready. Empty ones are not looked for.
 */
workingTitle: string, 
/**
 * See `workingTitle`.
 */
waitingTitle: string, 
/**
 * See `workingTitle`.
 */
idleTitle: string, };

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
 * Arguments of `persistence:delete_saved`.
 */
export type DeleteSaved = { 
/**
 * The layout's file: an absolute path.
 */
path: string, };

/**
 * Arguments of `workspace:delete`.
 */
export type DeleteWorkspace = { 
/**
 * Which workspace. Refused with `conflict` while sessions have panes in it, and for the
 * only one that there is.
 */
workspaceId: WorkspaceId, };

/**
 * Arguments of `git:delete_worktree`.
 */
export type DeleteWorktree = { 
/**
 * A session that works, or worked, in it.
 */
sessionId?: SessionId, 
/**
 * Its folder, absolute.
 */
path?: string, 
/**
 * Delete its branch as well.
 */
deleteBranch?: boolean, };

/**
 * Reply of `git:delete_worktree`.
 */
export type DeletedWorktree = { 
/**
 * Always true.
 */
success: boolean, 
/**
 * What went wrong on the way, a sentence each: the worktree is gone all the same.
 */
problems: Array<string>, 
/**
 * What brings it back; see `git:restore`. `null` when its folder was gone already.
 */
trashId: string | null, 
/**
 * Files that git ignores and that are gone for good, at the most 100 of them: what a
 * build makes, for example.
 */
notKept: Array<string>, };

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
 * A run of lines that differ, with a few around them.
 */
export type DiffHunk = { 
/**
 * The first line before, from 1; 0 when there is none.
 */
oldStart: number, 
/**
 * Lines before.
 */
oldLines: number, 
/**
 * The first line now, from 1; 0 when there is none.
 */
newStart: number, 
/**
 * Lines now.
 */
newLines: number, 
/**
 * What git writes after the second `@@`: the function that it is in.
 */
heading: string, 
/**
 * The lines.
 */
lines: Array<DiffLine>, };

/**
 * One line of a difference.
 */
export type DiffLine = { 
/**
 * Where it is from.
 */
change: LineChange, 
/**
 * Its text, without the end of line.
 */
text: string, 
/**
 * It has no end of line: the file ends here.
 */
unterminated: boolean, };

/**
 * Arguments of `git:discard`.
 */
export type DiscardChanges = { 
/**
 * In whose worktree.
 */
sessionId: SessionId, 
/**
 * Only these files; all that is in no commit by default.
 */
paths?: Array<string>, };

/**
 * Reply of `git:discard`.
 */
export type Discarded = { 
/**
 * What brings it back; see `git:restore`.
 */
trashId: string, };

/**
 * Arguments of `dispatch:edit`.
 */
export type EditQueued = { 
/**
 * A prompt that waits.
 */
promptId: number, 
/**
 * What it is to say. Absent: it is taken out of the queue.
 */
text?: string, };

/**
 * Reply of `git:empty_trash`.
 */
export type EmptiedTrash = { 
/**
 * How many cannot be had back any more.
 */
removed: number, };

/**
 * Arguments of `git:empty_trash`.
 */
export type EmptyTrash = { 
/**
 * Only this one.
 */
id?: string, 
/**
 * Only what was removed longer ago, in seconds.
 */
olderThanSeconds?: number, 
/**
 * Only of this project.
 */
projectPath?: string, };

/**
 * What went wrong, for whoever branches on it. A code exists because some consumer does
 * something of its own with it (an exit code, a toast, a retry).
 */
export type ErrorCode = "max_sessions" | "not_found" | "invalid" | "conflict" | "attached" | "dirty_worktree" | "checked_out" | "untrusted" | "spawn_failed" | "agent_not_found" | "version_mismatch" | "denied" | "unavailable" | "internal" | "unknown";

/**
 * A pane of a saved layout that could not be brought back.
 */
export type FailedPane = { 
/**
 * The session's name.
 */
name: string, 
/**
 * The workspace that it was in.
 */
workspace: string, 
/**
 * Why, and what to do.
 */
message: string, };

/**
 * What became of a file.
 */
export type FileChange = "added" | "deleted" | "modified" | "renamed" | "type_changed" | "conflicted";

/**
 * A file that differs.
 */
export type FileDiff = { 
/**
 * Its path, the new one of two.
 */
path: string, 
/**
 * Its old path, when it was renamed.
 */
oldPath: string | null, 
/**
 * What became of it.
 */
change: FileChange, 
/**
 * Its mode before, as git writes it in octal: `100644`, `100755`, `120000`, `160000`;
 * `null` when it was not there.
 */
oldMode: string | null, 
/**
 * Its mode now.
 */
newMode: string | null, 
/**
 * Lines that are new.
 */
additions: number, 
/**
 * Lines that are gone.
 */
deletions: number, 
/**
 * It is not text, so there are no lines.
 */
binary: boolean, 
/**
 * It is larger than what is compared line by line (`null` lines: see `hunks`).
 */
tooLarge: boolean, 
/**
 * Its bytes before.
 */
oldBytes: number, 
/**
 * Its bytes now.
 */
newBytes: number, 
/**
 * What differs, when it was asked for and is text.
 */
hunks: Array<DiffHunk> | null, };

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
 * There is more than the limit allows, or may be, since not all could be read or not in time.
 */
more: boolean, };

/**
 * Closing the window, and what is saved by itself.
 */
export type GeneralSettings = { 
/**
 * What happens to sessions that run when the window is closed.
 */
closing: Closing, 
/**
 * Save the layout by itself, for after a crash.
 */
autoSave: boolean, 
/**
 * How often it is saved while something changes, in seconds, from 5 to 3,600.
 */
autoSaveSeconds: number, };

/**
 * Arguments of `daemon:status`.
 */
export type GetDaemonStatus = Record<symbol, never>;

/**
 * Arguments of `git:diff`.
 */
export type GetDiff = { 
/**
 * A session of the repository.
 */
sessionId?: SessionId, 
/**
 * A folder of the repository, absolute.
 */
projectPath?: string, 
/**
 * What is looked at. Without it: the session's worktree as it is, with what is in no
 * commit.
 */
branch?: string, 
/**
 * What it is compared with, from where the two parted. By default the worktree's base.
 */
baseBranch?: string, 
/**
 * Only these files, by their new paths.
 */
paths?: Array<string>, 
/**
 * Answer with lines.
 */
lines?: boolean, };

/**
 * Arguments of `git:status`.
 */
export type GetGitStatus = { 
/**
 * Which session.
 */
sessionId: SessionId, };

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
 * Arguments of `session:status`.
 */
export type GetStatus = { 
/**
 * Which session.
 */
sessionId: SessionId, };

/**
 * Something that happened in a session's repository.
 */
export type GitEvent = { 
/**
 * What it was.
 */
type: GitEventKind, 
/**
 * The session in whose worktree it was, or one of the repository.
 */
sessionId: SessionId, 
/**
 * On which branch.
 */
branch: string, 
/**
 * The commit's subject, or the files in conflict.
 */
details: string, 
/**
 * When: RFC 3339, UTC.
 */
timestamp: string, };

/**
 * What happened in a repository.
 */
export type GitEventKind = "commit" | "branch_created" | "branch_deleted" | "merge" | "conflict";

/**
 * How a session's repository is.
 */
export type GitStatus = { 
/**
 * The top of the session's own worktree or checkout, absolute.
 */
path: string, 
/**
 * The branch there; `null` when none is checked out.
 */
branch: string | null, 
/**
 * The commit there; `null` before the first.
 */
head: string | null, 
/**
 * What its changes are compared with; `null` where that is not known.
 */
baseBranch: string | null, 
/**
 * Commits that the base does not have.
 */
ahead: number, 
/**
 * Commits of the base that are not here.
 */
behind: number, 
/**
 * Files that differ from the last commit and are in the index so.
 */
staged: number, 
/**
 * Files that differ from the index.
 */
changed: number, 
/**
 * Files that git does not know.
 */
untracked: number, 
/**
 * Files in conflict.
 */
conflicted: number, 
/**
 * All of these, each file once.
 */
uncommitted: number, };

/**
 * Arguments of `settings:import_palette`.
 */
export type ImportPalette = { 
/**
 * A theme file of Ghostty, Alacritty (TOML) or iTerm2 (`.itermcolors`): an absolute path.
 */
path: string, };

/**
 * Reply of `settings:import_palette`.
 */
export type ImportedPalette = { 
/**
 * What it is called in `appearance.palettes`: the file's name without its ending. One of
 * that name is replaced. It is not chosen by that.
 */
name: string, };

/**
 * Which keys do what.
 */
export type KeyboardSettings = { 
/**
 * Keys by action, such as `"pane.zoom" = ["Ctrl+Shift+Z"]`: Ctrl, Alt, Shift and Meta, each
 * once, and then one key; at most four of 64 characters each; none for an action without
 * keys. Actions that are not named keep their own. At most 500.
 */
bindings: { [key in string]: Array<string> }, };

/**
 * Where a line is from.
 */
export type LineChange = "context" | "added" | "deleted";

/**
 * Arguments of `git:activity`.
 */
export type ListActivity = { 
/**
 * Only what happened after that: RFC 3339. By default the last day.
 */
since?: string, };

/**
 * Arguments of `agent:list`.
 */
export type ListAgents = Record<symbol, never>;

/**
 * Arguments of `git:branches`.
 */
export type ListBranches = { 
/**
 * A session of the repository.
 */
sessionId?: SessionId, 
/**
 * A folder of the repository, absolute.
 */
projectPath?: string, };

/**
 * Arguments of `cost:list`.
 */
export type ListCosts = { 
/**
 * From this day on, `2026-11-26` in this machine's time zone; the last 30 days by default.
 */
since?: string, 
/**
 * Up to and with this day; today by default.
 */
until?: string, };

/**
 * Arguments of `dispatch:queue`.
 */
export type ListQueue = { 
/**
 * Which session.
 */
sessionId: SessionId, };

/**
 * Arguments of `persistence:list_saved`.
 */
export type ListSaved = Record<symbol, never>;

/**
 * Arguments of `session:list`.
 */
export type ListSessions = { 
/**
 * Those too that were closed and whose logs are kept.
 */
all?: boolean, };

/**
 * Arguments of `git:trash`.
 */
export type ListTrash = { 
/**
 * A session of the repository.
 */
sessionId?: SessionId, 
/**
 * A folder of the repository; without it and without a session, what was removed in all
 * that Synk has worktrees of.
 */
projectPath?: string, };

/**
 * Arguments of `workspace:list`.
 */
export type ListWorkspaces = Record<symbol, never>;

/**
 * Arguments of `git:worktrees`.
 */
export type ListWorktrees = { 
/**
 * A session of the repository.
 */
sessionId?: SessionId, 
/**
 * A folder of the repository; without it and without a session, those of all.
 */
projectPath?: string, };

/**
 * Arguments of `persistence:load_session`.
 */
export type LoadSession = { 
/**
 * The layout's file: an absolute path.
 */
path: string, };

/**
 * Reply of `persistence:load_session`.
 */
export type LoadedSession = { 
/**
 * The sessions that are in their panes now: those that still ran and those that were
 * started.
 */
sessionCount: number, 
/**
 * Those of them that were started.
 */
started: number, 
/**
 * What could not be brought back, and why.
 */
failed: Array<FailedPane>, };

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
totalLimitMib: number, 
/**
 * How long the log of a session that was closed is kept, in days, from 0 to 3,650; 0 for
 * as long as the limits allow.
 */
closedDays: number, };

/**
 * Arguments of `session:seen`.
 */
export type MarkSeen = { 
/**
 * Sessions that a person looks at now. What is `done` there becomes `idle`.
 */
sessionIds: Array<SessionId>, };

/**
 * Arguments of `git:merge`.
 */
export type MergeBranch = { 
/**
 * A session of the repository.
 */
sessionId?: SessionId, 
/**
 * A folder of the repository, absolute.
 */
projectPath?: string, 
/**
 * What is brought in.
 */
branch: string, 
/**
 * Where to.
 */
baseBranch: string, 
/**
 * How.
 */
strategy: MergeStrategy, 
/**
 * The message of the commit that it makes; git's own by default.
 */
message?: string, 
/**
 * The base may be checked out somewhere, and the files there may be brought along.
 */
updateCheckout?: boolean, };

/**
 * Reply of `git:merge`.
 */
export type MergeResult = { 
/**
 * It was merged. Otherwise everything is as before.
 */
success: boolean, 
/**
 * The files in conflict, when that is why it was not.
 */
conflictFiles?: Array<string>, 
/**
 * The commit that the base is at now.
 */
commit: string, };

/**
 * How a branch is brought into another.
 */
export type MergeStrategy = "merge" | "squash" | "rebase";

/**
 * What one model costs, in US dollars for a million tokens, as decimal numbers in text:
 * `"2.50"`, so that sums are exact.
 */
export type ModelPrice = { 
/**
 * Input at full price.
 */
input: string, 
/**
 * Output.
 */
output: string, 
/**
 * Input from a cache; as `input` when empty.
 */
cacheRead: string, 
/**
 * Input into a cache; as `input` when empty.
 */
cacheWrite: string, };

/**
 * Arguments of `session:move`.
 */
export type MoveSession = { 
/**
 * Which session; it has a pane.
 */
sessionId: SessionId, 
/**
 * Where to: its own workspace or another one.
 */
workspaceId: WorkspaceId, 
/**
 * The pane there, from 0. Who has it changes places with this session; in another
 * workspace's full grid too. By default the first that is free.
 */
paneIndex?: number, };

/**
 * What is told on the desktop, about panes that nobody looks at.
 */
export type NotificationSettings = { 
/**
 * An agent waits for a person.
 */
waiting: boolean, 
/**
 * An agent has finished.
 */
done: boolean, };

/**
 * Two sessions that change the same files of one repository.
 */
export type Overlap = { 
/**
 * The two, the smaller id first.
 */
sessions: [SessionId, SessionId], 
/**
 * The files that both change.
 */
files: Array<OverlapFile>, };

/**
 * A file that two sessions change.
 */
export type OverlapFile = { 
/**
 * Its path.
 */
path: string, 
/**
 * Both cannot be had: a merge of the two would be in conflict here.
 */
conflicts: boolean, };

/**
 * Which sessions change the same files, as far as that is known now.
 */
export type OverlapsChanged = { 
/**
 * Every pair that does.
 */
overlaps: Array<Overlap>, };

/**
 * The colours of a terminal, each as `#rrggbb`.
 */
export type Palette = { 
/**
 * Behind the text.
 */
background: string, 
/**
 * The text.
 */
foreground: string, 
/**
 * The cursor; as `foreground` when empty.
 */
cursor: string, 
/**
 * Behind what is selected; made from the others when empty.
 */
selection: string, 
/**
 * The sixteen colours of the terminal: black, red, green, yellow, blue, magenta, cyan,
 * white, and the bright ones in the same order.
 */
colors: Array<string>, };

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
 * What models cost, on top of the table that ships with Synk.
 */
export type PriceSettings = { 
/**
 * By the model's name, as the agent's transcript has it.
 */
models: { [key in string]: ModelPrice }, };

/**
 * What a project runs in its worktrees, as commands for `sh`: the `worktree` table of the
 * `synk.toml` in its top folder.
 */
export type ProjectScripts = { 
/**
 * In a new one, before anybody works there; nothing when empty.
 */
setup: string, 
/**
 * In one that is to be removed; nothing when empty.
 */
teardown: string, };

/**
 * A prompt that waits for its session.
 */
export type QueuedPrompt = { 
/**
 * Which one.
 */
promptId: number, 
/**
 * For whom.
 */
sessionId: SessionId, 
/**
 * What it says.
 */
text: string, 
/**
 * Enter will be pressed after it.
 */
submit: boolean, 
/**
 * When it was queued: milliseconds since 1970, UTC.
 */
at: number, 
/**
 * It may have been typed already, when the daemon went down. It stays until it is edited
 * or taken out.
 */
held: boolean, };

/**
 * What says that an agent is ready for a prompt.
 */
export type ReadyWhen = "reported" | "paste" | "silent";

/**
 * What became of one prompt in one session: an answer of `dispatch:send`, and the payload of
 * `dispatch:receipt`.
 */
export type Receipt = { 
/**
 * Names the prompt in this session. Never used twice.
 */
promptId: number, 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * What became of it.
 */
state: ReceiptState, 
/**
 * Why, for people, when it went no further.
 */
reason: string | null, 
/**
 * Since when: milliseconds since 1970, UTC.
 */
at: number, };

/**
 * What became of a prompt, so far.
 */
export type ReceiptState = "queued" | "sent" | "accepted" | "working" | "blocked" | "not_ready" | "exited" | "draft" | "timeout" | "unconfirmed" | "refused" | "withdrawn";

/**
 * Whether motion is left out.
 */
export type ReduceMotion = "system" | "always" | "never";

/**
 * Arguments of `persistence:rename_saved`.
 */
export type RenameSaved = { 
/**
 * The layout's file: an absolute path.
 */
path: string, 
/**
 * Its new name. One that another has is a `conflict`.
 */
name: string, };

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
 * What draws the terminals.
 */
export type Renderer = "auto" | "webgl" | "dom";

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
 * Arguments of `git:restore`.
 */
export type RestoreTrash = { 
/**
 * Which; see `git:trash`.
 */
id: string, };

/**
 * Reply of `git:restore`.
 */
export type RestoredWorktree = { 
/**
 * Its folder.
 */
worktreePath: string, 
/**
 * The branch there; `null` when none is checked out.
 */
branch: string | null, };

/**
 * Arguments of `persistence:save_session`.
 */
export type SaveSession = { 
/**
 * What to call it: 1 to 64 characters, none of them a slash or a control character, no
 * dot in front. By default the day and the time.
 */
name?: string, 
/**
 * Take the place of the one that is called so; without it that is a `conflict`.
 */
replace?: boolean, 
/**
 * Keep the values of the environment variables that the sessions were created with, as
 * far as they are known; without it only their names.
 */
envValues?: boolean, };

/**
 * Reply of `persistence:save_session` and `persistence:rename_saved`.
 */
export type SavedPath = { 
/**
 * The layout's file, absolute.
 */
savedPath: string, };

/**
 * A saved layout.
 */
export type SavedSession = { 
/**
 * What it is called.
 */
name: string, 
/**
 * Its file, absolute.
 */
path: string, 
/**
 * When: milliseconds since 1970, UTC.
 */
savedAt: number, 
/**
 * Saved by itself, for after a crash (`general.autoSave`).
 */
automatic: boolean, 
/**
 * The agents of its panes, in the order of the panes.
 */
agents: Array<AgentType>, 
/**
 * The folders of their projects, each once.
 */
projects: Array<string>, 
/**
 * How many workspaces it has.
 */
workspaces: number, 
/**
 * Why it cannot be restored: it is damaged, or of a later version.
 */
problem: string | null, };

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
 * Arguments of `dispatch:send`.
 */
export type SendPrompt = { 
/**
 * To whom. Each session once.
 */
sessionIds: Array<SessionId>, 
/**
 * 1 byte to 1 MiB of text. Of control characters only tab and line feed: what a terminal
 * could not pass on exactly is refused.
 */
text: string, 
/**
 * Press Enter after it; so by default.
 */
submit?: boolean, 
/**
 * What cannot go now waits in the session's queue and goes when the session is idle.
 */
queue?: boolean, 
/**
 * Several lines are to run as commands in a shell.
 */
confirmed?: boolean, };

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
 * The workspace of that grid; for a background session the one that it was in last.
 */
workspaceId: WorkspaceId, 
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
 * The worktree that Synk made for it: its folder.
 */
worktree: string | null, 
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
restartsWhenIdle: boolean, 
/**
 * What its program does.
 */
status: SessionStatus, 
/**
 * Prompts that wait for it.
 */
queuedPrompts: number, 
/**
 * What its agent has used; absent until that is known.
 */
cost: CostAccumulator | null, };

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
 * A session's status.
 */
export type SessionStatus = { 
/**
 * What it does.
 */
state: StatusState, 
/**
 * What it waits for, when it waits and that is known.
 */
waitingFor: WaitingFor | null, 
/**
 * Where this is known from.
 */
source: StatusSource, 
/**
 * Since when it is so: milliseconds since 1970, UTC.
 */
since: number, 
/**
 * What the program says of it: plain text, without control characters, of at most
 * [`MAX_STATUS_MESSAGE_CHARS`].
 */
message: string | null, };

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
 * change. A map is replaced as a whole. Who asks is sent `settings:changed` before the
 * answer.
 */
settings: { [Group in keyof SynkSettings]?: Partial<SynkSettings[Group]> }, };

/**
 * The settings as they are now.
 */
export type SettingsChanged = { 
/**
 * All of them; the last good ones when their file is wrong.
 */
settings: SynkSettings, 
/**
 * What is wrong with the file, and in which line.
 */
problem: string | null, };

/**
 * Arguments of `session:show`.
 */
export type ShowSession = { 
/**
 * Which session.
 */
sessionId: SessionId, 
/**
 * The workspace whose grid gives it a pane; by default the one that it was in last.
 */
workspaceId?: WorkspaceId, };

/**
 * Arguments of `workspace:show`: what the window shows, so that it can be saved and a later
 * window begins there.
 */
export type ShowWorkspace = { 
/**
 * The workspace on show.
 */
workspaceId: WorkspaceId, 
/**
 * The window's size.
 */
window?: WindowSize, };

/**
 * Reply of `session:show`.
 */
export type ShownSession = { 
/**
 * Its place in the grid.
 */
paneIndex: number, };

/**
 * What one source says.
 */
export type StatusEvidence = { 
/**
 * Which source.
 */
source: StatusSource, 
/**
 * What it says, where it says anything.
 */
state: StatusState | null, 
/**
 * What it says of waiting.
 */
waitingFor: WaitingFor | null, 
/**
 * What was seen, for people: plain text.
 */
seen: string, 
/**
 * When: milliseconds since 1970, UTC.
 */
at: number | null, 
/**
 * The status was taken from here.
 */
decides: boolean, };

/**
 * Reply of `session:status`: the status, and all that was weighed for it.
 */
export type StatusReport = { 
/**
 * What came of it.
 */
status: SessionStatus, 
/**
 * What each source says, the most trusted first.
 */
evidence: Array<StatusEvidence>, };

/**
 * Where knowledge of a status comes from, the most trusted first.
 */
export type StatusSource = "session" | "program" | "hook" | "file" | "title" | "shell" | "process" | "silence";

/**
 * What a session's program does.
 */
export type StatusState = "starting" | "working" | "waiting" | "done" | "idle" | "exited" | "unknown";

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
 * Closing the window, and what is saved by itself.
 */
general: GeneralSettings, 
/**
 * How the window and its terminals look.
 */
appearance: AppearanceSettings, 
/**
 * How terminals behave.
 */
terminal: TerminalSettings, 
/**
 * Which keys do what.
 */
keyboard: KeyboardSettings, 
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
pool: PoolSettings, 
/**
 * Which agents there are, and how they are started.
 */
agents: AgentSettings, 
/**
 * What is told on the desktop.
 */
notifications: NotificationSettings, 
/**
 * The worktrees that Synk makes.
 */
worktrees: WorktreeSettings, 
/**
 * What models cost.
 */
prices: PriceSettings, };

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
 * How terminals behave.
 */
export type TerminalSettings = { 
/**
 * The shell: an absolute path. Empty for the user's login shell. For terminals that are
 * started from then on; agents keep the login shell and its environment.
 */
shell: string, 
/**
 * What is selected is copied at once.
 */
copyOnSelect: boolean, 
/**
 * What the bell does in a terminal.
 */
bell: Bell, 
/**
 * What draws the terminals.
 */
renderer: Renderer, 
/**
 * A screen reader is told what is in the terminals, which costs speed.
 */
screenReader: boolean, };

/**
 * The colours of the window.
 */
export type Theme = "system" | "dark" | "light" | "high_contrast";

/**
 * Tokens, by how they are priced. No token is counted twice: input that was read from or
 * written to a cache is not in `input`.
 */
export type TokenCounts = { 
/**
 * Read by the model, at full price.
 */
input: number, 
/**
 * Written by the model, what it thought included.
 */
output: number, 
/**
 * Read from a cache.
 */
cacheRead: number, 
/**
 * Written to a cache.
 */
cacheWrite: number, };

/**
 * Something that was removed, and can be had back.
 */
export type TrashEntry = { 
/**
 * Its name: what comes after `refs/synk/trash/`.
 */
id: string, 
/**
 * The project that it is from.
 */
projectPath: string, 
/**
 * The branch that it was on.
 */
branch: string | null, 
/**
 * The folder that it was in.
 */
path: string, 
/**
 * When it was removed: milliseconds since 1970, UTC.
 */
at: number, 
/**
 * The commit that keeps it.
 */
commit: string, 
/**
 * Files that were in no commit.
 */
files: number, 
/**
 * Only changes were discarded; the worktree is still there.
 */
discarded: boolean, };

/**
 * What a waiting program waits for.
 */
export type WaitingFor = "permission" | "question" | "auth";

/**
 * The window's size, in logical pixels.
 */
export type WindowSize = { 
/**
 * Width of what the page fills.
 */
width: number, 
/**
 * Height of what the page fills.
 */
height: number, };

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
 * Names a workspace for good. The first is 1.
 */
export type WorkspaceId = number;

/**
 * A workspace in `workspace:list` and `workspace:changed`.
 */
export type WorkspaceInfo = { 
/**
 * Which workspace.
 */
workspaceId: WorkspaceId, 
/**
 * Shown on its tab. Two may be called the same.
 */
name: string, 
/**
 * The widths of the columns, from the left, as shares of their sum, each from 100 to
 * 10,000. Columns that are not named, all when it is empty, have [`EQUAL_SHARE`].
 */
columnShares: Array<number>, 
/**
 * The heights of the rows, from the top, in the same way.
 */
rowShares: Array<number>, 
/**
 * The session whose pane has the focus.
 */
focused: SessionId | null, 
/**
 * That pane fills the grid.
 */
zoomed: boolean, };

/**
 * Reply of `workspace:list`, and of the event `workspace:changed`.
 */
export type Workspaces = { 
/**
 * In the order of their tabs; never empty.
 */
workspaces: Array<WorkspaceInfo>, 
/**
 * The one that a window showed last.
 */
shown: WorkspaceId, 
/**
 * The size that a window had last; absent when none has said.
 */
window?: WindowSize, };

/**
 * A worktree that Synk has made.
 */
export type WorktreeInfo = { 
/**
 * Its folder, absolute.
 */
path: string, 
/**
 * The project that it belongs to: the top folder of the user's own checkout.
 */
projectPath: string, 
/**
 * The branch that is checked out there; `null` when none is.
 */
branch: string | null, 
/**
 * What its changes are compared with: the branch that it began from.
 */
baseBranch: string | null, 
/**
 * The sessions that work in it.
 */
sessions: Array<SessionId>, 
/**
 * Its folder is gone.
 */
missing: boolean, };

/**
 * The worktrees that Synk makes.
 */
export type WorktreeSettings = { 
/**
 * Which files that git ignores come along into a new worktree, as patterns in the way of
 * `.gitignore`; besides those that the project's `.worktreeinclude` names.
 */
copy: Array<string>, 
/**
 * How many worktrees are kept ready for each project that has had one, from 0 to 4.
 */
prepared: number, 
/**
 * How long what was removed can be had back, in days, from 1 to 3,650.
 */
trashDays: number, 
/**
 * What projects may run in their new worktrees and before those are removed, by the top
 * folder of their checkout: as it was when the user agreed to it.
 */
scripts: { [key in string]: ProjectScripts }, 
/**
 * Projects whose own programs (hooks, filters, drivers) git may run for Synk: the top
 * folders of their checkouts.
 */
trusted: Array<string>, };

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
  'session:move': { args: MoveSession; reply: Success };
  'session:screen': { args: GetScreen; reply: Screen };
  'session:search': { args: SearchSessions; reply: FoundText };
  'session:replay': { args: ReplaySession; reply: PastScreen };
  'session:clean': { args: CleanSessions; reply: CleanedSessions };
  'session:status': { args: GetStatus; reply: StatusReport };
  'session:seen': { args: MarkSeen; reply: Success };
  'dispatch:send': { args: SendPrompt; reply: Array<Receipt> };
  'dispatch:queue': { args: ListQueue; reply: Array<QueuedPrompt> };
  'dispatch:edit': { args: EditQueued; reply: Success };
  'cost:list': { args: ListCosts; reply: CostList };
  'workspace:list': { args: ListWorkspaces; reply: Workspaces };
  'workspace:create': { args: CreateWorkspace; reply: WorkspaceInfo };
  'workspace:change': { args: ChangeWorkspace; reply: Success };
  'workspace:delete': { args: DeleteWorkspace; reply: Success };
  'workspace:show': { args: ShowWorkspace; reply: Success };
  'persistence:save_session': { args: SaveSession; reply: SavedPath };
  'persistence:load_session': { args: LoadSession; reply: LoadedSession };
  'persistence:list_saved': { args: ListSaved; reply: Array<SavedSession> };
  'persistence:rename_saved': { args: RenameSaved; reply: SavedPath };
  'persistence:delete_saved': { args: DeleteSaved; reply: Success };
  'settings:get': { args: GetSettings; reply: SynkSettings };
  'settings:set': { args: SetSettings; reply: Success };
  'settings:import_palette': { args: ImportPalette; reply: ImportedPalette };
  'pool:status': { args: GetPoolStatus; reply: PoolStatus };
  'agent:list': { args: ListAgents; reply: Array<AgentInfo> };
  'git:create_worktree': { args: CreateWorktree; reply: CreatedWorktree };
  'git:delete_worktree': { args: DeleteWorktree; reply: DeletedWorktree };
  'git:worktrees': { args: ListWorktrees; reply: Array<WorktreeInfo> };
  'git:status': { args: GetGitStatus; reply: GitStatus };
  'git:diff': { args: GetDiff; reply: Array<FileDiff> };
  'git:merge': { args: MergeBranch; reply: MergeResult };
  'git:commit': { args: CommitChanges; reply: Committed };
  'git:discard': { args: DiscardChanges; reply: Discarded };
  'git:branches': { args: ListBranches; reply: Array<string> };
  'git:activity': { args: ListActivity; reply: Array<GitEvent> };
  'git:trash': { args: ListTrash; reply: Array<TrashEntry> };
  'git:restore': { args: RestoreTrash; reply: RestoredWorktree };
  'git:empty_trash': { args: EmptyTrash; reply: EmptiedTrash };
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
  'agent:changed': AgentsChanged;
  'dispatch:receipt': Receipt;
  'cost:updated': CostUpdated;
  'git:event': GitEvent;
  'workspace:changed': Workspaces;
  'settings:changed': SettingsChanged;
  'git:overlaps': OverlapsChanged;
  'daemon:connection': DaemonConnection;
  'app:error': AppError;
}

/** Panes in one grid. */
export const MAX_PANES = 12;

/** Every setting as it is when nobody has set it. */
export const DEFAULT_SETTINGS: SynkSettings = {
  "general": {
    "closing": "ask",
    "autoSave": true,
    "autoSaveSeconds": 30
  },
  "appearance": {
    "theme": "system",
    "palette": "",
    "palettes": {},
    "fontFamily": "",
    "fontSize": 13,
    "lineHeight": 100,
    "cursor": "block",
    "cursorBlink": true,
    "scrollback": 5000,
    "zoom": 100,
    "reduceMotion": "system"
  },
  "terminal": {
    "shell": "",
    "copyOnSelect": false,
    "bell": "visual",
    "renderer": "auto",
    "screenReader": false
  },
  "keyboard": {
    "bindings": {}
  },
  "logs": {
    "sessionLimitMib": 64,
    "totalLimitMib": 2048,
    "closedDays": 0
  },
  "sessions": {
    "runLost": false
  },
  "pool": {
    "initialSize": 2,
    "maxSize": 3,
    "maxActive": 12,
    "recycle": true,
    "maxAgeMinutes": 30,
    "warmupDelayMs": 100,
    "loginShell": true,
    "promptPattern": "",
    "staggerMs": 100
  },
  "agents": {
    "hooks": true,
    "arguments": {},
    "custom": {}
  },
  "notifications": {
    "waiting": true,
    "done": true
  },
  "worktrees": {
    "copy": [
      ".env*"
    ],
    "prepared": 0,
    "trashDays": 30,
    "scripts": {},
    "trusted": []
  },
  "prices": {
    "models": {}
  }
};
