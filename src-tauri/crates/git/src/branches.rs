//! Branches: which there are, and which names can be one.

use git2::{Branch, BranchType, Repository};
use std::path::Path;

use crate::{GitError, refs::open};

/// The repository's branches, the one with the latest commit first.
///
/// # Errors
/// [`GitError::NotARepository`].
pub fn branches(folder: &Path) -> Result<Vec<String>, GitError> {
    let repository = open(folder)?;
    let mut found = Vec::new();
    for branch in repository.branches(Some(BranchType::Local))? {
        let (branch, _) = branch?;
        let Ok(Some(name)) = branch.name() else { continue };
        let at = branch.get().peel_to_commit().map_or(0, |commit| commit.time().seconds());
        found.push((at, name.to_owned()));
    }
    found.sort_by(|(at, name), (other_at, other)| other_at.cmp(at).then_with(|| name.cmp(other)));
    Ok(found.into_iter().map(|(_, name)| name).collect())
}

/// Checks that a branch can have this name. It can then be no option of `git` either.
///
/// # Errors
/// [`GitError::BadBranch`].
pub fn check_branch(name: &str) -> Result<(), GitError> {
    // To git `@` is HEAD.
    let valid = Branch::name_is_valid(name).unwrap_or(false) && !name.starts_with('-');
    let valid = valid && name != "@";
    if valid { Ok(()) } else { Err(GitError::BadBranch(name.to_owned())) }
}

/// The branch that is checked out; `None` when none is. One without a commit counts.
pub(crate) fn checked_out(repository: &Repository) -> Option<String> {
    let head = repository.find_reference("HEAD").ok()?;
    let target = head.symbolic_target().ok().flatten()?;
    target.strip_prefix("refs/heads/").map(str::to_owned)
}
