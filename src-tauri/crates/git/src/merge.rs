//! Bringing a branch into another: by the user's own git, in a worktree of its own that is gone
//! afterwards. The base moves once, at the end, and only from where it was; a merge that does
//! not succeed has changed nothing.

use git2::{Branch, Oid, Repository};
use std::{
    collections::BTreeSet,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use crate::{
    GitError, Program, Trust,
    checkouts::{self, Checkout},
    diff::shown,
    refs,
    scratch::{Scratch, git},
};

/// How a branch is brought into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeStrategy {
    /// `git merge`: a merge commit, or none where the base can go forward.
    Merge,
    /// All its commits as one.
    Squash,
    /// Its commits one by one on top of the base. The branch itself stays where it is.
    Rebase,
}

/// What is to be merged, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeRequest {
    /// What is brought in: a branch.
    pub branch: String,
    /// Where to: a branch.
    pub base: String,
    /// How.
    pub strategy: MergeStrategy,
    /// The message of the commit that it makes; git's own by default. Rebasing makes none.
    pub message: Option<String>,
    /// The base may be checked out somewhere, and the files there may be brought along.
    pub update_checkout: bool,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The commit that the base is at now; where it was, when there were conflicts.
    pub commit: String,
    /// The files in conflict, when that is why it was not merged: everything is as before.
    pub conflicts: Option<Vec<String>>,
}

/// Brings a branch into another. `scratch` is a folder for the worktree in which that is done,
/// outside of the repository.
///
/// # Errors
/// Nothing has changed then. [`GitError::BadBranch`] and [`GitError::NoBranch`] for a name that
/// cannot be or is not; [`GitError::Dirty`] when the branch is checked out where there are
/// changes in no commit, or the base is and they would be overwritten;
/// [`GitError::CheckedOut`] when the base is checked out and may not be brought along;
/// [`GitError::Moved`] when it moved meanwhile; otherwise what git says, such as why a hook
/// refused.
pub fn merge(
    program: &Program,
    trust: Trust,
    folder: &Path,
    request: &MergeRequest,
    scratch: &Path,
) -> Result<Merged, GitError> {
    let repository = refs::open(folder)?;
    let branch = tip(&repository, &request.branch)?;
    let base = tip(&repository, &request.base)?;
    if request.branch == request.base {
        return Err(GitError::Refused(format!(
            "“{}” cannot be merged into itself",
            request.branch
        )));
    }
    for checkout in checkouts::of(&repository, &request.branch) {
        if is_dirty(program, trust, &checkout)? {
            return Err(GitError::Dirty { path: checkout.folder });
        }
    }
    // Up to date.
    if branch == base || repository.graph_descendant_of(base, branch)? {
        return Ok(Merged { commit: base.to_string(), conflicts: None });
    }
    // Known before anything is done for nothing.
    place(&repository, request)?;
    let start = if request.strategy == MergeStrategy::Rebase { branch } else { base };
    let worktree = Scratch::new(program, trust, &repository, start, scratch)?;
    if let Err(error) = bring(&worktree, request, branch, base) {
        let conflicts = conflicts(worktree.folder());
        // With the worktree the merge in it is gone: there is nothing to abort.
        return match conflicts {
            Ok(conflicts) if !conflicts.is_empty() => {
                Ok(Merged { commit: base.to_string(), conflicts: Some(conflicts) })
            }
            _ => Err(error),
        };
    }
    let commit = refs::head(&Repository::open(worktree.folder())?)?.map_or(base, |it| it.id());
    drop(worktree);
    if commit != base {
        advance(program, trust, &repository, request, base, commit)?;
    }
    Ok(Merged { commit: commit.to_string(), conflicts: None })
}

/// The commit of a branch here; the name comes from outside.
fn tip(repository: &Repository, name: &str) -> Result<Oid, GitError> {
    if refs::name(name).is_err() || !Branch::name_is_valid(name).unwrap_or(false) {
        return Err(GitError::BadBranch(name.to_owned()));
    }
    let found = repository
        .find_reference(&format!("refs/heads/{name}"))
        .map_err(|_| GitError::NoBranch(name.to_owned()))?;
    Ok(found.peel_to_commit()?.id())
}

/// By git, since what a filter makes of a file counts; without writing the index anew.
fn is_dirty(program: &Program, trust: Trust, checkout: &Checkout) -> Result<bool, GitError> {
    let args = ["status", "--porcelain", "-z", "--untracked-files=normal"];
    let env = [("GIT_OPTIONAL_LOCKS", OsStr::new("0"))];
    Ok(!program.run_with(&checkout.folder, trust, &args, &env)?.is_empty())
}

