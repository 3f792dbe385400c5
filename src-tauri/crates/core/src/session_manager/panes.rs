//! Who is in which pane of which workspace: shown, moved, exchanged.
//!
//! Where a session is its own record says, so a move is told to its shim; one that changes
//! places with another is told to both, and undone when only one of them could be.

use std::{collections::HashSet, sync::PoisonError};
use synk_client::Shim;
use synk_protocol::{
    ChangeWorkspace, DeleteWorkspace, ErrorCode, MAX_PANES, MoveSession, SessionChanges, SessionId,
    SessionRecord, ShowSession, ShownSession, WireError, WorkspaceId,
};

use super::{
    SessionManager,
    table::{Pane, Plan},
};
use crate::workspaces::WorkspaceTable;

impl SessionManager {
    /// The workspaces that sessions have their panes in.
    pub(crate) fn workspaces(&self) -> &WorkspaceTable {
        &self.inner.workspaces
    }

    /// Gives a background session a pane; one that has a pane keeps it.
    ///
    /// # Errors
    /// [`ErrorCode::MaxSessions`] when the grid is full; see [`SessionManager::write`].
    pub async fn show(&self, args: ShowSession) -> Result<ShownSession, WireError> {
        let shim = self.shim(args.session_id).await?;
        let workspaces = &self.inner.workspaces;
        let last = {
            let record = shim.record().borrow().clone();
            if let Some(pane_index) = record.pane_index {
                return Ok(ShownSession { pane_index });
            }
            record.workspace_id
        };
        let workspace = args.workspace_id.unwrap_or_else(|| {
            if workspaces.check(last).is_ok() { last } else { workspaces.first() }
        });
        let pane_index = self.put(args.session_id, workspace, None).await?;
        Ok(ShownSession { pane_index })
    }

    /// Moves a session to another pane. Who is there takes its place.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a background session, [`ErrorCode::MaxSessions`] when the grid
    /// is full; see [`SessionManager::write`].
    pub async fn move_session(&self, args: MoveSession) -> Result<(), WireError> {
        let MoveSession { session_id, workspace_id, pane_index } = args;
        if self.inner.table.record(session_id)?.pane_index.is_none() {
            return Err(WireError::invalid(format!(
                "session {session_id} is in the background and has no pane; `session:show` gives \
                 it one"
            )));
        }
        self.put(session_id, workspace_id, pane_index).await.map(drop)
    }

    /// Puts a session into a pane of a workspace, the first free one when none is named. Answers
    /// which it is.
    ///
    /// # Errors
    /// See [`SessionManager::move_session`]; and [`ErrorCode::Conflict`] when a background session
    /// would take another's pane.
    pub(crate) async fn put(
        &self,
        session: SessionId,
        workspace: WorkspaceId,
        index: Option<u32>,
    ) -> Result<u32, WireError> {
        let table = &self.inner.table;
        let shim = self.shim(session).await?;
        let (from, to, other, held) = loop {
            let released = table.released();
            {
                let _held = self.inner.reserving.lock().unwrap_or_else(PoisonError::into_inner);
                self.inner.workspaces.check(workspace)?;
                let most = self.inner.settings.current().pool.max_active;
                match table.plan(session, workspace, index, most)? {
                    Plan::There(pane) => return Ok(pane.index),
                    Plan::Go { from, to, other, held } => break (from, to, other, held),
                    Plan::Wait => {}
                }
            }
            released.await;
        };
        let told = match (other, from) {
            (Some(other), Some(from)) => {
                let other_shim = self.shim(other).await?;
                check_knows(&other_shim, other, from)?;
                check_knows(&shim, session, to)?;
                tell(&shim, to).await?;
                match tell(&other_shim, from).await {
                    Ok(()) => Ok(()),
                    Err(error) => {
                        if let Err(undoing) = tell(&shim, from).await {
                            tracing::error!(%session, "undoing a move: {undoing}");
                        }
                        Err(error)
                    }
                }
            }
            _ => match check_knows(&shim, session, to) {
                Ok(()) => tell(&shim, to).await,
                refused => refused,
            },
        };
        drop(held);
        if told.is_ok() {
            self.inner.workspaces.left(session, Some(to.workspace));
            if let (Some(other), Some(from)) = (other, from) {
                self.inner.workspaces.left(other, Some(from.workspace));
            }
        }
        self.changed();
        told.map(|()| to.index)
    }

