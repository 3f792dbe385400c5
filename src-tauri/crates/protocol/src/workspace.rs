//! Workspaces: each is one grid of panes in the window, with a name and the shares of its rows
//! and columns. Which sessions are in it, the sessions say.

use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

use crate::session::SessionId;

/// The most workspaces that one window can have.
pub const MAX_WORKSPACES: usize = 24;
/// The share of a row or column that is as large as the others (`columnShares`, `rowShares`).
pub const EQUAL_SHARE: u32 = 1000;

/// Names a workspace for good. The first is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "u32")]
pub struct WorkspaceId(pub u32);

impl Default for WorkspaceId {
    fn default() -> Self {
        Self(1)
    }
}

impl fmt::Display for WorkspaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A workspace in `workspace:list` and `workspace:changed`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceInfo {
    /// Which workspace.
    pub workspace_id: WorkspaceId,
    /// Shown on its tab. Two may be called the same.
    pub name: String,
    /// The widths of the columns, from the left, as shares of their sum, each from 100 to
    /// 10,000. Columns that are not named, all when it is empty, have [`EQUAL_SHARE`].
    #[serde(default)]
    pub column_shares: Vec<u32>,
    /// The heights of the rows, from the top, in the same way.
    #[serde(default)]
    pub row_shares: Vec<u32>,
    /// The session whose pane has the focus.
    #[serde(default)]
    pub focused: Option<SessionId>,
    /// That pane fills the grid.
    #[serde(default)]
    pub zoomed: bool,
}

/// The window's size, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WindowSize {
    /// Width of what the page fills.
    pub width: u32,
    /// Height of what the page fills.
    pub height: u32,
}
