//! What the `git` crate says, as the wire has it.

use std::path::Path;
use synk_git::{Counts, GitError, Place, Trashed};
use synk_protocol::{
    DiffHunk, DiffLine, ErrorCode, FileChange, FileDiff, GitStatus, LineChange, MergeStrategy,
    TrashEntry, WireError,
};

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
        GitError::Refused(_) | GitError::Moved(_) | GitError::Untrusted { .. } => {
            ErrorCode::Conflict
        }
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
        uncommitted: count(counts.uncommitted),
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

pub(super) fn strategy(strategy: MergeStrategy) -> synk_git::MergeStrategy {
    match strategy {
        MergeStrategy::Merge => synk_git::MergeStrategy::Merge,
        MergeStrategy::Squash => synk_git::MergeStrategy::Squash,
        MergeStrategy::Rebase => synk_git::MergeStrategy::Rebase,
    }
}

pub(super) fn file_diff(file: synk_git::FileDiff) -> FileDiff {
    FileDiff {
        path: file.path,
        old_path: file.old_path,
        change: match file.change {
            synk_git::FileChange::Added => FileChange::Added,
            synk_git::FileChange::Deleted => FileChange::Deleted,
            synk_git::FileChange::Modified => FileChange::Modified,
            synk_git::FileChange::Renamed => FileChange::Renamed,
            synk_git::FileChange::TypeChanged => FileChange::TypeChanged,
            synk_git::FileChange::Conflicted => FileChange::Conflicted,
        },
        old_mode: file.old_mode,
        new_mode: file.new_mode,
        additions: file.additions,
        deletions: file.deletions,
        binary: file.binary,
        too_large: file.too_large,
        old_bytes: file.old_bytes,
        new_bytes: file.new_bytes,
        hunks: file.hunks.map(|hunks| hunks.into_iter().map(hunk).collect()),
    }
}

fn hunk(hunk: synk_git::DiffHunk) -> DiffHunk {
    DiffHunk {
        old_start: hunk.old_start,
        old_lines: hunk.old_lines,
        new_start: hunk.new_start,
        new_lines: hunk.new_lines,
        heading: hunk.heading,
        lines: hunk.lines.into_iter().map(line).collect(),
    }
}

fn line(line: synk_git::DiffLine) -> DiffLine {
    DiffLine {
        change: match line.change {
            synk_git::LineChange::Context => LineChange::Context,
            synk_git::LineChange::Added => LineChange::Added,
            synk_git::LineChange::Deleted => LineChange::Deleted,
        },
        text: line.text,
        unterminated: line.unterminated,
    }
}
