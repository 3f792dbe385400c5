//! What commands about sessions take and answer.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

use crate::{agent::AgentType, error::WireError, session::SessionId, workspace::WorkspaceId};

/// Arguments of `session:create`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct CreateSession {
    /// What to run.
    pub agent_type: AgentType,
    /// The project's folder, absolute.
    pub project_path: String,
    /// The branch to work on. Unless the working folder has it checked out, the session gets a
    /// worktree with it, made if need be; and `workingDir` is where in it.
    #[serde(default)]
    pub branch: Option<String>,
    /// Where a new branch begins; by default what is checked out in the project.
    #[serde(default)]
    pub base_branch: Option<String>,
    /// See `git:create_worktree`.
    #[serde(default)]
    pub set_up: Option<bool>,
    /// Where to start, absolute; the project's folder by default.
    #[serde(default)]
    pub working_dir: Option<String>,
    /// Set on top of the session's environment. `SHELL` chooses the shell.
    #[serde(default)]
    pub env: Option<BTreeMap<String, String>>,
    /// A name; by default the agent's, with a number when it is taken.
    #[serde(default)]
    pub name: Option<String>,
    /// For a terminal: a program and its arguments instead of the shell.
    #[serde(default)]
    pub command: Option<Vec<String>>,
    /// Takes no pane.
    #[serde(default)]
    pub background: Option<bool>,
    /// The workspace whose grid gives it a pane; the first one by default.
    #[serde(default)]
    pub workspace_id: Option<WorkspaceId>,
    /// The terminal's first size; 80 × 24 by default.
    #[serde(default)]
    pub cols: Option<u32>,
    /// The terminal's first size.
    #[serde(default)]
    pub rows: Option<u32>,
}

/// Reply of `session:create`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CreatedSession {
    /// The new session.
    pub session_id: SessionId,
    /// Its place in the grid; `null` for a background session.
    pub pane_index: Option<u32>,
}

/// Arguments of `session:destroy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct DestroySession {
    /// Which session.
    pub session_id: SessionId,
    /// End it although other clients are attached.
    #[serde(default)]
    pub force: Option<bool>,
}

/// Arguments of `session:write`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct WriteSession {
    /// Which session.
    pub session_id: SessionId,
    /// What to write, as typed: Enter is `\r`.
    pub data: String,
    /// Each character of `data` is one byte (U+0000 to U+00FF) rather than text. Terminals
    /// report some mouse positions so.
    #[serde(default)]
    pub binary: Option<bool>,
}

impl WriteSession {
    /// The bytes to write.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a binary string with characters above U+00FF.
    pub fn into_bytes(self) -> Result<Vec<u8>, WireError> {
        if self.binary != Some(true) {
            return Ok(self.data.into_bytes());
        }
        self.data.chars().map(|c| u8::try_from(u32::from(c))).collect::<Result<_, _>>().map_err(
            |_| WireError::invalid("session:write: binary data with a character above U+00FF"),
        )
    }
}

/// Arguments of `session:resize`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResizeSession {
    /// Which session.
    pub session_id: SessionId,
    /// Columns, 1 to 1000.
    pub cols: u32,
    /// Rows, 1 to 1000.
    pub rows: u32,
}

/// Arguments of `session:list`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct ListSessions {
    /// Those too that were closed and whose logs are kept.
    #[serde(default)]
    pub all: Option<bool>,
}

/// Arguments of `session:rename`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RenameSession {
    /// Which session.
    pub session_id: SessionId,
    /// Its new name.
    pub name: String,
}

/// Arguments of `session:restart`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct RestartSession {
    /// Which session.
    pub session_id: SessionId,
    /// Not now, but once nothing runs in it besides its shell or agent, which then waits
    /// for input. The answer comes at once; `false` calls it off.
    #[serde(default)]
    pub when_idle: Option<bool>,
}

/// Arguments of `session:show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ShowSession {
    /// Which session.
    pub session_id: SessionId,
    /// The workspace whose grid gives it a pane; by default the one that it was in last.
    #[serde(default)]
    pub workspace_id: Option<WorkspaceId>,
}

/// Arguments of `session:move`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct MoveSession {
    /// Which session; it has a pane.
    pub session_id: SessionId,
    /// Where to: its own workspace or another one.
    pub workspace_id: WorkspaceId,
    /// The pane there, from 0. Who has it changes places with this session; in another
    /// workspace's full grid too. By default the first that is free.
    #[serde(default)]
    pub pane_index: Option<u32>,
}

/// Reply of `session:show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShownSession {
    /// Its place in the grid.
    pub pane_index: u32,
}

/// Arguments of `session:screen`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GetScreen {
    /// Which session.
    pub session_id: SessionId,
}

/// Reply of `session:screen`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Screen {
    /// One line per row, without the spaces at each end of line and the empty rows below.
    pub text: String,
}
