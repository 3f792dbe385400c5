//! Making worktrees, by the user's `git`: filters, hooks and large files are as after any
//! checkout of the user's. One that was made before anybody asked for a branch ([`add_ready`])
//! is only moved and switched, which takes no longer for many files than for few.

use git2::{BranchType, Oid, Repository};
use std::{ffi::OsString, path::Path, sync::PoisonError};

use crate::{
    GitError, Program, Trust,
    branches::{check_branch, checked_out},
    checkouts,
    refs::{self, head, open},
    worktree::{check_free, note_base, registry, remove, without_slash},
};

/// A worktree that is to be.
#[derive(Debug, Clone, Copy)]
pub struct NewWorktree<'a> {
    /// Its folder, which is not there yet.
    pub path: &'a Path,
    /// The branch to check out. One that is nowhere begins at `base`; one that a single remote
    /// has follows that.
    pub branch: &'a str,
    /// By default what is checked out in the project.
    pub base: Option<&'a str>,
    /// One of [`add_ready`] that becomes it.
    pub ready: Option<&'a Path>,
}

/// Makes a worktree. Answers whether the one that was ready became it; when that could not be,
/// another was made, and that one is as it was: somebody may have worked in it.
///
/// # Errors
/// [`GitError::BadBranch`], [`GitError::CheckedOut`], [`GitError::NoCommits`],
/// [`GitError::NoBranch`] for the base, or what `git` said.
pub fn add_worktree(
    program: &Program,
    trust: Trust,
    folder: &Path,
    new: NewWorktree<'_>,
) -> Result<bool, GitError> {
    let NewWorktree { path, branch, base, ready } = new;
    check_branch(branch)?;
    let repository = open(folder)?;
    let registry = registry(&repository);
    let _held = registry.lock().unwrap_or_else(PoisonError::into_inner);
    let project = Repository::open(repository.commondir())?;
    check_free(&repository, branch)?;
    let base = match base {
        Some(base) => Some(base.to_owned()),
        None => checked_out(&project).filter(|name| name != branch),
    };
    let start = begin(&repository, &project, branch, base.as_deref())?;
    let git = |folder: &Path, args: &[OsString]| program.run(folder, trust, args).map(drop);
    let was_ready = ready.is_some_and(|ready| {
        let change_place = |from: &Path, to: &Path| {
            git(project.path(), &words(&["worktree", "move"], &[from, to]))
        };
        let switched = change_place(ready, path).and_then(|()| {
            git(path, &start.switch(branch)).inspect_err(|_| {
                // Where it cannot go back, another cannot be made, and says so.
                change_place(path, ready).ok();
            })
        });
        if switched.is_err() {
            start.take_back(&repository, branch);
        }
        switched.is_ok()
    });
    if !was_ready && let Err(error) = git(project.path(), &start.add(branch, path)) {
        start.take_back(&repository, branch);
        return Err(error);
    }
    if let Some(base) = base {
        note_base(&Repository::open(path)?, &base)?;
    }
    Ok(was_ready)
}

/// Makes a worktree with what is checked out in the project, and without a branch, to become
/// another later. It is made at `making` and comes to `path` when it is whole; whoever wants
/// another worktree meanwhile does not wait for that.
///
/// # Errors
/// [`GitError::NoCommits`], or what `git` said.
pub fn add_ready(
    program: &Program,
    trust: Trust,
    folder: &Path,
    making: &Path,
    path: &Path,
) -> Result<(), GitError> {
    let repository = open(folder)?;
    let registry = registry(&repository);
    let project = Repository::open(repository.commondir())?;
    let Some(commit) = head(&project)?.map(|commit| commit.id()) else {
        return Err(GitError::NoCommits(without_slash(project.path())));
    };
    let changing = |args: &[OsString]| {
        let _held = registry.lock().unwrap_or_else(PoisonError::into_inner);
        program.run(project.path(), trust, args).map(drop)
    };
    let mut add = words(&["worktree", "add", "--quiet", "--detach", "--no-checkout"], &[making]);
    add.push(commit.to_string().into());
    let made = changing(&add)
        .and_then(|()| program.run(making, trust, &["reset", "--quiet", "--hard"]).map(drop))
        .and_then(|()| changing(&words(&["worktree", "move"], &[making, path])));
    if made.is_err() {
        let _held = registry.lock().unwrap_or_else(PoisonError::into_inner);
        remove(&repository, making).ok();
    }
    made
}

fn words(words: &[&str], paths: &[&Path]) -> Vec<OsString> {
    let paths = paths.iter().map(|path| path.as_os_str().to_owned());
    words.iter().map(OsString::from).chain(paths).collect()
}

/// Where a branch begins.
enum Start {
    /// It is there.
    Branch,
    /// At this branch of a remote, which it follows.
    Remote(String),
    New(Oid),
}

impl Start {
    /// What makes a worktree with the branch.
    fn add(&self, branch: &str, path: &Path) -> Vec<OsString> {
        let mut args = words(&["worktree", "add", "--quiet"], &[]);
        let (how, from) = self.words(branch, "-b");
        args.extend(how);
        args.push(path.into());
        args.push(from);
        args
    }

    /// What checks the branch out in a worktree that there is.
    fn switch(&self, branch: &str) -> Vec<OsString> {
        let mut args = words(&["switch", "--quiet"], &[]);
        let (how, from) = self.words(branch, "-c");
        args.extend(how);
        args.push(from);
        args
    }

    /// The options by which a branch comes to be, if it is not there, and from what.
    fn words(&self, branch: &str, create: &str) -> (Vec<OsString>, OsString) {
        match self {
            Self::Branch => (Vec::new(), branch.into()),
            Self::Remote(remote) => (words(&["--track", create, branch], &[]), remote.into()),
            Self::New(commit) => {
                (words(&["--no-track", create, branch], &[]), commit.to_string().into())
            }
        }
    }

    /// `git` takes back a folder that it could not fill; a branch that was made for it, and has
    /// no commit of its own, goes here.
    fn take_back(&self, repository: &Repository, branch: &str) {
        if let Self::New(commit) = self
            && let Ok(mut made) = repository.find_branch(branch, BranchType::Local)
            && made.get().target() == Some(*commit)
            && checkouts::of(repository, branch).is_empty()
        {
            made.delete().ok();
        }
    }
}

fn begin(
    repository: &Repository,
    project: &Repository,
    branch: &str,
    base: Option<&str>,
) -> Result<Start, GitError> {
    if repository.find_branch(branch, BranchType::Local).is_ok() {
        return Ok(Start::Branch);
    }
    let mut remotes = Vec::new();
    for remote in &repository.remotes()? {
        let Ok(Some(remote)) = remote else { continue };
        let name = format!("{remote}/{branch}");
        if repository.find_branch(&name, BranchType::Remote).is_ok() {
            remotes.push(name);
        }
    }
    if let [remote] = &remotes[..] {
        return Ok(Start::Remote(remote.clone()));
    }
    let start = match base {
        Some(base) => refs::commit(repository, base).map(|commit| Some(commit.id())),
        None => head(project).map(|commit| commit.map(|commit| commit.id())),
    };
    let place = || without_slash(project.workdir().unwrap_or_else(|| project.path()));
    match start {
        Ok(Some(commit)) => Ok(Start::New(commit)),
        Ok(None) => Err(GitError::NoCommits(place())),
        // The base may be the branch that is to have the first commit.
        Err(GitError::NoBranch(_)) if repository.references()?.next().is_none() => {
            Err(GitError::NoCommits(place()))
        }
        Err(error) => Err(error),
    }
}
