//! What there is now, as a layout.

use std::collections::BTreeMap;
use synk_git::Head;
use synk_protocol::{AgentType, SessionRecord, WireError, WorkspaceInfo};

use super::{
    Layouts,
    file::{Layout, SCHEMA_VERSION, SavedPane, SavedPrompt, SavedWorkspace},
};
use crate::{prompts::Prompt, time::now_millis};

impl Layouts {
    /// The workspaces and what is in their panes, without a name. With `env_values` the values of
    /// the variables that sessions were created with.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Unavailable`] when such a value is not known, and why the
    /// prompts that wait cannot be read.
    pub(super) async fn collect(&self, env_values: bool) -> Result<Layout, WireError> {
        let sessions = &self.inner.sessions;
        let list = sessions.workspaces().current();
        let records = sessions.records().into_iter();
        let records: Vec<_> = records.filter(|record| record.pane_index.is_some()).collect();
        let folders = records.iter().map(|record| record.working_dir.clone());
        let heads = sessions.heads(folders.collect()).await;
        let mut prompts = sessions.waiting_prompts().await?;
        let mut panes = Vec::new();
        for record in records {
            let env = self.env(&record, env_values).await?;
            let prompts = prompts.remove(&record.session_id).unwrap_or_default();
            let worktree = sessions.worktree_of(&record.working_dir);
            let branch = heads.get(&record.working_dir).and_then(Head::branch).map(str::to_owned);
            let workspace = record.workspace_id;
            panes.push((workspace, SavedPane { branch, ..pane(record, worktree, env, prompts) }));
        }
        panes.sort_by_key(|(workspace, pane)| (*workspace, pane.pane_index));
        let workspaces = list.workspaces.into_iter().map(|info| {
            let here = panes.iter().filter(|(id, _)| *id == info.workspace_id);
            let here = here.map(|(_, pane)| pane.clone()).collect();
            workspace(info, here)
        });
        Ok(Layout {
            schema_version: SCHEMA_VERSION,
            name: String::new(),
            saved_at: now_millis(),
            window: list.window,
            shown: list.shown,
            workspaces: workspaces.collect(),
        })
    }

    /// The variables that a session was created with.
    async fn env(
        &self,
        record: &SessionRecord,
        with_values: bool,
    ) -> Result<BTreeMap<String, Option<String>>, WireError> {
        let names = record.env_names.iter().cloned();
        if !with_values || record.env_names.is_empty() {
            return Ok(names.map(|name| (name, None)).collect());
        }
        let unknown = |why: String| {
            WireError::unavailable(format!(
                "the values of {} in session {} (“{}”) cannot be saved: {why}; save the layout \
                 without values",
                record.env_names.join(", "),
                record.session_id,
                record.name
            ))
        };
        let known = self.inner.sessions.environment(record.session_id).await;
        let mut known = known.map_err(|error| unknown(error.message))?;
        let values = names.map(|name| {
            let value = known.remove(&name);
            let value = value.ok_or_else(|| unknown("they are not known any more".to_owned()))?;
            Ok((name, Some(value)))
        });
        values.collect()
    }
}

fn pane(
    record: SessionRecord,
    worktree: Option<String>,
    env: BTreeMap<String, Option<String>>,
    prompts: Vec<Prompt>,
) -> SavedPane {
    let is_terminal = record.agent_type == AgentType::Terminal;
    SavedPane {
        pane_index: record.pane_index.unwrap_or_default(),
        session_id: record.session_id,
        created_at: record.created_at,
        name: record.name,
        // What starts an agent is looked for anew.
        command: if is_terminal { record.command } else { Vec::new() },
        agent_type: record.agent_type,
        project_path: record.project_path,
        branch: None,
        worktree,
        working_dir: record.working_dir,
        current_dir: record.current_dir,
        env,
        prompts: prompts
            .into_iter()
            .map(|Prompt { text, submit, confirmed, held, at, .. }| SavedPrompt {
                text,
                submit,
                confirmed,
                held,
                at,
            })
            .collect(),
    }
}

fn workspace(info: WorkspaceInfo, panes: Vec<SavedPane>) -> SavedWorkspace {
    let focused = panes.iter().find(|pane| Some(pane.session_id) == info.focused);
    SavedWorkspace {
        workspace_id: info.workspace_id,
        name: info.name,
        column_shares: info.column_shares,
        row_shares: info.row_shares,
        focused: focused.map(|pane| pane.pane_index),
        zoomed: info.zoomed,
        panes,
    }
}
