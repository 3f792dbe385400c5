//! Synk's wire contract, and nothing else: which commands exist, what they take and
//! answer, which events are sent, how errors look, and how all of it is cut into frames.
//!
//! This crate is a leaf. It opens no socket and holds no state; every process of Synk
//! (window, CLI, daemon, shim) links it, and the TypeScript types are made from it.
//!
//! Two rules hold for every type here:
//! * the wire is camelCase JSON; numbers fit a JavaScript number exactly (byte offsets and
//!   times are `u64` in Rust and stay below 2^53);
//! * a field may be added with a default, never renamed or removed within one major
//!   [`PROTOCOL_MAJOR`], since a shim outlives the daemon and window that talk to it.

mod agent;
mod command;
mod cost;
mod daemon;
mod error;
mod event;
mod frame;
mod git;
mod hello;
mod session;
mod settings;
mod shim;
mod signals;
mod status;
mod typescript;
mod workspace;

pub use agent::{AgentInfo, AgentType};
pub use command::{
    Acknowledge, AttachSession, Call, ChangeWorkspace, CleanSessions, CleanedSession,
    CleanedSessions, CommitChanges, Committed, CreateSession, CreateWorkspace, CreateWorktree,
    CreatedSession, CreatedWorktree, DaemonStatus, DeleteSaved, DeleteWorkspace, DeleteWorktree,
    DeletedWorktree, DestroySession, DetachSession, DiscardChanges, Discarded, EditQueued,
    EmptiedTrash, EmptyTrash, FailedPane, FoundText, GetDaemonStatus, GetDiff, GetGitStatus,
    GetPoolStatus, GetScreen, ListActivity, ListAgents, ListBranches, ListQueue, ListSaved,
    ListSessions, ListTrash, ListWorkspaces, ListWorktrees, LoadSession, LoadedSession,
    MAX_PROMPT_BYTES, MAX_QUEUED_PROMPTS, MergeBranch, MergeResult, MoveSession, PastScreen,
    PoolStatus, QueuedPrompt, Receipt, ReceiptState, RenameSaved, RenameSession, ReplaySession,
    Request, ResizeSession, RestartSession, RestoreTrash, RestoredWorktree, Rgb, SaveSession,
    SavedPath, SavedSession, Screen, SearchHit, SearchSessions, SendPrompt, ShowSession,
    ShowWorkspace, ShownSession, StopDaemon, StoppedDaemon, Success, TerminalPalette,
    ViewerRequest, Workspaces, WriteSession,
};
pub use cost::{
    Cost, CostAccumulator, CostList, CostRow, CostSource, CostUpdated, ListCosts, TokenCounts,
};
pub use daemon::{ClientMessage, DaemonMessage, Outcome};
pub use error::{ErrorCode, WireError};
pub use event::{
    AgentsChanged, AppError, ConnectionState, DaemonConnection, Event, OverlapsChanged,
    SessionExit, SessionOutput, SessionsChanged, SettingsChanged,
};
pub use frame::{Frame, FrameError, FrameKind, MAX_FRAME_BYTES};
pub use git::{
    DiffHunk, DiffLine, FileChange, FileDiff, GitEvent, GitEventKind, GitStatus, LineChange,
    MergeStrategy, Overlap, OverlapFile, TrashEntry, WorktreeInfo,
};
pub use hello::{Hello, PROTOCOL_MAJOR, PROTOCOL_MINOR, Role, SIGNALS_MINOR, WORKSPACES_MINOR};
pub use session::{
    MAX_COLS, MAX_NAME_CHARS, MAX_PANES, MAX_ROWS, SavedSessionId, SessionId, SessionInfo,
    SessionRecord, SessionState, TerminalSize, validate_env, validate_name,
};
pub use settings::{
    AgentSettings, AppearanceSettings, Bell, Closing, CursorShape, CustomAgent, GeneralSettings,
    GetSettings, ImportPalette, ImportedPalette, KeyboardSettings, LogSettings, ModelPrice,
    NotificationSettings, Palette, PoolSettings, PriceSettings, ProjectScripts, ReadyWhen,
    ReduceMotion, Renderer, SessionSettings, SetSettings, SynkSettings, TerminalSettings, Theme,
    WorktreeSettings,
};
pub use shim::{
    EnvironmentSpec, INPUT_WINDOW_BYTES, Launch, LoginEnvironment, OUTPUT_WINDOW_BYTES,
    ParkedClaim, ParkedSpec, SessionChanges, ShimMessage, ShimReady, ShimRequest, ShimSpec,
};
pub use signals::{
    Expected, HookReport, MAX_PROGRAM_REPORTS, MAX_SIGNAL_CHARS, ProgramReport, ShellMark,
    ShellPlace, Signals,
};
pub use status::{
    GetStatus, MAX_STATUS_MESSAGE_CHARS, MarkSeen, SessionStatus, StatusEvidence, StatusReport,
    StatusSource, StatusState, WaitingFor, plain_text,
};
pub use typescript::typescript;
pub use workspace::{EQUAL_SHARE, MAX_WORKSPACES, WindowSize, WorkspaceId, WorkspaceInfo};
