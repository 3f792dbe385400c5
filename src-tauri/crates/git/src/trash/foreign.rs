//! What is in a worktree and could not be brought back from the trash: other checkouts and
//! repositories, and what submodules and clones among ignored files have that no remote has. A
//! worktree with such a thing in it is not thrown away.

use git2::{Index, Oid, ReflogEntry, Repository, Sort};
use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::capture::{Capture, MAX_LOG, above, behind_link, push_commits};
use crate::{GitError, checkouts, working::as_path};

/// The mode of an index entry that stands for a submodule.
const SUBMODULE: u32 = 0o160_000;

/// How the log says that what is checked out came from elsewhere or was there before.
const NOT_MADE_HERE: [&str; 4] = ["checkout:", "clone:", "reset:", "fetch"];

/// Refuses a checkout with such a thing in it. What it does not track is not looked through here:
/// repositories that are not ignored were found when it was looked at, and others are while what
/// is ignored goes into the trash ([`Capture::put_wanted`]). Answers what submodules ignore and
/// what goes with them.
pub(super) fn check(
    capture: &Capture<'_>,
    keep: &dyn Fn(&Path, bool) -> bool,
) -> Result<Vec<PathBuf>, GitError> {
    let (repository, top) = (capture.repository, &capture.top);
    for checkout in checkouts::all(repository) {
        let folder = checkout.folder.canonicalize().unwrap_or(checkout.folder);
        if folder != *top && folder.starts_with(top) {
            return Err(nested(&folder));
        }
    }
    // In a folder with files that git tracks it does not look for a repository.
    let mut seen = HashSet::<PathBuf>::new();
    let mut left_out = Vec::new();
    for entry in repository.index()?.iter() {
        let path = as_path(&entry.path);
        for folder in above(&path) {
            if seen.contains(folder) {
                break;
            }
            seen.insert(folder.to_owned());
            if has_repository(top, folder) {
                return Err(nested(&top.join(folder)));
            }
        }
        // Where a file was, a repository is to the library only a file of another kind.
        let may_be_one = entry.mode == SUBMODULE || capture.changed.contains(&path);
        if may_be_one && has_repository(top, &path) {
            if entry.mode != SUBMODULE {
                return Err(nested(&top.join(path)));
            }
            let keep = |inside: &Path, is_folder: bool| keep(&path.join(inside), is_folder);
            let inside = check_inside(&top.join(&path), Some(entry.id), &keep)?;
            left_out.extend(inside.into_iter().map(|inside| path.join(inside)));
        }
    }
    // Also those of submodules that are not checked out any more.
    check_repositories(&repository.path().join("modules"))?;
    Ok(left_out)
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

/// Refuses a repository inside of a worktree when it has what no remote has: its commits would be
/// lost, and what is in no commit as well. A submodule has a commit that is `recorded`; another
/// repository is refused unless it is a clone. Answers what it ignores, by its own paths; what
/// `keep` says of that is refused, since the trash holds nothing that is in another repository.
pub(super) fn check_inside(
    path: &Path,
    recorded: Option<Oid>,
    keep: &dyn Fn(&Path, bool) -> bool,
) -> Result<Vec<PathBuf>, GitError> {
    let repository = Repository::open(path).map_err(|_| nested(path))?;
    let is_clone = repository.references_glob("refs/remotes/*")?.next().is_some();
    let is_known = recorded.is_some() || (is_clone && !repository.is_worktree());
    // Other worktrees of it would be left without their repository.
    if !is_known || !repository.worktrees()?.is_empty() {
        return Err(nested(path));
    }
    let capture = Capture::of(&repository, path)?;
    // One that claims the folder around it would be looked at without end.
    if path.canonicalize().map_err(GitError::file(path))? != capture.top {
        return Err(nested(path));
    }
    let mut left_out = check(&capture, keep)?;
    let mut wanted = Index::new()?;
    for ignored in &capture.ignored {
        if capture.put_wanted(&mut wanted, ignored, keep)? {
            left_out.push(ignored.clone());
        }
    }
    if let Some(file) = wanted.get(0) {
        return Err(GitError::Refused(format!(
            "{} is to be kept, as it is of the kind that comes along into a new worktree, but it \
             is in a repository of its own and could not be brought back; move it away first",
            path.join(as_path(&file.path)).display()
        )));
    }
    let is_as_recorded = recorded.is_none() || capture.head == recorded;
    if !capture.changed.is_empty() || !is_as_recorded {
        return Err(nested(path));
    }
    check_pushed(&repository, path)?;
    Ok(left_out)
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
/// its log says were made here. Tags are not asked, as those of the remote may be on no branch;
/// nor is what was only checked out, which may be on none either: what a shallow clone has, and
/// what a remote's branch has left behind.
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
    let made_here = log.iter().take(MAX_LOG).filter(is_made_here);
    ids.extend(made_here.flat_map(|entry| [entry.id_old(), entry.id_new()]));
    // Where the log does not say how it came to what is checked out, that counts too. There is
    // none before the first commit.
    let now = repository.head().ok().and_then(|head| head.target());
    ids.extend(now.filter(|now| log.get(0).is_none_or(|newest| newest.id_new() != *now)));
    let mut walk = repository.revwalk()?;
    // What was made last is named.
    walk.set_sorting(Sort::TOPOLOGICAL)?;
    push_commits(repository, &mut walk, ids)?;
    walk.hide_glob("refs/remotes/*")?;
    match walk.next() {
        None => Ok(()),
        Some(found) => Err(GitError::Refused(format!(
            "the repository in {} has commits that no remote has ({}), on a branch, in its stash \
             or in its log, and they could not be brought back; push them first, or move it away",
            place.display(),
            found?
        ))),
    }
}

/// Whether an entry of the log may stand for a commit that was made in this repository.
fn is_made_here(entry: &ReflogEntry<'_>) -> bool {
    let message = entry.message_bytes().unwrap_or_default();
    !NOT_MADE_HERE.iter().any(|how| message.starts_with(how.as_bytes()))
}
