//! How a checkout is: how far it is from its base, and how much of it is in no commit. Reads
//! only, and starts no program.

use git2::{Status, StatusOptions};
use std::path::Path;

use crate::{
    GitError,
    refs::{self, head, open},
};

/// How a checkout is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The commit that is checked out.
    pub head: Option<String>,
    /// Commits that the base does not have.
    pub ahead: usize,
    /// Commits of the base that are not here.
    pub behind: usize,
    /// Files that are in the index otherwise than in the last commit.
    pub staged: usize,
    /// Files that are otherwise than in the index.
    pub changed: usize,
    /// Files that git does not know.
    pub untracked: usize,
    /// Files in conflict.
    pub conflicted: usize,
    /// All of these, each file once.
    pub uncommitted: usize,
}

impl Counts {
    /// Everything is in a commit.
    pub fn is_clean(&self) -> bool {
        self.uncommitted == 0
    }
}

/// Counts what is in no commit, and the commits between a checkout and `base`.
///
/// # Errors
/// [`GitError::NotARepository`].
pub fn counts(folder: &Path, base: Option<&str>) -> Result<Counts, GitError> {
    let repository = open(folder)?;
    let commit = head(&repository)?.map(|commit| commit.id());
    let mut counts = Counts { head: commit.map(|id| id.to_string()), ..Counts::default() };
    // A base that is gone is as good as none.
    if let (Some(here), Some(Ok(base))) = (commit, base.map(|base| refs::commit(&repository, base)))
    {
        (counts.ahead, counts.behind) = repository.graph_ahead_behind(here, base.id())?;
    }
    let mut options = StatusOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true).exclude_submodules(true);
    // The index is the user's to write.
    options.update_index(false);
    for entry in repository.statuses(Some(&mut options))?.iter() {
        let status = entry.status();
        let staged = Status::INDEX_NEW
            | Status::INDEX_MODIFIED
            | Status::INDEX_DELETED
            | Status::INDEX_RENAMED
            | Status::INDEX_TYPECHANGE;
        let changed = Status::WT_MODIFIED
            | Status::WT_DELETED
            | Status::WT_TYPECHANGE
            | Status::WT_RENAMED
            | Status::WT_UNREADABLE;
        counts.uncommitted += 1;
        counts.conflicted += usize::from(status.is_conflicted());
        counts.staged += usize::from(status.intersects(staged));
        counts.changed += usize::from(status.intersects(changed));
        counts.untracked += usize::from(status.is_wt_new());
    }
    Ok(counts)
}
