//! What is in a worktree and could not be brought back from the trash: other checkouts and
//! repositories, and commits of submodules that no remote has. A worktree with such a thing in it
//! is not thrown away.

use git2::{Index, Oid, Repository};
use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::capture::{Capture, MAX_LOG, behind_link, push_commits};
use crate::{GitError, checkouts, working::as_path};

/// The mode of an index entry that stands for a submodule.
const SUBMODULE: u32 = 0o160_000;

/// Refuses a checkout with such a thing in it. What it does not track is not looked through here:
/// repositories that are not ignored were found when it was looked at, and others are while what
/// is ignored goes into the trash ([`Capture::put_wanted`]).
pub(super) fn check(capture: &Capture<'_>) -> Result<(), GitError> {
    let (repository, top) = (capture.repository, &capture.top);
    for checkout in checkouts::all(repository) {
        let folder = checkout.folder.canonicalize().unwrap_or(checkout.folder);
        if folder != *top && folder.starts_with(top) {
            return Err(nested(&folder));
        }
    }
    // In a folder with files that git tracks it does not look for a repository.
    let mut seen = HashSet::<PathBuf>::new();
    for entry in repository.index()?.iter() {
        let path = as_path(&entry.path);
        let above = path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
        for folder in above {
            if seen.contains(folder) {
                break;
            }
            seen.insert(folder.to_owned());
            if has_repository(top, folder) {
                return Err(nested(&top.join(folder)));
            }
        }
        if entry.mode == SUBMODULE && has_repository(top, &path) {
            check_submodule(&top.join(path), entry.id)?;
        }
    }
    // Also those of submodules that are not checked out any more.
    check_repositories(&repository.path().join("modules"))
}

pub(super) fn nested(path: &Path) -> GitError {
    GitError::Refused(format!(
        "{} is a repository of its own, and what is in it could not be brought back; move it away \
         first",
        path.display()
    ))
}

/// Whether a folder of a checkout is the top of a repository, a link to which is none.
fn has_repository(top: &Path, folder: &Path) -> bool {
    let git = folder.join(".git");
    behind_link(top, &git).is_none() && top.join(git).symlink_metadata().is_ok()
}

/// A submodule's commits are in the worktree: those that no remote has would be lost, and what
/// is in no commit as well.
fn check_submodule(path: &Path, recorded: Oid) -> Result<(), GitError> {
    let submodule = Repository::open(path)?;
    let capture = Capture::of(&submodule, path)?;
    // One that claims the folder around it would be looked at without end.
    if path.canonicalize().map_err(GitError::file(path))? != capture.top {
        return Err(nested(path));
    }
    check(&capture)?;
    let mut nothing = Index::new()?;
    for ignored in &capture.ignored {
        capture.put_wanted(&mut nothing, ignored, &|_, _| false)?;
    }
    if !capture.changed.is_empty() || capture.head != Some(recorded) {
        return Err(nested(path));
    }
    check_pushed(&submodule, path)
}

/// Checks every repository below a folder.
fn check_repositories(folder: &Path) -> Result<(), GitError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(GitError::file(folder))?,
    };
    let objects = folder.join("objects");
    let is_repository = folder.join("HEAD").symlink_metadata().is_ok() && objects.is_dir();
    if is_repository {
        // Where its files were may be gone, so it is opened without them.
        check_pushed(&Repository::open_bare(folder)?, folder)?;
    }
    for entry in entries {
        let entry = entry.map_err(GitError::file(folder))?;
        let is_folder = entry.file_type().map_err(GitError::file(folder))?.is_dir();
        if is_folder && !(is_repository && entry.path() == objects) {
            check_repositories(&entry.path())?;
        }
    }
    Ok(())
}

/// Refuses a repository with commits that no remote has: on a branch, in the stash, or such as
/// only its log remembers. Tags are not asked, as those of the remote may be on no branch; a
/// commit that was made here is in the log.
fn check_pushed(repository: &Repository, place: &Path) -> Result<(), GitError> {
    let mut ids = Vec::new();
    for reference in repository.references()? {
        let reference = reference?;
        let is_own = !reference.is_remote() && !reference.is_tag();
        if is_own && let Ok(commit) = reference.peel_to_commit() {
            ids.push(commit.id());
        }
    }
    let log = repository.reflog("HEAD")?;
    ids.extend(log.iter().take(MAX_LOG).flat_map(|entry| [entry.id_old(), entry.id_new()]));
    let mut walk = repository.revwalk()?;
    push_commits(repository, &mut walk, ids)?;
    // There is none before the first commit.
    walk.push_head().ok();
    walk.hide_glob("refs/remotes/*")?;
    match walk.next() {
        None => Ok(()),
        Some(found) => Err(GitError::Refused(format!(
            "the submodule in {} has commits that no remote has ({}), on a branch, in its stash or \
             in its log, and they could not be brought back; push them first, or move it away",
            place.display(),
            found?
        ))),
    }
}
