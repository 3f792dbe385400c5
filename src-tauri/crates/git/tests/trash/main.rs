//! The trash: what comes back, what is refused, what is discarded.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

#[path = "../common/mod.rs"]
mod common;
mod discarded;
mod kept;
mod refused;

use std::path::{Path, PathBuf};
use synk_git::{Trust, delete_branch, locate, remove_worktree, restore, throw_away};

use common::{Repo, add_worktree, program};

pub(crate) fn worktree(repo: &Repo, branch: &str) -> PathBuf {
    let path = repo.beside(branch);
    add_worktree(&program(), Trust::UserOnly, &repo.top, &path, branch, None).unwrap();
    path
}

/// Throws a worktree away with its branch.
pub(crate) fn away(repo: &Repo, path: &Path) -> String {
    let branch = locate(path).unwrap().branch;
    let (trashed, _) = throw_away(path, 1_000, &|_, _| false).unwrap();
    remove_worktree(&repo.top, path).unwrap();
    if let Some(branch) = branch {
        delete_branch(&repo.top, &branch).unwrap();
    }
    assert!(!path.exists());
    trashed.id
}

pub(crate) fn back(repo: &Repo, id: &str) -> PathBuf {
    restore(&program(), Trust::UserOnly, &repo.top, id, 2_000).unwrap().path
}
