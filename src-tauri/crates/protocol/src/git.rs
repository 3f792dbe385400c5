//! What is known of repositories: worktrees, differences, what happened, what was removed.
//! Paths inside a repository are relative to its top and use `/`; bytes that are not UTF-8 are
//! shown as U+FFFD.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::session::SessionId;

/// A worktree that Synk has made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorktreeInfo {
    /// Its folder, absolute.
    pub path: String,
    /// The project that it belongs to: the top folder of the user's own checkout.
    pub project_path: String,
    /// The branch that is checked out there; `null` when none is.
    pub branch: Option<String>,
    /// What its changes are compared with: the branch that it began from.
    pub base_branch: Option<String>,
    /// The sessions that work in it.
    pub sessions: Vec<SessionId>,
    /// Its folder is gone.
    pub missing: bool,
}

/// How a session's repository is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GitStatus {
    /// The top of the session's own worktree or checkout, absolute.
    pub path: String,
    /// The branch there; `null` when none is checked out.
    pub branch: Option<String>,
    /// The commit there; `null` before the first.
    pub head: Option<String>,
    /// What its changes are compared with; `null` where that is not known.
    pub base_branch: Option<String>,
    /// Commits that the base does not have.
    pub ahead: u32,
    /// Commits of the base that are not here.
    pub behind: u32,
    /// Files that differ from the last commit and are in the index so.
    pub staged: u32,
    /// Files that differ from the index.
    pub changed: u32,
    /// Files that git does not know.
    pub untracked: u32,
    /// Files in conflict.
    pub conflicted: u32,
    /// All of these, each file once.
    pub uncommitted: u32,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileChange {
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
    /// Its content or its mode is another.
    Modified,
    /// It has another name, and perhaps another content.
    Renamed,
    /// It is another kind of thing: a link, a file or a submodule.
    TypeChanged,
    /// Both sides changed it and nobody has decided.
    Conflicted,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileDiff {
    /// Its path, the new one of two.
    pub path: String,
    /// Its old path, when it was renamed.
    pub old_path: Option<String>,
    /// What became of it.
    pub change: FileChange,
    /// Its mode before, as git writes it in octal: `100644`, `100755`, `120000`, `160000`;
    /// `null` when it was not there.
    pub old_mode: Option<String>,
    /// Its mode now.
    pub new_mode: Option<String>,
    /// Lines that are new.
    pub additions: u32,
    /// Lines that are gone.
    pub deletions: u32,
    /// It is not text, so there are no lines.
    pub binary: bool,
    /// It is larger than what is compared line by line (`null` lines: see `hunks`).
    pub too_large: bool,
    /// Its bytes before.
    #[ts(type = "number")]
    pub old_bytes: u64,
    /// Its bytes now.
    #[ts(type = "number")]
    pub new_bytes: u64,
    /// What differs, when it was asked for and is text.
    pub hunks: Option<Vec<DiffHunk>>,
}

/// A run of lines that differ, with a few around them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiffHunk {
    /// The first line before, from 1; 0 when there is none.
    pub old_start: u32,
    /// Lines before.
    pub old_lines: u32,
    /// The first line now, from 1; 0 when there is none.
    pub new_start: u32,
    /// Lines now.
    pub new_lines: u32,
    /// What git writes after the second `@@`: the function that it is in.
    pub heading: String,
    /// The lines.
    pub lines: Vec<DiffLine>,
}

/// Where a line is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// It is on both sides.
    Context,
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
}

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiffLine {
    /// Where it is from.
    pub change: LineChange,
    /// Its text, without the end of line.
    pub text: String,
    /// It has no end of line: the file ends here.
    pub unterminated: bool,
}

/// How a branch is brought into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MergeStrategy {
    /// `git merge`: a merge commit, or none where the base can go forward.
    Merge,
    /// All its commits as one.
    Squash,
    /// Its commits one by one on top of the base.
    Rebase,
}

/// Something that was removed, and can be had back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TrashEntry {
    /// Its name: what comes after `refs/synk/trash/`.
    pub id: String,
    /// The project that it is from.
    pub project_path: String,
    /// The branch that it was on.
    pub branch: Option<String>,
    /// The folder that it was in.
    pub path: String,
    /// When it was removed: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub at: u64,
    /// The commit that keeps it.
    pub commit: String,
    /// Files that were in no commit.
    pub files: u32,
    /// Only changes were discarded; the worktree is still there.
    pub discarded: bool,
}

/// Two sessions that change the same files of one repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Overlap {
    /// The two, the smaller id first.
    pub sessions: [SessionId; 2],
    /// The files that both change.
    pub files: Vec<OverlapFile>,
}

/// A file that two sessions change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OverlapFile {
    /// Its path.
    pub path: String,
    /// Both cannot be had: a merge of the two would be in conflict here.
    pub conflicts: bool,
}

/// What happened in a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GitEventKind {
    /// A commit was made.
    Commit,
    /// A branch was created.
    BranchCreated,
    /// A branch was deleted.
    BranchDeleted,
    /// A merge was made.
    Merge,
    /// A merge, a rebase or a cherry-pick stopped for files in conflict.
    Conflict,
}

/// Something that happened in a session's repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GitEvent {
    /// What it was.
    #[serde(rename = "type")]
    pub kind: GitEventKind,
    /// The session in whose worktree it was, or one of the repository.
    pub session_id: SessionId,
    /// On which branch.
    pub branch: String,
    /// The commit's subject, or the files in conflict.
    pub details: String,
    /// When: RFC 3339, UTC.
    pub timestamp: String,
}
