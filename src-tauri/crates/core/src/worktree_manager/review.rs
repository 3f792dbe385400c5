//! What a session has done in its repository, and what becomes of it: looked at, committed,
//! discarded, merged.

use synk_git::{branches, commit, counts, discard, locate};
use synk_protocol::{
    CommitChanges, Committed, DiscardChanges, Discarded, GetGitStatus, GitStatus, ListBranches,
    SessionInfo, WireError,
};

use super::{
    WorktreeManager, blocking,
    wire::{error, status},
};
use crate::time::now_millis;

/// The longest message of a commit, in bytes. It is an argument of `git`.
const MAX_MESSAGE_BYTES: usize = 64 << 10;

impl WorktreeManager {
    /// How a session's repository is.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Invalid`] outside a repository; so for all below.
    pub(crate) async fn status(
        &self,
        sessions: &[SessionInfo],
        args: GetGitStatus,
    ) -> Result<GitStatus, WireError> {
        let folder = Self::place(sessions, Some(args.session_id), None)?;
        blocking(move || {
            let place = locate(&folder).map_err(error)?;
            let counts = counts(&folder, place.base.as_deref()).map_err(error)?;
            Ok(status(place, counts))
        })
        .await
    }

    /// A repository's branches.
    pub(crate) async fn branches(
        &self,
        sessions: &[SessionInfo],
        args: ListBranches,
    ) -> Result<Vec<String>, WireError> {
        let folder = Self::place(sessions, args.session_id, args.project_path)?;
        blocking(move || branches(&folder).map_err(error)).await
    }

    /// Commits what a session has changed.
    pub(crate) async fn commit(
        &self,
        sessions: &[SessionInfo],
        args: CommitChanges,
    ) -> Result<Committed, WireError> {
        check_message(&args.message)?;
        let folder = Self::place(sessions, Some(args.session_id), None)?;
        let program = self.program().await;
        let manager = self.clone();
        blocking(move || {
            let place = locate(&folder).map_err(error)?;
            let trust = manager.trust(&place.project);
            let made = commit(&program, trust, &folder, &args.message, args.paths.as_deref());
            Ok(Committed { commit: made.map_err(error)? })
        })
        .await
    }

    /// Takes back what a session has changed.
    pub(crate) async fn discard(
        &self,
        sessions: &[SessionInfo],
        args: DiscardChanges,
    ) -> Result<Discarded, WireError> {
        let folder = Self::place(sessions, Some(args.session_id), None)?;
        let program = self.program().await;
        let manager = self.clone();
        blocking(move || {
            let place = locate(&folder).map_err(error)?;
            let trust = manager.trust(&place.project);
            let kept = discard(&program, trust, &folder, now_millis(), args.paths.as_deref());
            Ok(Discarded { trash_id: kept.map_err(error)?.id })
        })
        .await
    }
}

fn check_message(message: &str) -> Result<(), WireError> {
    if message.len() > MAX_MESSAGE_BYTES || message.contains('\0') {
        return Err(WireError::invalid(format!(
            "a commit's message has at the most {MAX_MESSAGE_BYTES} bytes, none of them 0"
        )));
    }
    Ok(())
}
