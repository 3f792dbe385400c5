//! A session as the wire and the disk know it, and the limits that hold for its parts.

use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

use crate::{
    agent::AgentType, cost::CostAccumulator, error::WireError, status::SessionStatus,
    workspace::WorkspaceId,
};

/// Panes in one grid (spec section 8.1).
pub const MAX_PANES: u32 = 12;
/// The longest name of a session, a workspace or a saved layout, in characters.
pub const MAX_NAME_CHARS: usize = 64;
/// The widest terminal. Above what any screen shows, below what costs memory to model.
pub const MAX_COLS: u32 = 1000;
/// The tallest terminal.
pub const MAX_ROWS: u32 = 1000;

/// Names a session for as long as its folder exists. Never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "u32")]
pub struct SessionId(pub u32);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a session is in its life. `starting → running → exited`, and from `exited` back to
/// `running` by a restart. `running → lost` when its shim or the machine goes down, and from
/// `lost` to `running` by a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// Its shim has not started the program yet.
    #[default]
    Starting,
    /// The program runs.
    Running,
    /// The program ended; its last screen can still be seen.
    Exited,
    /// The program went down with its shim or the machine; its last screen can still be
    /// seen, and it can be run again.
    Lost,
}

/// The size of a terminal in cells. On the wire both are at least 1 and at most
/// [`MAX_COLS`] and [`MAX_ROWS`]; see [`TerminalSize::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalSize {
    /// Columns.
    pub cols: u16,
    /// Rows.
    pub rows: u16,
}

impl Default for TerminalSize {
    fn default() -> Self {
        Self { cols: 80, rows: 24 }
    }
}

impl TerminalSize {
    /// A size, checked.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a size of nothing or one out of reach.
    pub fn new(cols: u32, rows: u32) -> Result<Self, WireError> {
        let in_range = (1..=MAX_COLS).contains(&cols) && (1..=MAX_ROWS).contains(&rows);
        match (u16::try_from(cols), u16::try_from(rows)) {
            (Ok(cols), Ok(rows)) if in_range => Ok(Self { cols, rows }),
            _ => Err(WireError::invalid(format!(
                "a terminal of {cols}×{rows} cells is not possible; columns go from 1 to \
                 {MAX_COLS} and rows from 1 to {MAX_ROWS}"
            ))),
        }
    }
}

/// What a shim knows about its session: written to `metadata.json` in the session's folder
/// and sent to whoever connects. Enough to adopt the session when the daemon is new, or to
/// bring it back when the shim is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionRecord {
    /// Of this file; readers refuse a later one.
    pub schema_version: u32,
    /// Which session.
    pub session_id: SessionId,
    /// Shown in headers and lists, unique among sessions.
    pub name: String,
    /// What it runs.
    pub agent_type: AgentType,
    /// The project that it belongs to: an absolute folder.
    pub project_path: String,
    /// Where the program was started: an absolute folder.
    pub working_dir: String,
    /// The program and its arguments; empty for the user's login shell.
    pub command: Vec<String>,
    /// Its place in the grid, from 0; absent for a background session.
    pub pane_index: Option<u32>,
    /// The workspace of that grid.
    #[serde(default)]
    pub workspace_id: WorkspaceId,
    /// Milliseconds since 1970, UTC.
    pub created_at: u64,
    /// The shim's process.
    pub shim_pid: u32,
    /// The program's process, while it runs.
    pub pid: Option<u32>,
    /// The terminal's size.
    pub cols: u16,
    /// The terminal's size.
    pub rows: u16,
    /// Where it is in its life.
    pub state: SessionState,
    /// How the program ended: its exit code, or 128 + the signal that killed it.
    pub exit_code: Option<i32>,
    /// Connections that watch its screen.
    #[serde(default)]
    pub attached_clients: u32,
    /// When the program was started: milliseconds since 1970, UTC.
    #[serde(default)]
    pub started_at: Option<u64>,
    /// The folder that the program is in now: an absolute path on this machine.
    #[serde(default)]
    pub current_dir: Option<String>,
    /// When somebody last watched its screen; absent when nobody ever did.
    #[serde(default)]
    pub last_attached_at: Option<u64>,
    /// When the program ended or was lost.
    #[serde(default)]
    pub ended_at: Option<u64>,
    /// When the session was destroyed. Only its log is left then.
    #[serde(default)]
    pub closed_at: Option<u64>,
    /// What the agent calls its conversation, by which it can be resumed.
    #[serde(default)]
    pub resume_id: Option<String>,
    /// The environment variables that were asked for when it was created. Their values are
    /// kept nowhere.
    #[serde(default)]
    pub env_names: Vec<String>,
    /// They are not set any more, because the shim that knew their values is gone.
    #[serde(default)]
    pub env_lost: bool,
    /// The session of a saved layout that it was started for, so that the layout finds it again.
    #[serde(default)]
    pub restores: Option<SavedSessionId>,
}

/// How a layout knows a session again: an id alone is given anew once all data is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedSessionId {
    /// Which session.
    pub session_id: SessionId,
    /// When it was created: milliseconds since 1970, UTC.
    pub created_at: u64,
}

impl SessionRecord {
    /// The version this build writes.
    pub const SCHEMA_VERSION: u32 = 1;
}