/// Where the base is checked out, if that is so and it may be brought along.
fn place(repository: &Repository, request: &MergeRequest) -> Result<Option<Checkout>, GitError> {
    let mut places = checkouts::of(repository, &request.base).into_iter();
    let Some(place) = places.next() else { return Ok(None) };
    let head = format!("refs/heads/{}", request.base);
    let really = Repository::open(&place.folder)
        .is_ok_and(|it| it.head().is_ok_and(|it| it.name_bytes() == head.as_bytes()));
    // While it is rebased, or twice, it cannot be brought along.
    if !request.update_checkout || !really || places.next().is_some() {
        return Err(GitError::CheckedOut { branch: request.base.clone(), path: place.folder });
    }
    Ok(Some(place))
}

/// Does it in the worktree, whose HEAD then is the result.
fn bring(
    worktree: &Scratch<'_>,
    request: &MergeRequest,
    branch: Oid,
    base: Oid,
) -> Result<(), GitError> {
    // Commits and not names, so that a name is never taken for something else.
    let (branch, base) = (branch.to_string(), base.to_string());
    match request.strategy {
        MergeStrategy::Merge => {
            let message = request.message.clone().unwrap_or_else(|| own_message(request));
            worktree.git(&["merge", "--no-edit", "-m", &message, &branch])?;
        }
        MergeStrategy::Squash => {
            // It is one commit on top whatever merge.ff says.
            worktree.git(&["merge", "--squash", "--ff", &branch])?;
            if is_empty(worktree.folder())? {
                return Ok(());
            }
            let message = request.message.as_deref().map(|it| format!("--message={it}"));
            let message = message.as_deref().unwrap_or("--no-edit");
            worktree.git(&["commit", message])?;
        }
        MergeStrategy::Rebase => {
            worktree.git(&["rebase", &base])?;
        }
    }
    Ok(())
}

/// The message that git writes for a merge where the base is checked out.
fn own_message(request: &MergeRequest) -> String {
    let (branch, base) = (&request.branch, &request.base);
    if base == "master" {
        format!("Merge branch '{branch}'")
    } else {
        format!("Merge branch '{branch}' into {base}")
    }
}

/// Whether what is staged is what is committed: all of the branch is in the base in other
/// commits.
fn is_empty(folder: &Path) -> Result<bool, GitError> {
    let repository = Repository::open(folder)?;
    let head = refs::head(&repository)?.map(|head| head.tree()).transpose()?;
    let diff = repository.diff_tree_to_index(head.as_ref(), None, None)?;
    Ok(diff.deltas().len() == 0)
}

/// The files of a checkout that are in conflict: both sides changed them, and nobody has
/// decided.
///
/// # Errors
/// When the index cannot be read.
pub fn conflicts(folder: &Path) -> Result<Vec<String>, GitError> {
    let index = Repository::open(folder)?.index()?;
    let mut paths = BTreeSet::new();
    for conflict in index.conflicts()? {
        let conflict = conflict?;
        let sides = [conflict.ancestor, conflict.our, conflict.their];
        paths.extend(sides.into_iter().flatten().map(|entry| entry.path));
    }
    Ok(paths.iter().map(|path| shown(path)).collect())
}

/// Moves the base from where it was, with the files where it is checked out.
fn advance(
    program: &Program,
    trust: Trust,
    repository: &Repository,
    request: &MergeRequest,
    from: Oid,
    to: Oid,
) -> Result<(), GitError> {
    let moved = || GitError::Moved(request.base.clone());
    // It may have been checked out meanwhile.
    let place = place(repository, request)?;
    if tip(repository, &request.base)? != from {
        return Err(moved());
    }
    let (from, to) = (from.to_string(), to.to_string());
    let Some(place) = place else {
        let name = format!("refs/heads/{}", request.base);
        let why = format!("synk: merge {}", request.branch);
        let args = ["update-ref", "-m", &why, &name, &to, &from];
        return match git(program, trust, &place_to_run(repository), &[], &args) {
            Ok(_) => Ok(()),
            Err(_) if tip(repository, &request.base)?.to_string() != from => Err(moved()),
            Err(error) => Err(error),
        };
    };
    // Git itself takes care not to overwrite what is in no commit, and does nothing then.
    match git(program, trust, &place.folder, &[], &["merge", "--ff-only", &to]) {
        Ok(_) => Ok(()),
        Err(GitError::Failed { message, .. }) if message.contains("would be overwritten") => {
            Err(GitError::Dirty { path: place.folder })
        }
        Err(_) if tip(repository, &request.base)?.to_string() != from => Err(moved()),
        Err(error) => Err(error),
    }
}

fn place_to_run(repository: &Repository) -> PathBuf {
    repository.workdir().unwrap_or(repository.path()).to_owned()
}
