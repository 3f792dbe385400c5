//! What can go wrong in a repository, as sentences that say what to do.

use std::{io, path::PathBuf};

/// Why something could not be done in a repository.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no repository.
    #[error("{0} is not in a git repository")]
    NotARepository(PathBuf),
    /// A repository without commits has nothing that a worktree could begin from.
    #[error("the repository in {0} has no commit yet; make the first one, then try again")]
    NoCommits(PathBuf),
    /// There is no such branch, tag or commit.
    #[error("there is no branch “{0}”")]
    NoBranch(String),
    /// No branch can have that name.
    #[error("“{0}” cannot be the name of a branch")]
    BadBranch(String),
    /// The branch is checked out somewhere, and can be so only once.
    #[error("the branch “{branch}” is checked out in {path}")]
    CheckedOut {
        /// Which.
        branch: String,
        /// Where.
        path: PathBuf,
    },
    /// What was asked for would lose or mix in changes that are in no commit.
    #[error("{path} has changes that are in no commit; commit or discard them first")]
    Dirty {
        /// Where.
        path: PathBuf,
    },
    /// A branch is not where it was when this began.
    #[error("the branch “{0}” has moved meanwhile, so it was left alone; try again")]
    Moved(String),
    /// Only what Synk has made is removed.
    #[error("{0} is not a worktree that Synk has made, so Synk does not remove it")]
    NotOurs(PathBuf),
    /// The repository's own configuration names a program in a way that cannot be turned off.
    #[error(
        "the configuration of this repository has {variable:?}: git may run a program that it \
         names, and Synk cannot turn that off, so nothing was done; if you trust the project, add \
         {project} to worktrees.trusted in the settings"
    )]
    Untrusted {
        /// Which variable; what of its name is not UTF-8 is replaced.
        variable: String,
        /// The project, as the settings name it.
        project: PathBuf,
    },
    /// What was asked for cannot be done, and why.
    #[error("{0}")]
    Refused(String),
    /// The user's `git` could not be started.
    #[error("git cannot be started: {0}; install it, or mend the PATH of the login shell")]
    NoProgram(io::Error),
    /// The user's `git` failed.
    #[error("git {command} failed: {message}")]
    Failed {
        /// Its first argument.
        command: String,
        /// What it said.
        message: String,
        /// How it ended, unless it was by a signal.
        code: Option<i32>,
    },
    /// The user's `git` took too long, and was ended with all that it had started.
    #[error(
        "git {command} took more than {seconds} s and was stopped; what it was waiting for may \
         be a hook, a signature or the network"
    )]
    TimedOut {
        /// Its first argument.
        command: String,
        /// How long it had.
        seconds: u64,
    },
    /// The library failed.
    #[error("{}", .0.message())]
    Library(#[from] git2::Error),
    /// A file could not be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

impl GitError {
    /// For `map_err`: a file could not be read or written.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::File { path, cause }
    }
}