    /// Changes a workspace. What is not named stays.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] also for a session that gets the focus; see
    /// [`WorkspaceTable::change`].
    pub(crate) fn change_workspace(&self, args: ChangeWorkspace) -> Result<(), WireError> {
        args.focused.map(|session| self.inner.table.record(session)).transpose()?;
        self.inner.workspaces.change(args)
    }

    /// Takes an empty workspace away.
    ///
    /// # Errors
    /// [`ErrorCode::Conflict`] while sessions have panes in it and for the only one,
    /// [`ErrorCode::NotFound`].
    pub(crate) fn delete_workspace(&self, args: DeleteWorkspace) -> Result<(), WireError> {
        let workspace = args.workspace_id;
        // Nobody gets a pane in it meanwhile.
        let _held = self.inner.reserving.lock().unwrap_or_else(PoisonError::into_inner);
        self.inner.workspaces.check(workspace)?;
        if self.inner.table.is_used(workspace) {
            return Err(WireError::new(
                ErrorCode::Conflict,
                format!(
                    "sessions have panes in workspace {workspace}; close them, or move them to \
                     another one"
                ),
            ));
        }
        self.inner.workspaces.remove(workspace)
    }

    /// Sees to it that every session with a pane has one to itself and a workspace that there is,
    /// at the start: a daemon may have gone down between the two halves of an exchange. Those
    /// of `lost` have no shim yet that would have to be told.
    pub(super) fn settle(&self, lost: &mut [SessionRecord]) {
        let table = &self.inner.table;
        let live = table.records();
        let records = || live.iter().map(|(record, _)| record).chain(lost.iter());
        let used: Vec<_> = records().filter_map(Pane::of).map(|pane| pane.workspace).collect();
        self.inner.workspaces.ensure(used);
        let claimed: HashSet<Pane> = records().filter_map(Pane::of).collect();
        let mut taken = claimed.clone();
        let listed = self.inner.workspaces.current().workspaces;
        let mut another = |pane: Pane, everywhere: bool| {
            let others = listed.iter().map(|one| one.workspace_id).filter(|_| everywhere);
            let panes = [pane.workspace].into_iter().chain(others);
            let mut panes = panes
                .flat_map(|workspace| (0..MAX_PANES).map(move |index| Pane { workspace, index }));
            panes.find(|pane| taken.insert(*pane))
        };
        let mut held = HashSet::new();
        // One that cannot be told keeps its pane.
        let (told, untold): (Vec<_>, Vec<_>) =
            live.iter().partition(|(_, foreign)| foreign.is_none());
        held.extend(untold.iter().filter_map(|(record, _)| Pane::of(record)));
        for (record, _) in told {
            let Some(pane) = Pane::of(record).filter(|pane| !held.insert(*pane)) else { continue };
            let session = record.session_id;
            let Ok(shim) = table.shim(session) else { continue };
            let Some(to) = another(pane, shim.knows_workspaces()) else { continue };
            tracing::warn!(%session, "another session has its pane; it gets another one");
            let manager = self.clone();
            self.inner.tasks.spawn(async move {
                if let Err(error) = tell(&shim, to).await {
                    manager.tell(format!("Session {session} could not be given a pane: {error}"));
                }
            });
        }
        for record in lost {
            let Some(pane) = Pane::of(record).filter(|pane| !held.insert(*pane)) else { continue };
            let Some(to) = another(pane, true) else { continue };
            (record.workspace_id, record.pane_index) = (to.workspace, Some(to.index));
        }
    }
}

/// A shim that is too old for workspaces would leave its session in the first one, and say so.
fn check_knows(shim: &Shim, session: SessionId, to: Pane) -> Result<(), WireError> {
    if shim.knows_workspaces() || to.workspace == WorkspaceId::default() {
        return Ok(());
    }
    Err(WireError::new(
        ErrorCode::VersionMismatch,
        format!(
            "session {session} runs in the shim of Synk {}, which knows no workspace but the \
             first; close it and start it again to have it in another one",
            shim.hello().version
        ),
    ))
}

/// Has a session's record say where it is.
async fn tell(shim: &Shim, pane: Pane) -> Result<(), WireError> {
    let changes = SessionChanges {
        pane_index: Some(pane.index),
        workspace_id: Some(pane.workspace),
        ..SessionChanges::default()
    };
    shim.update(changes).await
}
