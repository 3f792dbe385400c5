//! Branches: which there are, and which names can be one.

use git2::{Branch, BranchType, ErrorCode, Oid, Repository};
use std::path::{Path, PathBuf};

use crate::GitError;

/// Opens the repository that a folder is in.
///
/// # Errors
/// [`GitError::NotARepository`], or why it could not be opened.
pub(crate) fn open(folder: &Path) -> Result<Repository, GitError> {
    Repository::discover(folder).map_err(|error| match error.code() {
        ErrorCode::NotFound => GitError::NotARepository(folder.to_owned()),
        _ => error.into(),
    })
}

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

/// The commit that is checked out; `None` before the first.
pub(crate) fn head(repository: &Repository) -> Result<Option<Oid>, GitError> {
    match repository.head() {
        Ok(head) => Ok(Some(head.peel_to_commit()?.id())),
        Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The commit of a branch; a branch of a remote, a tag or a commit will do where no branch has
/// that name.
pub(crate) fn commit_of(repository: &Repository, name: &str) -> Result<Oid, GitError> {
    let missing = || GitError::NoBranch(name.to_owned());
    if name.starts_with('-') || name.is_empty() {
        return Err(missing());
    }
    for prefix in ["refs/heads/", "refs/remotes/"] {
        if let Ok(reference) = repository.find_reference(&format!("{prefix}{name}")) {
            return Ok(reference.peel_to_commit()?.id());
        }
    }
    let object = repository.revparse_single(name).map_err(|_| missing())?;
    Ok(object.peel_to_commit().map_err(|_| missing())?.id())
}

/// Where a branch is checked out: the top of each such checkout, the user's own included.
///
/// # Errors
/// When the repository cannot be read.
pub(crate) fn checkouts_of(repository: &Repository, name: &str) -> Result<Vec<PathBuf>, GitError> {
    let main = Repository::open(repository.commondir())?;
    let mut places = Vec::new();
    if let Some(top) = main.workdir()
        && checked_out(&main).as_deref() == Some(name)
    {
        places.push(top.to_owned());
    }
    for worktree in main.worktrees()?.iter() {
        let Ok(Some(worktree)) = worktree else { continue };
        let worktree = main.find_worktree(worktree)?;
        let Ok(linked) = Repository::open(worktree.path()) else { continue };
        if checked_out(&linked).as_deref() == Some(name) {
            places.push(worktree.path().to_owned());
        }
    }
    Ok(places)
}