/// A session in `session:list` and `session:changed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionInfo {
    /// Which session.
    pub session_id: SessionId,
    /// Its place in the grid, from 0; `null` for a background session.
    pub pane_index: Option<u32>,
    /// The workspace of that grid; for a background session the one that it was in last.
    #[serde(default)]
    pub workspace_id: WorkspaceId,
    /// Shown in headers and lists, unique among sessions.
    pub name: String,
    /// What it runs.
    pub agent_type: AgentType,
    /// The project that it belongs to.
    pub project_path: String,
    /// Where the program was started.
    pub working_dir: String,
    /// The branch checked out there; `null` outside a repository.
    pub branch: Option<String>,
    /// The worktree that Synk made for it: its folder.
    #[serde(default)]
    pub worktree: Option<String>,
    /// The program and its arguments; empty for the user's login shell.
    pub command: Vec<String>,
    /// The program's process, while it runs.
    pub pid: Option<u32>,
    /// The terminal's size.
    pub cols: u16,
    /// The terminal's size.
    pub rows: u16,
    /// Where it is in its life.
    pub state: SessionState,
    /// How the program ended: its exit code, or 128 + the signal that killed it.
    pub exit_code: Option<i32>,
    /// Connections that watch its screen.
    pub attached_clients: u32,
    /// Milliseconds since 1970, UTC; so for all times below.
    #[ts(type = "number")]
    pub created_at: u64,
    /// The shim's process; another one after the session was lost.
    pub shim_pid: u32,
    /// The folder that the program is in now, where that is known.
    pub current_dir: Option<String>,
    /// When somebody last watched its screen.
    #[ts(type = "number | null")]
    pub last_attached_at: Option<u64>,
    /// When the program ended or was lost.
    #[ts(type = "number | null")]
    pub ended_at: Option<u64>,
    /// When the session was destroyed; only its log is left.
    #[ts(type = "number | null")]
    pub closed_at: Option<u64>,
    /// What the agent calls its conversation, by which it is resumed after a loss.
    pub resume_id: Option<String>,
    /// Variables that the session was created with and that would not be set if it were run
    /// again, because their values are kept nowhere.
    pub missing_env: Vec<String>,
    /// The version of Synk whose shim holds this session, when this version cannot talk to
    /// it. The session runs on; only its end can be asked for, and `session:restart` moves
    /// it to this version.
    pub incompatible: Option<String>,
    /// It will be restarted once it is idle.
    pub restarts_when_idle: bool,
    /// What its program does.
    #[serde(default)]
    pub status: SessionStatus,
    /// Prompts that wait for it.
    #[serde(default)]
    pub queued_prompts: u32,
    /// What its agent has used; absent until that is known.
    #[serde(default)]
    pub cost: Option<CostAccumulator>,
}

/// Checks a session's name: 1 to [`MAX_NAME_CHARS`] characters, none of them a control
/// character or a slash, no space at either end, and not only digits, since the command
/// line takes an id or a name in the same place.
///
/// # Errors
/// [`crate::ErrorCode::Invalid`], saying what is wrong.
pub fn validate_name(name: &str) -> Result<(), WireError> {
    let length = name.chars().count();
    let problem = if name.is_empty() {
        "it is empty".to_owned()
    } else if length > MAX_NAME_CHARS {
        format!("it has {length} characters, and {MAX_NAME_CHARS} is the most")
    } else if name.contains(['/', '\\']) {
        "it contains a slash".to_owned()
    } else if name.chars().any(char::is_control) {
        "it contains a control character".to_owned()
    } else if name.trim() != name {
        "it begins or ends with a space".to_owned()
    } else if name.bytes().all(|byte| byte.is_ascii_digit()) {
        "it is a number, which would be taken for an id".to_owned()
    } else {
        return Ok(());
    };
    let shown: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
    Err(WireError::invalid(format!("“{shown}” cannot be a session's name: {problem}")))
}

/// Checks one environment variable.
///
/// # Errors
/// [`crate::ErrorCode::Invalid`] for a name that is empty or holds `=` or NUL, or a value
/// that holds NUL: the operating system could not pass them on.
pub fn validate_env(name: &str, value: &str) -> Result<(), WireError> {
    let problem = if name.is_empty() {
        "its name is empty"
    } else if name.contains('=') {
        "its name contains “=”"
    } else if name.contains('\0') {
        "its name contains a NUL byte"
    } else if value.contains('\0') {
        "its value contains a NUL byte"
    } else {
        return Ok(());
    };
    let shown = name.replace('\0', "␀");
    Err(WireError::invalid(format!("the environment variable “{shown}” cannot be set: {problem}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["shell", "fix login", "ä", "a1", "日本", &"x".repeat(64)] {
            assert_eq!(validate_name(good), Ok(()), "{good}");
        }
        for bad in ["", "a/b", "a\\b", "12", " a", "a ", "a\nb", "\u{1b}[31m", &"x".repeat(300)] {
            assert!(validate_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn env() {
        assert_eq!(validate_env("A", "b=c"), Ok(()));
        for (name, value) in [("", "x"), ("A=B", "x"), ("A\0", "x"), ("A", "x\0")] {
            assert!(validate_env(name, value).is_err(), "{name:?}={value:?}");
        }
    }

    #[test]
    fn sizes() {
        for (cols, rows) in [(1, 1), (80, 24), (1000, 1000)] {
            assert!(TerminalSize::new(cols, rows).is_ok());
        }
        for (cols, rows) in [(0, 0), (0, 24), (80, 0), (1001, 1), (100_000, 100_000), (65_537, 24)]
        {
            assert!(TerminalSize::new(cols, rows).is_err(), "{cols}×{rows}");
        }
    }
}
