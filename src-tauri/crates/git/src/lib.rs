//! What Synk knows of repositories and does in them. Read through libgit2; what runs hooks,
//! signs or moves large files is done by the user's own `git` ([`Program`]). This crate opens
//! no window, keeps no state and knows nothing of sessions.

mod activity;
mod adding;
mod branches;
mod carry;
mod change;
mod checkouts;
mod commit;
mod diff;
mod error;
mod lines;
mod merge;
mod overlap;
mod places;
mod program;
mod refs;
mod renames;
mod scratch;
mod status;
mod store;
mod text;
mod three_way;
mod trash;
mod working;
mod worktree;

pub use activity::{Activity, Happening, activity, branch_tips, last_activity};
pub use adding::{NewWorktree, add_ready, add_worktree};
pub use branches::{branches, check_branch};
pub use carry::Carried;
pub use commit::commit;
pub use diff::{
    Compared, DiffHunk, DiffLine, DiffOptions, FileChange, FileDiff, LineChange, MAX_FILE_LINES,
    MAX_LINES, diff,
};
pub use error::GitError;
pub use merge::{MergeRequest, MergeStrategy, Merged, conflicts, merge};
pub use overlap::{OverlapFile, overlap, overlaps};
pub use places::{Admin, admin, folders};
pub use program::{Program, Trust};
pub use scratch::clear_merges;
pub use status::{Counts, counts};
pub use trash::{Restored, Trashed, discard, forget, restore, throw_away, trashed};
pub use worktree::{
    Place, SetUp, Worktree, delete_branch, locate, note_set_up, project_of, remove_worktree,
    set_up_of, worktrees,
};

use git2::{ErrorCode, Repository};
use std::path::Path;

/// What is checked out somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// A branch, by its short name. It may have no commit yet.
    Branch(String),
    /// A commit and no branch: its first seven digits.
    Commit(String),
}

impl Head {
    /// The branch's name, or the commit's digits.
    pub fn name(&self) -> &str {
        match self {
            Self::Branch(name) | Self::Commit(name) => name,
        }
    }

    /// The branch, if it is one.
    pub fn branch(&self) -> Option<&str> {
        match self {
            Self::Branch(name) => Some(name),
            Self::Commit(_) => None,
        }
    }
}

/// What is checked out where `folder` is. `None` outside a repository, and for one that cannot be
/// read: a header without a branch is better than a session without a header. It does not return
/// while the folder's disk does not answer.
pub fn head(folder: &Path) -> Option<Head> {
    let repository = Repository::discover(folder).ok()?;
    match repository.head() {
        Ok(head) if head.is_branch() => Some(Head::Branch(head.shorthand().ok()?.to_owned())),
        Ok(head) => Some(Head::Commit(head.target()?.to_string().chars().take(7).collect())),
        // A repository without commits has a branch all the same.
        Err(error) if error.code() == ErrorCode::UnbornBranch => {
            let head = repository.find_reference("HEAD").ok()?;
            let target = head.symbolic_target().ok().flatten()?;
            Some(Head::Branch(target.strip_prefix("refs/heads/").unwrap_or(target).to_owned()))
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use git2::{Repository, RepositoryInitOptions, Signature};
    use std::fs;

    fn repository(folder: &Path) -> Repository {
        Repository::init_opts(folder, RepositoryInitOptions::new().initial_head("trunk")).unwrap()
    }

    fn commit(repository: &Repository) -> git2::Oid {
        let author = Signature::now("A", "a@example.org").unwrap();
        let tree = repository.treebuilder(None).unwrap().write().unwrap();
        let tree = repository.find_tree(tree).unwrap();
        repository.commit(Some("HEAD"), &author, &author, "first", &tree, &[]).unwrap()
    }

    #[test]
    fn a_folder_below_a_repository_has_its_branch() {
        let folder = tempfile::tempdir().unwrap();
        let repository = repository(folder.path());
        let below = folder.path().join("a b/ü");
        fs::create_dir_all(&below).unwrap();
        let branch = |name: &str| Some(Head::Branch(name.to_owned()));
        assert_eq!(head(&below), branch("trunk"), "without commits");
        let id = commit(&repository);
        assert_eq!(head(&below), branch("trunk"));
        let tip = repository.find_commit(id).unwrap();
        repository.branch("feat/login", &tip, false).unwrap();
        repository.set_head("refs/heads/feat/login").unwrap();
        assert_eq!(head(&below), branch("feat/login"));
        repository.set_head_detached(id).unwrap();
        assert_eq!(head(&below), Some(Head::Commit(id.to_string()[..7].to_owned())));
    }

    #[test]
    fn outside_a_repository_there_is_none() {
        assert_eq!(head(Path::new("/")), None);
        assert_eq!(head(Path::new("/does/not/exist")), None);
    }
}
