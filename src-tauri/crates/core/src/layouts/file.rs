//! What is in the file of a layout, and the check that it can be brought back.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use synk_protocol::{
    AgentType, MAX_PANES, MAX_QUEUED_PROMPTS, MAX_WORKSPACES, SavedSessionId, SessionId,
    SessionRecord, WindowSize, WorkspaceId, validate_env, validate_name,
};

use crate::{
    prompts,
    workspaces::{check_shares, check_title, check_window},
};

/// What this build writes.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// A layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Layout {
    /// Readers refuse a later one.
    pub(super) schema_version: u32,
    /// As its file is called.
    pub(super) name: String,
    /// Milliseconds since 1970, UTC.
    pub(super) saved_at: u64,
    /// The window's size, if one has said.
    #[serde(default)]
    pub(super) window: Option<WindowSize>,
    /// The workspace on show.
    pub(super) shown: WorkspaceId,
    /// In the order of their tabs.
    pub(super) workspaces: Vec<SavedWorkspace>,
}

/// A workspace of a layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SavedWorkspace {
    pub(super) workspace_id: WorkspaceId,
    pub(super) name: String,
    #[serde(default)]
    pub(super) column_shares: Vec<u32>,
    #[serde(default)]
    pub(super) row_shares: Vec<u32>,
    /// The pane that has the focus.
    #[serde(default)]
    pub(super) focused: Option<u32>,
    /// That pane fills the grid.
    #[serde(default)]
    pub(super) zoomed: bool,
    /// In the order of the grid.
    #[serde(default)]
    pub(super) panes: Vec<SavedPane>,
}

/// A pane of a layout, and the session in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SavedPane {
    pub(super) pane_index: u32,
    /// By these two the session is known again if it is still there.
    pub(super) session_id: SessionId,
    pub(super) created_at: u64,
    pub(super) name: String,
    pub(super) agent_type: AgentType,
    pub(super) project_path: String,
    /// The branch that its folder had, if it is in a repository.
    #[serde(default)]
    pub(super) branch: Option<String>,
    /// The worktree of Synk's own that it worked in.
    #[serde(default)]
    pub(super) worktree: Option<String>,
    /// Where it was started.
    pub(super) working_dir: String,
    /// Where it was, if that is known.
    #[serde(default)]
    pub(super) current_dir: Option<String>,
    /// What a terminal runs instead of the shell.
    #[serde(default)]
    pub(super) command: Vec<String>,
    /// The variables that it was created with; without a value when that was not kept.
    #[serde(default)]
    pub(super) env: BTreeMap<String, Option<String>>,
    /// The prompts that wait for it, the next one first.
    #[serde(default)]
    pub(super) prompts: Vec<SavedPrompt>,
}

/// A prompt that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SavedPrompt {
    pub(super) text: String,
    /// Enter is pressed after it.
    pub(super) submit: bool,
    /// Several lines may run as commands.
    #[serde(default)]
    pub(super) confirmed: bool,
    /// It may have been typed already; a person decides.
    #[serde(default)]
    pub(super) held: bool,
    /// When it was asked for: milliseconds since 1970, UTC.
    pub(super) at: u64,
}

impl SavedPane {
    /// How the session is known again.
    pub(super) fn session(&self) -> SavedSessionId {
        SavedSessionId { session_id: self.session_id, created_at: self.created_at }
    }

    /// Whether this is the session, or one that was started in its place.
    pub(super) fn is(&self, record: &SessionRecord) -> bool {
        let SessionRecord { session_id, created_at, restores, .. } = *record;
        [Some(SavedSessionId { session_id, created_at }), restores].contains(&Some(self.session()))
    }
}

impl Layout {
    /// Every pane, in the order of the tabs and the grids.
    pub(super) fn panes(&self) -> impl Iterator<Item = &SavedPane> {
        self.workspaces.iter().flat_map(|workspace| &workspace.panes)
    }

    /// Reads a layout and checks all of it. The error says what is wrong.
    pub(super) fn parse(json: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Version {
            schema_version: u32,
        }
        let damaged = |error: serde_json::Error| format!("it is damaged: {error}");
        let Version { schema_version } = serde_json::from_slice(json).map_err(damaged)?;
        if schema_version > SCHEMA_VERSION {
            return Err("it was saved by a later version of Synk; update Synk to use it".to_owned());
        }
        let layout: Self = serde_json::from_slice(json).map_err(damaged)?;
        layout.check().map_err(|why| format!("it is damaged: {why}"))?;
        Ok(layout)
    }

    fn check(&self) -> Result<(), String> {
        let count = self.workspaces.len();
        if count == 0 || count > MAX_WORKSPACES {
            return Err(format!("it has {count} workspaces; 1 to {MAX_WORKSPACES} are possible"));
        }
        let ids: HashSet<_> = self.workspaces.iter().map(|one| one.workspace_id).collect();
        if ids.len() < count || !ids.contains(&self.shown) {
            return Err("it names a workspace twice, or shows one that it has not".to_owned());
        }
        self.window.map(check_window).transpose().map_err(|error| error.message)?;
        let sessions: HashSet<_> = self.panes().map(SavedPane::session).collect();
        if sessions.len() < self.panes().count() {
            return Err("it has a session twice".to_owned());
        }
        self.workspaces.iter().try_for_each(SavedWorkspace::check)
    }
}

impl SavedWorkspace {
    fn check(&self) -> Result<(), String> {
        check_title("a workspace", &self.name)
            .and_then(|()| check_shares(&self.column_shares))
            .and_then(|()| check_shares(&self.row_shares))
            .map_err(|error| error.message)?;
        let indices: HashSet<_> = self.panes.iter().map(|pane| pane.pane_index).collect();
        if indices.len() < self.panes.len() {
            return Err(format!("two sessions have one pane of “{}”", self.name));
        }
        if let Some(index) = indices.iter().chain(&self.focused).find(|index| **index >= MAX_PANES)
        {
            return Err(format!("it names the pane {index}, which no grid has"));
        }
        self.panes.iter().try_for_each(SavedPane::check)
    }
}

impl SavedPane {
    fn check(&self) -> Result<(), String> {
        validate_name(&self.name).map_err(|error| error.message)?;
        if !self.command.is_empty() && self.agent_type != AgentType::Terminal {
            return Err(format!("“{}” has an agent and a command", self.name));
        }
        let values = self.env.iter().map(|(name, value)| (name, value.as_deref()));
        for (name, value) in values {
            validate_env(name, value.unwrap_or_default()).map_err(|error| error.message)?;
        }
        if self.prompts.len() > MAX_QUEUED_PROMPTS {
            return Err(format!(
                "{} prompts wait for “{}”, and {MAX_QUEUED_PROMPTS} is the most",
                self.prompts.len(),
                self.name
            ));
        }
        self.prompts
            .iter()
            .try_for_each(|prompt| prompts::check(&prompt.text))
            .map_err(|error| error.message)
    }
}
