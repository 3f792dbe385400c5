//! Bringing a saved layout back: the sessions of it that are still there are put into their panes,
//! the others are started afresh. What cannot be brought back is told, and the rest goes on.

use futures_util::{StreamExt, stream};
use std::{collections::HashSet, path::Path};
use synk_protocol::{
    AgentType, ChangeWorkspace, CreateSession, ErrorCode, FailedPane, LoadSession, LoadedSession,
    MAX_WORKSPACES, SessionId, SessionRecord, ShowWorkspace, WireError, WorkspaceId,
};
use tokio::time::timeout;

use super::{
    Layouts, blocking,
    file::{Layout, SavedPane, SavedPrompt, SavedWorkspace},
    folder::Folder,
};
use crate::{
    prompts::Prompt,
    session_manager::{FOLDER_TIMEOUT, Former, unanswered},
};

/// Sessions that are started at one time. The pool spaces those that start cold.
const AT_ONCE: usize = 12;

/// A pane that was in the layout, and what has become of it.
struct Restored {
    /// Which workspace of the layout, which pane of that.
    at: (usize, usize),
    outcome: Result<SessionId, WireError>,
}

impl Layouts {
    /// Brings a layout back. Nothing is changed unless all of its file is right.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for what is no layout or a damaged one, [`ErrorCode::NotFound`],
    /// [`ErrorCode::MaxSessions`] when there would be too many workspaces.
    pub(crate) async fn load(&self, args: LoadSession) -> Result<LoadedSession, WireError> {
        let _turn = self.turn().await;
        let folder = self.inner.folder.clone();
        let (file, layout) = blocking(move || {
            let file = folder.inside(&args.path)?;
            let layout = Folder::read(&file)?;
            Ok((file, layout))
        })
        .await?;
        let workspaces = self.prepare(&layout)?;
        let (folder, whole) = (self.inner.folder.clone(), layout.clone());
        let kept = blocking(move || folder.keep_while_loading(&file, &whole)).await?;
        let mut restored = self.put_back(&layout, &workspaces).await;
        let there: HashSet<_> = restored.iter().map(|one| one.at).collect();
        let begun = self.start_missing(&layout, &workspaces, &there).await;
        let started = begun.iter().filter(|one| one.outcome.is_ok()).count();
        restored.extend(begun);
        restored.sort_by_key(|one| one.at);
        self.focus(&layout, &workspaces, &restored);
        let mut loaded = LoadedSession {
            started: u32::try_from(started).unwrap_or(u32::MAX),
            ..LoadedSession::default()
        };
        for Restored { at: (workspace, pane), outcome } in restored {
            loaded.session_count += u32::from(outcome.is_ok());
            let workspace = &layout.workspaces[workspace];
            loaded.failed.extend(outcome.err().map(|error| FailedPane {
                name: workspace.panes[pane].name.clone(),
                workspace: workspace.name.clone(),
                message: error.message,
            }));
        }
        if let Some(kept) = kept.filter(|_| loaded.failed.is_empty()) {
            let folder = self.inner.folder.clone();
            blocking(move || folder.remove(&kept)).await?;
        }
        Ok(loaded)
    }

