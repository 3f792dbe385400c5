//! What commands about repositories take and answer. Each names its repository by a session
//! that works in it or by a project's folder; the session counts when both are named.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{git::MergeStrategy, session::SessionId};

/// Arguments of `git:create_worktree`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct CreateWorktree {
    /// A session of the repository.
    pub session_id: Option<SessionId>,
    /// A folder of the repository, absolute.
    pub project_path: Option<String>,
    /// The branch to check out, which is made if there is none.
    pub branch: String,
    /// Where a new branch begins; by default what is checked out in the project.
    pub base_branch: Option<String>,
    /// Run what the project's `synk.toml` wants in a new worktree, now and from now on; `false`
    /// leaves it. Without a word it is run if that was agreed to before.
    pub set_up: Option<bool>,
}

/// Reply of `git:create_worktree`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CreatedWorktree {
    /// Its folder.
    pub worktree_path: String,
    /// The branch there.
    pub branch: String,
    /// It was there already.
    pub reused: bool,
    /// What it lacks, a sentence each: it is usable all the same.
    pub problems: Vec<String>,
}

/// Arguments of `git:delete_worktree`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct DeleteWorktree {
    /// A session that works, or worked, in it.
    pub session_id: Option<SessionId>,
    /// Its folder, absolute.
    pub path: Option<String>,
    /// Delete its branch as well.
    pub delete_branch: Option<bool>,
}

/// Reply of `git:delete_worktree`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeletedWorktree {
    /// Always true.
    pub success: bool,
    /// What went wrong on the way, a sentence each: the worktree is gone all the same.
    pub problems: Vec<String>,
    /// What brings it back; see `git:restore`. `null` when its folder was gone already.
    pub trash_id: Option<String>,
    /// Files that git ignores and that are gone for good, at the most 100 of them: what a
    /// build makes, for example.
    pub not_kept: Vec<String>,
}

/// Arguments of `git:worktrees`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct ListWorktrees {
    /// A session of the repository.
    pub session_id: Option<SessionId>,
    /// A folder of the repository; without it and without a session, those of all.
    pub project_path: Option<String>,
}

/// Arguments of `git:status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GetGitStatus {
    /// Which session.
    pub session_id: SessionId,
}

/// Arguments of `git:diff`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct GetDiff {
    /// A session of the repository.
    pub session_id: Option<SessionId>,
    /// A folder of the repository, absolute.
    pub project_path: Option<String>,
    /// What is looked at. Without it: the session's worktree as it is, with what is in no
    /// commit.
    pub branch: Option<String>,
    /// What it is compared with, from where the two parted. By default the worktree's base.
    pub base_branch: Option<String>,
    /// Only these files, by their new paths.
    pub paths: Option<Vec<String>>,
    /// Answer with lines.
    pub lines: Option<bool>,
}

/// Arguments of `git:merge`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct MergeBranch {
    /// A session of the repository.
    #[serde(default)]
    pub session_id: Option<SessionId>,
    /// A folder of the repository, absolute.
    #[serde(default)]
    pub project_path: Option<String>,
    /// What is brought in.
    pub branch: String,
    /// Where to.
    pub base_branch: String,
    /// How.
    pub strategy: MergeStrategy,
    /// The message of the commit that it makes; git's own by default.
    #[serde(default)]
    pub message: Option<String>,
    /// The base may be checked out somewhere, and the files there may be brought along.
    #[serde(default)]
    pub update_checkout: Option<bool>,
}

/// Reply of `git:merge`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct MergeResult {
    /// It was merged. Otherwise everything is as before.
    pub success: bool,
    /// The files in conflict, when that is why it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict_files: Option<Vec<String>>,
    /// The commit that the base is at now.
    pub commit: String,
}

/// Arguments of `git:commit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct CommitChanges {
    /// In whose worktree.
    pub session_id: SessionId,
    /// The message.
    pub message: String,
    /// Only these files; all by default.
    #[serde(default)]
    pub paths: Option<Vec<String>>,
}

/// Reply of `git:commit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Committed {
    /// The commit.
    pub commit: String,
}

/// Arguments of `git:discard`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct DiscardChanges {
    /// In whose worktree.
    pub session_id: SessionId,
    /// Only these files; all that is in no commit by default.
    #[serde(default)]
    pub paths: Option<Vec<String>>,
}

/// Reply of `git:discard`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Discarded {
    /// What brings it back; see `git:restore`.
    pub trash_id: String,
}

/// Arguments of `git:branches`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct ListBranches {
    /// A session of the repository.
    pub session_id: Option<SessionId>,
    /// A folder of the repository, absolute.
    pub project_path: Option<String>,
}

/// Arguments of `git:activity`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct ListActivity {
    /// Only what happened after that: RFC 3339. By default the last day.
    pub since: Option<String>,
}

/// Arguments of `git:trash`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct ListTrash {
    /// A session of the repository.
    pub session_id: Option<SessionId>,
    /// A folder of the repository; without it and without a session, what was removed in all
    /// that Synk has worktrees of.
    pub project_path: Option<String>,
}

/// Arguments of `git:restore`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestoreTrash {
    /// Which; see `git:trash`.
    pub id: String,
}

/// Reply of `git:restore`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestoredWorktree {
    /// Its folder.
    pub worktree_path: String,
    /// The branch there; `null` when none is checked out.
    pub branch: Option<String>,
}

/// Arguments of `git:empty_trash`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct EmptyTrash {
    /// Only this one.
    pub id: Option<String>,
    /// Only what was removed longer ago, in seconds.
    pub older_than_seconds: Option<u32>,
    /// Only of this project.
    pub project_path: Option<String>,
}

/// Reply of `git:empty_trash`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EmptiedTrash {
    /// How many cannot be had back any more.
    pub removed: u32,
}
