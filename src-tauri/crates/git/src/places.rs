//! Where in a checkout something can happen: the folders that hold what git knows of it, and
//! those that hold its files. For whoever watches them; nothing is watched here.

use ignore::WalkBuilder;
use std::path::{Path, PathBuf};

use crate::{GitError, refs::open};

/// The folders that hold what git knows of a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin {
    /// Of the checkout alone: its HEAD, its index, a merge under way.
    pub own: PathBuf,
    /// Of the whole repository: its branches. The same as `own` outside of worktrees.
    pub common: PathBuf,
}

/// The folders that hold what git knows of the checkout that a folder is in.
///
/// # Errors
/// [`GitError::NotARepository`].
pub fn admin(folder: &Path) -> Result<Admin, GitError> {
    let repository = open(folder)?;
    Ok(Admin { own: repository.path().to_owned(), common: repository.commondir().to_owned() })
}

/// The folders from `top` down that hold files which git does not ignore, at the most so many,
/// and whether that were all. Links are not followed.
pub fn folders(top: &Path, most: usize) -> (Vec<PathBuf>, bool) {
    // A folder of branches may be called like one that is ignored.
    let is_gits_own = top.components().any(|part| part.as_os_str() == ".git");
    let mut walk = WalkBuilder::new(top);
    walk.standard_filters(false)
        .git_ignore(!is_gits_own)
        .git_exclude(!is_gits_own)
        .git_global(false)
        .parents(true)
        .filter_entry(|entry| {
            entry.file_type().is_some_and(|kind| kind.is_dir()) && entry.file_name() != ".git"
        });
    let mut found: Vec<_> =
        walk.build().flatten().map(ignore::DirEntry::into_path).take(most + 1).collect();
    let all = found.len() <= most;
    found.truncate(most);
    (found, all)
}