    /// Chooses or makes a workspace for each of the layout's, and makes them look as they did.
    fn prepare(&self, layout: &Layout) -> Result<Vec<WorkspaceId>, WireError> {
        let table = self.inner.sessions.workspaces();
        let mut chosen = self.choose(layout);
        let missing = chosen.iter().filter(|one| one.is_none()).count();
        let count = table.current().workspaces.len();
        if count + missing > MAX_WORKSPACES {
            return Err(WireError::new(
                ErrorCode::MaxSessions,
                format!(
                    "the layout needs {missing} workspaces more, and {count} of {MAX_WORKSPACES} \
                     are there; delete some first"
                ),
            ));
        }
        for (one, saved) in chosen.iter_mut().zip(&layout.workspaces) {
            if one.is_none() {
                *one = Some(table.create(Some(saved.name.clone()))?.workspace_id);
            }
        }
        let chosen: Vec<_> = chosen.into_iter().flatten().collect();
        let listed = table.current().workspaces;
        // Side by side, in the order of the layout, where the first of them is.
        let first = listed.iter().position(|one| chosen.contains(&one.workspace_id));
        let positions = u32::try_from(first.unwrap_or_default()).unwrap_or_default()..;
        for ((workspace_id, saved), position) in
            chosen.iter().zip(&layout.workspaces).zip(positions)
        {
            table.change(ChangeWorkspace {
                workspace_id: *workspace_id,
                name: Some(saved.name.clone()),
                position: Some(position),
                column_shares: Some(saved.column_shares.clone()),
                row_shares: Some(saved.row_shares.clone()),
                zoomed: Some(false),
                focused: None,
            })?;
        }
        let shown = layout.workspaces.iter().position(|one| one.workspace_id == layout.shown);
        if let Some(workspace_id) = shown.and_then(|shown| chosen.get(shown)) {
            let window = layout.window;
            table.show(ShowWorkspace { workspace_id: *workspace_id, window })?;
        }
        Ok(chosen)
    }

    /// The workspaces that the layout's can have: the same ones, where no other session would be
    /// in the way, else empty ones.
    fn choose(&self, layout: &Layout) -> Vec<Option<WorkspaceId>> {
        let listed = self.inner.sessions.workspaces().current().workspaces;
        let records = self.inner.sessions.records();
        let is_own = |record: &SessionRecord| layout.panes().any(|pane| pane.is(record));
        let in_it = |workspace| {
            let with_pane = records.iter().filter(|record| record.pane_index.is_some());
            with_pane.filter(move |record| record.workspace_id == workspace)
        };
        let same = |saved: &SavedWorkspace| {
            let mut same = listed
                .iter()
                .filter(|one| one.workspace_id == saved.workspace_id && one.name == saved.name);
            same.next().map(|one| one.workspace_id).filter(|one| in_it(*one).all(is_own))
        };
        let mut chosen: Vec<_> = layout.workspaces.iter().map(same).collect();
        let mut empty = listed
            .iter()
            .map(|one| one.workspace_id)
            .filter(|workspace| in_it(*workspace).next().is_none());
        for at in 0..chosen.len() {
            if chosen[at].is_none() {
                let is_free = |one: &WorkspaceId| !chosen.contains(&Some(*one));
                let free = empty.by_ref().find(is_free);
                chosen[at] = free;
            }
        }
        chosen
    }

    /// Puts the sessions that are still there into their panes.
    async fn put_back(&self, layout: &Layout, workspaces: &[WorkspaceId]) -> Vec<Restored> {
        let sessions = &self.inner.sessions;
        let records = sessions.records();
        let mut present = Vec::new();
        for (at, pane) in numbered(layout) {
            if let Some(record) = records.iter().find(|record| pane.is(record)) {
                let background = record.pane_index.is_none();
                present.push((background, at, pane.pane_index, record.session_id));
            }
        }
        // Those in the background last: by then nobody has their panes any more.
        present.sort_unstable();
        let mut restored = Vec::new();
        for (_, at, pane_index, session) in present {
            let put = sessions.put(session, workspaces[at.0], Some(pane_index)).await;
            let outcome = put.map(|_| session);
            restored.push(Restored { at, outcome });
        }
        restored
    }

    /// Starts the sessions that are gone.
    async fn start_missing(
        &self,
        layout: &Layout,
        workspaces: &[WorkspaceId],
        there: &HashSet<(usize, usize)>,
    ) -> Vec<Restored> {
        let missing: Vec<_> = numbered(layout).filter(|(at, _)| !there.contains(at)).collect();
        let starts = missing.into_iter().map(|(at, pane)| async move {
            Restored { at, outcome: self.start_one(pane, workspaces[at.0]).await }
        });
        let starts: Vec<_> = starts.collect();
        stream::iter(starts).buffered(AT_ONCE).collect().await
    }

