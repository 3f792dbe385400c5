//! What the `git` crate says, as the wire has it.

use std::path::Path;
use synk_git::{Counts, GitError, Place, Trashed};
use synk_protocol::{ErrorCode, GitStatus, TrashEntry, WireError};

pub(super) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Counts are far below 2^32.
pub(super) fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

// By value, for `map_err`.
#[expect(clippy::needless_pass_by_value)]
pub(super) fn error(error: GitError) -> WireError {
    let code = match &error {
        GitError::NoBranch(_) => ErrorCode::NotFound,
        GitError::NotARepository(_)
        | GitError::NoCommits(_)
        | GitError::BadBranch(_)
        | GitError::NotOurs(_) => ErrorCode::Invalid,
        GitError::CheckedOut { .. } => ErrorCode::CheckedOut,
        GitError::Dirty { .. } => ErrorCode::DirtyWorktree,
        GitError::Refused(_) => ErrorCode::Conflict,
        GitError::NoProgram(_) | GitError::TimedOut { .. } => ErrorCode::Unavailable,
        GitError::Failed { .. } | GitError::Library(_) | GitError::File { .. } => {
            ErrorCode::Internal
        }
    };
    WireError::new(code, error.to_string())
}

pub(super) fn status(place: Place, counts: Counts) -> GitStatus {
    GitStatus {
        path: text(&place.top),
        branch: place.branch,
        head: counts.head,
        base_branch: place.base,
        ahead: count(counts.ahead),
        behind: count(counts.behind),
        staged: count(counts.staged),
        changed: count(counts.changed),
        untracked: count(counts.untracked),
        conflicted: count(counts.conflicted),
    }
}

pub(super) fn trash_entry(trashed: Trashed) -> TrashEntry {
    TrashEntry {
        id: trashed.id,
        project_path: text(&trashed.project),
        branch: trashed.branch,
        path: text(&trashed.path),
        at: trashed.at,
        commit: trashed.commit,
        files: trashed.files,
        discarded: trashed.discarded,
    }
}
