//! What a session has done in its repository, and what becomes of it: looked at, committed,
//! discarded, merged.

use std::path::{Path, PathBuf};
use synk_git::{
    Compared, DiffOptions, GitError, MergeRequest, Program, Trust, branches, commit, counts, diff,
    discard, locate, merge, project_of,
};
use synk_protocol::{
    CommitChanges, Committed, DiscardChanges, Discarded, FileDiff, GetDiff, GetGitStatus,
    GitStatus, ListBranches, MergeBranch, MergeResult, SessionId, SessionInfo, WireError,
};

use super::{
    WorktreeManager, blocking,
    wire::{self, error, status},
};
use crate::time::now_millis;

/// Where merges are made, among the worktrees; each is there for a moment.
const SCRATCH: &str = ".merging";
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

    /// What a branch changes, or a session's worktree as it is.
    pub(crate) async fn diff(
        &self,
        sessions: &[SessionInfo],
        args: GetDiff,
    ) -> Result<Vec<FileDiff>, WireError> {
        let folder = Self::place(sessions, args.session_id, args.project_path)?;
        blocking(move || {
            let place = locate(&folder).ok();
            let base = args.base_branch.or(place.and_then(|place| place.base));
            let compared = match (&args.branch, &base) {
                (Some(branch), Some(base)) => Compared::Branch { branch, base },
                (Some(_), None) => {
                    return Err(WireError::invalid(
                        "name the base that the branch is compared with",
                    ));
                }
                (None, base) => Compared::Working { base: base.as_deref() },
            };
            let paths = args.paths.as_deref();
            let options = DiffOptions { paths, lines: args.lines == Some(true) };
            let files = diff(&folder, compared, options).map_err(error)?;
            Ok(files.into_iter().map(wire::file_diff).collect())
        })
        .await
    }

    /// Brings a branch into another.
    pub(crate) async fn merge(
        &self,
        sessions: &[SessionInfo],
        args: MergeBranch,
    ) -> Result<MergeResult, WireError> {
        if let Some(message) = &args.message {
            check_message(message)?;
        }
        let folder = Self::place(sessions, args.session_id, args.project_path)?;
        let program = self.program().await;
        let manager = self.clone();
        blocking(move || {
            let project = project_of(&folder).map_err(error)?;
            let trust = manager.trust(&project);
            let scratch = manager.scratch();
            synk_client::private_dir(&manager.inner.root)?;
            synk_client::private_dir(&scratch)?;
            let request = MergeRequest {
                branch: args.branch,
                base: args.base_branch,
                strategy: wire::strategy(args.strategy),
                message: args.message,
                update_checkout: args.update_checkout == Some(true),
            };
            let merged = merge(&program, trust, &project, &request, &scratch).map_err(error)?;
            Ok(MergeResult {
                success: merged.conflicts.is_none(),
                conflict_files: merged.conflicts,
                commit: merged.commit,
            })
        })
        .await
    }

    pub(super) fn scratch(&self) -> PathBuf {
        self.inner.root.join(SCRATCH)
    }

    /// Commits what a session has changed.
    pub(crate) async fn commit(
        &self,
        sessions: &[SessionInfo],
        args: CommitChanges,
    ) -> Result<Committed, WireError> {
        check_message(&args.message)?;
        let made = self.in_checkout(sessions, args.session_id, move |program, trust, folder| {
            commit(program, trust, folder, &args.message, args.paths.as_deref())
        });
        Ok(Committed { commit: made.await? })
    }

    /// Takes back what a session has changed.
    pub(crate) async fn discard(
        &self,
        sessions: &[SessionInfo],
        args: DiscardChanges,
    ) -> Result<Discarded, WireError> {
        let folder = Self::place(sessions, Some(args.session_id), None)?;
        let manager = self.clone();
        // Else what goes into the trash is not found there.
        blocking(move || manager.note_project(&project_of(&folder).map_err(error)?)).await?;
        let kept = self.in_checkout(sessions, args.session_id, move |program, trust, folder| {
            discard(program, trust, folder, now_millis(), args.paths.as_deref())
        });
        Ok(Discarded { trash_id: kept.await?.id })
    }

    /// Runs the user's git where a session works.
    async fn in_checkout<T: Send + 'static>(
        &self,
        sessions: &[SessionInfo],
        session: SessionId,
        work: impl FnOnce(&Program, Trust, &Path) -> Result<T, GitError> + Send + 'static,
    ) -> Result<T, WireError> {
        let folder = Self::place(sessions, Some(session), None)?;
        let program = self.program().await;
        let manager = self.clone();
        blocking(move || {
            let project = project_of(&folder).map_err(error)?;
            work(&program, manager.trust(&project), &folder).map_err(error)
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