    async fn start_one(
        &self,
        pane: &SavedPane,
        workspace: WorkspaceId,
    ) -> Result<SessionId, WireError> {
        let saved = pane.clone();
        let looked = timeout(FOLDER_TIMEOUT, blocking(move || Ok(folder_and_branch(&saved)))).await;
        let (working_dir, branch) = looked.map_err(|_| unanswered(&pane.working_dir))??;
        let (known, missing): (Vec<_>, Vec<_>) =
            pane.env.clone().into_iter().partition(|(_, value)| value.is_some());
        let args = CreateSession {
            agent_type: pane.agent_type.clone(),
            project_path: pane.project_path.clone(),
            working_dir,
            branch,
            env: Some(known.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()),
            command: Some(pane.command.clone()).filter(|command| !command.is_empty()),
            workspace_id: Some(workspace),
            ..CreateSession::default()
        };
        let former = Former {
            session: pane.session(),
            pane_index: pane.pane_index,
            name: pane.name.clone(),
            missing_env: missing.into_iter().map(|(name, _)| name).collect(),
            prompts: pane.prompts.iter().map(|prompt| waiting(pane.session_id, prompt)).collect(),
        };
        Ok(self.inner.sessions.create_as(args, Some(former)).await?.session_id)
    }

    /// Gives each workspace its focus, and its zoom where there is somebody to have it.
    fn focus(&self, layout: &Layout, workspaces: &[WorkspaceId], restored: &[Restored]) {
        for (at, (saved, workspace_id)) in layout.workspaces.iter().zip(workspaces).enumerate() {
            let pane = saved.panes.iter().position(|pane| Some(pane.pane_index) == saved.focused);
            let focused = restored.iter().find(|one| Some(one.at) == pane.map(|pane| (at, pane)));
            let focused = focused.and_then(|one| one.outcome.as_ref().ok().copied());
            let changed = self.inner.sessions.workspaces().change(ChangeWorkspace {
                workspace_id: *workspace_id,
                focused,
                zoomed: Some(saved.zoomed && focused.is_some()),
                ..ChangeWorkspace::default()
            });
            if let Err(error) = changed {
                tracing::warn!("a workspace went while it was brought back: {error}");
            }
        }
    }
}

/// Every pane, with its place in the layout.
fn numbered(layout: &Layout) -> impl Iterator<Item = ((usize, usize), &SavedPane)> {
    layout.workspaces.iter().enumerate().flat_map(|(workspace, saved)| {
        saved.panes.iter().enumerate().map(move |(pane, saved)| ((workspace, pane), saved))
    })
}

/// A prompt that waited for a session. It gets another id.
fn waiting(session: SessionId, prompt: &SavedPrompt) -> Prompt {
    let SavedPrompt { text, submit, confirmed, held, at } = prompt.clone();
    Prompt { id: 0, session, text, submit, confirmed, at, held }
}

/// Where a session is to start and on which branch: in its worktree, which is made again if it is
/// gone, or where its shell was, or else where it was started.
fn folder_and_branch(pane: &SavedPane) -> (Option<String>, Option<String>) {
    let is_shell = pane.agent_type == AgentType::Terminal && pane.command.is_empty();
    let last = pane.current_dir.as_ref().filter(|_| is_shell);
    let folders: Vec<_> = last.into_iter().chain([&pane.working_dir]).collect();
    let (Some(worktree), Some(branch)) = (&pane.worktree, &pane.branch) else {
        let found = folders.into_iter().find(|folder| Path::new(folder).is_dir());
        return (Some(found.unwrap_or(&pane.working_dir).clone()), None);
    };
    // The folder of the project that the one in the worktree is a copy of.
    let below = folders.iter().find_map(|folder| Path::new(folder).strip_prefix(worktree).ok());
    let top = synk_git::locate(Path::new(&pane.project_path)).ok().map(|place| place.top);
    let folder = top.zip(below).map(|(top, below)| top.join(below)).filter(|one| one.is_dir());
    (folder.and_then(|folder| folder.into_os_string().into_string().ok()), Some(branch.clone()))
}
