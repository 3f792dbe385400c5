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

/// The branch that is checked out where `folder` is: its short name, or the first seven
/// digits of the commit when no branch is. `None` outside a repository, and for one that
/// cannot be read: a header without a branch is better than a session without a header.
pub fn current_branch(folder: &Path) -> Option<String> {
    let repository = Repository::discover(folder).ok()?;
    match repository.head() {
        Ok(head) if head.is_branch() => head.shorthand().ok().map(str::to_owned),
        Ok(head) => head.target().map(|commit| commit.to_string().chars().take(7).collect()),
        // A repository without commits has a branch all the same.
        Err(error) if error.code() == ErrorCode::UnbornBranch => {
            let head = repository.find_reference("HEAD").ok()?;
            let target = head.symbolic_target().ok().flatten()?;
            Some(target.strip_prefix("refs/heads/").unwrap_or(target).to_owned())
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
        assert_eq!(current_branch(&below).as_deref(), Some("trunk"), "without commits");
        let id = commit(&repository);
        assert_eq!(current_branch(&below).as_deref(), Some("trunk"));
        let tip = repository.find_commit(id).unwrap();
        repository.branch("feat/login", &tip, false).unwrap();
        repository.set_head("refs/heads/feat/login").unwrap();
        assert_eq!(current_branch(&below).as_deref(), Some("feat/login"));
        repository.set_head_detached(id).unwrap();
        assert_eq!(current_branch(&below), Some(id.to_string()[..7].to_owned()));
    }

    #[test]
    fn outside_a_repository_there_is_none() {
        assert_eq!(current_branch(Path::new("/")), None);
        assert_eq!(current_branch(Path::new("/does/not/exist")), None);
    }
}
