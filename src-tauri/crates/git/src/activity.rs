//! What has happened in a repository: read from the logs that git itself keeps of where its
//! branches were. Nothing is kept for it, and it reaches back as far as they do.

use git2::{BranchType, Oid, ReflogEntry, Repository};
use std::{cmp::Reverse, collections::BTreeMap, path::Path};

use crate::{GitError, refs::open};

/// Entries of one log that are looked at, from the newest on.
const MAX_LOG: usize = 1000;

/// What happened to a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// A commit was made.
    Commit,
    /// The branch was created.
    Created,
    /// Another branch was merged into it.
    Merge,
}

/// Something that happened to a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// What.
    pub happening: Happening,
    /// Which branch.
    pub branch: String,
    /// The subject of the commit that it is at since.
    pub subject: String,
    /// When: seconds since 1970, UTC.
    pub at: i64,
}

/// What has happened to the branches of a repository since then (seconds since 1970), newest
/// first.
///
/// # Errors
/// [`GitError::NotARepository`].
pub fn activity(folder: &Path, since: i64) -> Result<Vec<Activity>, GitError> {
    let repository = open(folder)?;
    let mut found = Vec::new();
    for branch in repository.branches(Some(BranchType::Local))? {
        let (branch, _) = branch?;
        let Ok(Some(name)) = branch.name() else { continue };
        let Ok(log) = repository.reflog(&format!("refs/heads/{name}")) else { continue };
        let recent = log.iter().take(MAX_LOG);
        let recent = recent.take_while(|entry| entry.committer().when().seconds() >= since);
        found.extend(recent.filter_map(|entry| read(&repository, name, &entry)));
    }
    found.sort_by_key(|one| Reverse(one.at));
    Ok(found)
}

/// The last thing that happened to a branch; `None` when that was nothing new, or when git
/// keeps no log of it.
///
/// # Errors
/// [`GitError::NotARepository`].
pub fn last_activity(folder: &Path, branch: &str) -> Result<Option<Activity>, GitError> {
    let repository = open(folder)?;
    let log = repository.reflog(&format!("refs/heads/{branch}"));
    Ok(log.ok().and_then(|log| read(&repository, branch, &log.get(0)?)))
}

/// The repository's branches, and the commit that each is at.
///
/// # Errors
/// [`GitError::NotARepository`].
pub fn branch_tips(folder: &Path) -> Result<BTreeMap<String, String>, GitError> {
    let repository = open(folder)?;
    let mut tips = BTreeMap::new();
    for branch in repository.branches(Some(BranchType::Local))? {
        let (branch, _) = branch?;
        if let (Ok(Some(name)), Some(tip)) = (branch.name(), branch.get().target()) {
            tips.insert(name.to_owned(), tip.to_string());
        }
    }
    Ok(tips)
}

fn read(repository: &Repository, branch: &str, entry: &ReflogEntry<'_>) -> Option<Activity> {
    let message = entry.message().ok().flatten().unwrap_or_default();
    let happening = happening(repository, entry.id_old(), entry.id_new(), message)?;
    let commit = repository.find_commit(entry.id_new()).ok();
    let subject = commit.and_then(|commit| commit.summary().ok().flatten().map(str::to_owned));
    Some(Activity {
        happening,
        branch: branch.to_owned(),
        subject: subject.unwrap_or_default(),
        at: entry.committer().when().seconds(),
    })
}

/// What a step in a branch's log was; `None` for one that is nothing new, such as a reset.
fn happening(repository: &Repository, old: Oid, new: Oid, message: &str) -> Option<Happening> {
    if old.is_zero() {
        // The first commit creates its branch as well, and is told of as a commit.
        let is_commit = message.starts_with("commit");
        return Some(if is_commit { Happening::Commit } else { Happening::Created });
    }
    if message.starts_with("reset") || message.starts_with("Branch: renamed") {
        return None;
    }
    let commit = repository.find_commit(new).ok()?;
    let is_merge = ["merge", "synk: merge"].iter().any(|word| message.starts_with(word));
    if is_merge || commit.parent_count() > 1 {
        return Some(Happening::Merge);
    }
    let words = ["commit", "rebase", "cherry-pick", "revert", "pull", "am"];
    words.iter().any(|word| message.starts_with(word)).then_some(Happening::Commit)
}
