//! From a request to the method that answers it. No logic, and no command left out: the
//! match is over the closed table of the protocol, and each arm's reply type is the table's.

use serde_json::Value;
use synk_protocol::{
    Call, ChangeWorkspace, CleanSessions, CommitChanges, CreateSession, CreateWorkspace,
    CreateWorktree, DaemonStatus, DeleteSaved, DeleteWorkspace, DeleteWorktree, DestroySession,
    DiscardChanges, EditQueued, EmptyTrash, GetDaemonStatus, GetDiff, GetGitStatus, GetPoolStatus,
    GetScreen, GetSettings, GetStatus, ImportPalette, ListActivity, ListAgents, ListBranches,
    ListCosts, ListQueue, ListSaved, ListSessions, ListTrash, ListWorkspaces, ListWorktrees,
    LoadSession, MarkSeen, MergeBranch, MoveSession, RenameSaved, RenameSession, ReplaySession,
    Request, ResizeSession, RestartSession, RestoreTrash, SaveSession, Screen, SearchSessions,
    SendPrompt, SetSettings, ShowSession, ShowWorkspace, StopDaemon, StoppedDaemon, Success,
    WireError, WriteSession,
};

use crate::{Caller, Core, environment, settings::Settings};

impl Core {
    /// Answers a request.
    ///
    /// # Errors
    /// The command's own.
    #[expect(clippy::too_many_lines, reason = "an arm a command")]
    pub async fn dispatch(&self, caller: Caller, request: Request) -> Result<Value, WireError> {
        let sessions = &self.sessions;
        let worktrees = sessions.worktrees();
        match request {
            Request::SessionCreate(args) => reply::<CreateSession>(sessions.create(args).await),
            Request::SessionDestroy(args) => reply::<DestroySession>(
                sessions
                    .destroy(args.session_id, Some(caller.pid).filter(|_| args.force != Some(true)))
                    .await
                    .map(|()| Success::YES),
            ),
            Request::SessionWrite(args) => {
                let session = args.session_id;
                let bytes = args.into_bytes()?;
                reply::<WriteSession>(sessions.write(session, bytes).await)
            }
            Request::SessionResize(args) => {
                reply::<ResizeSession>(sessions.resize(args.session_id, args.cols, args.rows).await)
            }
            Request::SessionList(args) => reply::<ListSessions>(match args.all {
                Some(true) => sessions.list_all().await,
                _ => Ok(sessions.list().await),
            }),
            Request::SessionRename(args) => reply::<RenameSession>(
                sessions.rename(args.session_id, args.name).await.map(|()| Success::YES),
            ),
            Request::SessionRestart(args) => {
                let session = args.session_id;
                let restarted = match args.when_idle {
                    Some(wanted) => sessions.restart_when_idle(session, wanted),
                    None => sessions.restart(session).await,
                };
                reply::<RestartSession>(restarted.map(|()| Success::YES))
            }
            Request::SessionShow(args) => reply::<ShowSession>(sessions.show(args).await),
            Request::SessionScreen(args) => reply::<GetScreen>(
                sessions.screen(args.session_id).await.map(|text| Screen { text }),
            ),
            Request::SessionSearch(args) => reply::<SearchSessions>(sessions.search(args).await),
            Request::SessionReplay(args) => reply::<ReplaySession>(sessions.replay(args).await),
            Request::SessionClean(args) => reply::<CleanSessions>(sessions.clean(args).await),
            Request::SessionMove(args) => {
                reply::<MoveSession>(sessions.move_session(args).await.map(|()| Success::YES))
            }
            Request::WorkspaceList(ListWorkspaces {}) => {
                reply::<ListWorkspaces>(Ok(sessions.workspaces().current()))
            }
            Request::WorkspaceCreate(args) => {
                reply::<CreateWorkspace>(sessions.workspaces().create(args.name))
            }
            Request::WorkspaceChange(args) => {
                reply::<ChangeWorkspace>(sessions.change_workspace(args).map(|()| Success::YES))
            }
            Request::WorkspaceDelete(args) => {
                reply::<DeleteWorkspace>(sessions.delete_workspace(args).map(|()| Success::YES))
            }
            Request::WorkspaceShow(args) => {
                reply::<ShowWorkspace>(sessions.workspaces().show(args).map(|()| Success::YES))
            }
            Request::PersistenceSaveSession(args) => {
                reply::<SaveSession>(self.layouts.save(args).await)
            }
            Request::PersistenceLoadSession(args) => {
                reply::<LoadSession>(self.layouts.load(args).await)
            }
            Request::PersistenceListSaved(ListSaved {}) => {
                reply::<ListSaved>(self.layouts.list().await)
            }
            Request::PersistenceRenameSaved(args) => {
                reply::<RenameSaved>(self.layouts.rename(args).await)
            }
            Request::PersistenceDeleteSaved(args) => {
                reply::<DeleteSaved>(self.layouts.delete(args).await.map(|()| Success::YES))
            }
            Request::SettingsGet(GetSettings {}) => {
                reply::<GetSettings>(self.with_settings(Settings::read).await)
            }
            Request::SettingsSet(args) => {
                let changed =
                    self.with_settings(move |settings| settings.change(&args.settings)).await;
                reply::<SetSettings>(changed.map(|_| Success::YES))
            }
            Request::SettingsImportPalette(args) => reply::<ImportPalette>(
                self.with_settings(move |settings| settings.import_palette(args.path.as_ref()))
                    .await,
            ),
            Request::AgentList(ListAgents {}) => reply::<ListAgents>(Ok(self.agents().await)),
            Request::SessionStatus(args) => reply::<GetStatus>(sessions.status(args.session_id)),
            Request::SessionSeen(args) => {
                sessions.mark_seen(&args.session_ids).await;
                reply::<MarkSeen>(Ok(Success::YES))
            }
            Request::DispatchSend(args) => reply::<SendPrompt>(sessions.send_prompt(args).await),
            Request::DispatchQueue(args) => {
                reply::<ListQueue>(sessions.queued_prompts(args.session_id).await)
            }
            Request::DispatchEdit(args) => {
                reply::<EditQueued>(sessions.edit_queued(args).await.map(|()| Success::YES))
            }
            Request::CostList(args) => reply::<ListCosts>(sessions.costs(&args).await),
            Request::PoolStatus(GetPoolStatus {}) => {
                reply::<GetPoolStatus>(Ok(self.pool_status().borrow().clone()))
            }
            Request::GitCreateWorktree(args) => {
                let list = sessions.list().await;
                reply::<CreateWorktree>(worktrees.create(&list, args).await)
            }
            Request::GitDeleteWorktree(args) => {
                let all = sessions.list_all().await?;
                let now = sessions.clone();
                reply::<DeleteWorktree>(worktrees.delete(&all, move || now.records(), args).await)
            }
            Request::GitWorktrees(args) => {
                reply::<ListWorktrees>(worktrees.list(sessions.list().await, args).await)
            }
            Request::GitStatus(args) => {
                let list = sessions.list().await;
                reply::<GetGitStatus>(worktrees.status(&list, args).await)
            }
            Request::GitDiff(args) => {
                let list = sessions.list().await;
                reply::<GetDiff>(worktrees.diff(&list, args).await)
            }
            Request::GitMerge(args) => {
                let list = sessions.list().await;
                reply::<MergeBranch>(worktrees.merge(&list, args).await)
            }
            Request::GitCommit(args) => {
                let list = sessions.list().await;
                reply::<CommitChanges>(worktrees.commit(&list, args).await)
            }
            Request::GitDiscard(args) => {
                let list = sessions.list().await;
                reply::<DiscardChanges>(worktrees.discard(&list, args).await)
            }
            Request::GitBranches(args) => {
                let list = sessions.list().await;
                reply::<ListBranches>(worktrees.branches(&list, args).await)
            }
            Request::GitActivity(args) => {
                reply::<ListActivity>(worktrees.activity(sessions.list().await, args).await)
            }
            Request::GitTrash(args) => {
                let list = sessions.list().await;
                reply::<ListTrash>(worktrees.trash(&list, args).await)
            }
            Request::GitRestore(args) => reply::<RestoreTrash>(worktrees.restore(args).await),
            Request::GitEmptyTrash(args) => reply::<EmptyTrash>(worktrees.empty_trash(args).await),
            Request::DaemonStatus(GetDaemonStatus {}) => {
                reply::<GetDaemonStatus>(Ok(self.status()))
            }
            Request::DaemonStop(args) => {
                reply::<StopDaemon>(self.stop(args.all == Some(true)).await)
            }
        }
    }

    fn status(&self) -> DaemonStatus {
        DaemonStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            sessions: self.sessions.count(),
            home_dir: environment::home_dir().display().to_string(),
        }
    }

    /// Works with the settings' file, which may take the disk's time.
    async fn with_settings<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Settings) -> Result<T, WireError> + Send + 'static,
    ) -> Result<T, WireError> {
        let settings = self.settings.clone();
        let worked = tokio::task::spawn_blocking(move || work(&settings)).await;
        worked.unwrap_or_else(|error| Err(WireError::internal(format!("the settings: {error}"))))
    }

    async fn stop(&self, all: bool) -> Result<StoppedDaemon, WireError> {
        let ended = if all {
            let _saved = self.layouts.save_before_the_end().await;
            self.sessions.destroy_all().await?
        } else {
            0
        };
        self.stop.cancel();
        Ok(StoppedDaemon { kept: self.sessions.count(), ended })
    }
}

/// Ties a reply's type to its command's.
fn reply<C: Call>(result: Result<C::Reply, WireError>) -> Result<Value, WireError> {
    serde_json::to_value(result?)
        .map_err(|error| WireError::internal(format!("writing the answer to {}: {error}", C::NAME)))
}
