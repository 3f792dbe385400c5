//! Finding the commit that a name means. A name comes from outside: it is never an option, and
//! what git itself would not take as a name is an error.

use git2::{Commit, ErrorCode, Oid, Repository};
use std::path::Path;

use crate::GitError;

/// The repository that a folder is in, with a working folder around it.
pub(crate) fn open(folder: &Path) -> Result<Repository, GitError> {
    Repository::discover(folder).map_err(|_| GitError::NotARepository(folder.to_owned()))
}

/// Refuses what no branch, tag or commit can be called. Looser than the rule for branches, as
/// `HEAD~2` is a revision; but no search through messages, no range, no option.
pub(crate) fn name(name: &str) -> Result<&str, GitError> {
    let odd = name.is_empty()
        || name.starts_with(['-', ':', '^'])
        || name.contains("..")
        || name.chars().any(|it| it.is_control() || it.is_whitespace());
    if odd { Err(GitError::BadBranch(name.to_owned())) } else { Ok(name) }
}

/// The commit of a branch here, of one of a remote, or of any revision, in this order.
pub(crate) fn commit<'repo>(
    repository: &'repo Repository,
    named: &str,
) -> Result<Commit<'repo>, GitError> {
    let named = name(named)?;
    for full in [format!("refs/heads/{named}"), format!("refs/remotes/{named}")] {
        if let Ok(found) = repository.find_reference(&full) {
            return Ok(found.peel_to_commit()?);
        }
    }
    repository
        .revparse_single(named)
        .and_then(|found| found.peel_to_commit())
        .map_err(|_| GitError::NoBranch(named.to_owned()))
}

/// The commit that is checked out; `None` before the first.
pub(crate) fn head(repository: &Repository) -> Result<Option<Commit<'_>>, GitError> {
    match repository.head() {
        Ok(head) => Ok(Some(head.peel_to_commit()?)),
        Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Where two commits parted; the first, if they did so more than once, as git takes it too.
pub(crate) fn parted(repository: &Repository, one: Oid, other: Oid) -> Result<Oid, GitError> {
    repository.merge_base(one, other).map_err(|error| match error.code() {
        ErrorCode::NotFound => {
            GitError::Refused("the two have no commit in common, so they cannot be compared".into())
        }
        _ => error.into(),
    })
}
