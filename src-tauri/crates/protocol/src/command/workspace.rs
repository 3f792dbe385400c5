//! What commands about workspaces take and answer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    session::SessionId,
    workspace::{WindowSize, WorkspaceId},
};

/// Arguments of `workspace:list`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct ListWorkspaces {}

/// Arguments of `workspace:create`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct CreateWorkspace {
    /// Its name; by default "Workspace" and the first number that is free.
    #[serde(default)]
    pub name: Option<String>,
}

/// Arguments of `workspace:change`. What is not named stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ChangeWorkspace {
    /// Which workspace.
    pub workspace_id: WorkspaceId,
    /// Another name: 1 to 64 characters, none of them a control character.
    #[serde(default)]
    pub name: Option<String>,
    /// Its place among the tabs, from 0.
    #[serde(default)]
    pub position: Option<u32>,
    /// See [`crate::WorkspaceInfo`]; empty for equal ones.
    #[serde(default)]
    pub column_shares: Option<Vec<u32>>,
    /// See [`crate::WorkspaceInfo`]; empty for equal ones.
    #[serde(default)]
    pub row_shares: Option<Vec<u32>>,
    /// The session whose pane has the focus.
    #[serde(default)]
    pub focused: Option<SessionId>,
    /// That pane fills the grid.
    #[serde(default)]
    pub zoomed: Option<bool>,
}

/// Arguments of `workspace:delete`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeleteWorkspace {
    /// Which workspace. Refused with `conflict` while sessions have panes in it, and for the
    /// only one that there is.
    pub workspace_id: WorkspaceId,
}

/// Arguments of `workspace:show`: what the window shows, so that it can be saved and a later
/// window begins there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ShowWorkspace {
    /// The workspace on show.
    pub workspace_id: WorkspaceId,
    /// The window's size.
    #[serde(default)]
    pub window: Option<WindowSize>,
}

/// Reply of `workspace:list`, and of the event `workspace:changed`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Workspaces {
    /// In the order of their tabs; never empty.
    pub workspaces: Vec<crate::WorkspaceInfo>,
    /// The one that a window showed last.
    pub shown: WorkspaceId,
    /// The size that a window had last; absent when none has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub window: Option<WindowSize>,
}
