//! What commands about saved layouts take and answer. The file of a layout is the daemon's.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::agent::AgentType;

/// Arguments of `persistence:save_session`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct SaveSession {
    /// What to call it: 1 to 64 characters, none of them a slash or a control character, no
    /// dot in front. By default the day and the time.
    #[serde(default)]
    pub name: Option<String>,
    /// Take the place of the one that is called so; without it that is a `conflict`.
    #[serde(default)]
    pub replace: Option<bool>,
    /// Keep the values of the environment variables that the sessions were created with, as
    /// far as they are known; without it only their names.
    #[serde(default)]
    pub env_values: Option<bool>,
}

/// Reply of `persistence:save_session` and `persistence:rename_saved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SavedPath {
    /// The layout's file, absolute.
    pub saved_path: String,
}

/// Arguments of `persistence:load_session`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LoadSession {
    /// The layout's file: an absolute path.
    pub path: String,
}

/// Reply of `persistence:load_session`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LoadedSession {
    /// The sessions that are in their panes now: those that still ran and those that were
    /// started.
    pub session_count: u32,
    /// Those of them that were started.
    pub started: u32,
    /// What could not be brought back, and why.
    pub failed: Vec<FailedPane>,
}

/// A pane of a saved layout that could not be brought back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FailedPane {
    /// The session's name.
    pub name: String,
    /// The workspace that it was in.
    pub workspace: String,
    /// Why, and what to do.
    pub message: String,
}

/// Arguments of `persistence:list_saved`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct ListSaved {}

/// A saved layout.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SavedSession {
    /// What it is called.
    pub name: String,
    /// Its file, absolute.
    pub path: String,
    /// When: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub saved_at: u64,
    /// Saved by itself, for after a crash (`general.autoSave`).
    pub automatic: bool,
    /// The agents of its panes, in the order of the panes.
    pub agents: Vec<AgentType>,
    /// The folders of their projects, each once.
    pub projects: Vec<String>,
    /// How many workspaces it has.
    pub workspaces: u32,
    /// Why it cannot be restored: it is damaged, or of a later version.
    pub problem: Option<String>,
}

/// Arguments of `persistence:rename_saved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RenameSaved {
    /// The layout's file: an absolute path.
    pub path: String,
    /// Its new name. One that another has is a `conflict`.
    pub name: String,
}

/// Arguments of `persistence:delete_saved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeleteSaved {
    /// The layout's file: an absolute path.
    pub path: String,
}
