//! Taking changes back that are in no commit, by way of the trash.

use git2::{ObjectType, Tree};
use std::{
    collections::HashSet,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use super::{
    Trashed,
    capture::{Capture, Taken, above, behind_link},
    foreign::nested,
};
use crate::{Compared, DiffOptions, GitError, Program, Trust, diff::diff, refs::open};

/// Paths that one `git` is told of, at the most: they are its arguments.
const AT_ONCE: usize = 500;

/// Takes changes back that are in no commit, after putting them into the trash: those of the
/// given files, by their paths in the repository, or all. What is ignored stays.
///
/// # Errors
/// [`GitError::Refused`] when there is nothing to discard, when not all of it could be kept, when
/// what is ignored would have to go, or when the repository claims a folder that is not its own:
/// nothing is discarded then. When it could not be taken back once it was in the trash, the
/// message says so and names the entry.
pub fn discard(
    program: &Program,
    trust: Trust,
    folder: &Path,
    at: u64,
    paths: Option<&[String]>,
) -> Result<Trashed, GitError> {
    let repository = open(folder)?;
    let capture = Capture::of(&repository, folder)?;
    let taken = Taken::Changes(with_old_names(&capture, folder, paths)?);
    let committed = match capture.head {
        Some(head) => Some(repository.find_commit(head)?.tree()?),
        None => None,
    };
    let is_committed =
        |path: &Path| committed.as_ref().is_some_and(|tree| tree.get_path(path).is_ok());
    let chosen = capture.changed.iter().map(PathBuf::as_path).filter(|path| taken.has(path));
    let (back, gone): (Vec<_>, Vec<_>) = chosen.partition(|path| is_committed(path));
    if back.is_empty() && gone.is_empty() {
        return Err(GitError::Refused(
            "there is nothing to discard: all of it is committed".into(),
        ));
    }
    // To bring a file back git makes its folder again, whatever is in the place of that now.
    let is_in_the_way = |above: &&Path| capture.changed.contains(*above) && !taken.has(above);
    if let Some(other) = back.iter().copied().flat_map(above).find(is_in_the_way) {
        return Err(GitError::Refused(format!(
            "{} is where a folder has to come back; discard it as well",
            capture.top.join(other).display()
        )));
    }
    check_room(&capture, committed.as_ref(), &back)?;
    let (trashed, _) = capture.write(at, &taken, &|_, _| false)?;
    match take_back(program, trust, &capture.top, &back, &gone) {
        Ok(()) => Ok(trashed),
        // Then nothing was run, and nothing is gone.
        Err(error @ GitError::Untrusted { .. }) => Err(error),
        Err(error) => Err(GitError::Refused(format!(
            "not all was discarded: {error}. It is all in the trash; `synk trash restore {}` \
             brings back what is gone",
            trashed.id
        ))),
    }
}

/// Refuses to bring files back where something is that git ignores, or a repository: it would
/// delete that to make room, a whole folder too, and the entry of a discard has nothing of it.
fn check_room(
    capture: &Capture<'_>,
    committed: Option<&Tree<'_>>,
    back: &[&Path],
) -> Result<(), GitError> {
    let coming: HashSet<&Path> = back.iter().copied().collect();
    let folders: HashSet<&Path> = back.iter().copied().flat_map(above).collect();
    let is_folder =
        |path: &Path| capture.top.join(path).symlink_metadata().is_ok_and(|found| found.is_dir());
    let is_in_the_way = |path: &&PathBuf| {
        path.ancestors().any(|folder| coming.contains(folder))
            || (folders.contains(path.as_path()) && !is_folder(path))
    };
    // To the library such a folder is only a file of another kind. In that of a submodule git
    // changes nothing.
    let is_submodule = |path: &Path| {
        let found = committed.and_then(|tree| tree.get_path(path).ok());
        found.is_some_and(|found| found.kind() == Some(ObjectType::Commit))
    };
    let is_repository = |path: &&&Path| {
        let git = capture.top.join(path).join(".git");
        is_folder(path) && git.symlink_metadata().is_ok() && !is_submodule(path)
    };
    if let Some(path) = back.iter().find(is_repository) {
        return Err(nested(&capture.top.join(path)));
    }
    match capture.ignored.iter().find(is_in_the_way) {
        None => Ok(()),
        Some(path) => Err(GitError::Refused(format!(
            "{} is ignored by git and is where a committed file has to come back; move it away \
             first",
            capture.top.join(path).display()
        ))),
    }
}

/// The paths whose changes are discarded, all when there are none; with the old names of what was
/// renamed to them, which is one change to whoever looks at it.
fn with_old_names(
    capture: &Capture<'_>,
    folder: &Path,
    paths: Option<&[String]>,
) -> Result<Vec<PathBuf>, GitError> {
    let mut only: Vec<_> = paths.unwrap_or_default().iter().map(PathBuf::from).collect();
    if paths.is_some() {
        let options = DiffOptions { paths, lines: false };
        let changes = diff(folder, Compared::Working { base: None }, options)?;
        let old = changes.into_iter().filter_map(|file| file.old_path).map(PathBuf::from);
        // What others have put there since would go with it.
        only.extend(old.filter(|old| capture.top.join(old).symlink_metadata().is_err()));
    }
    Ok(only)
}

/// Has files be as in the last commit: `back` are in it, and `gone` are not.
fn take_back(
    program: &Program,
    trust: Trust,
    top: &Path,
    back: &[&Path],
    gone: &[&Path],
) -> Result<(), GitError> {
    // The user's git reads the index while nobody else can write it, and has the filters.
    let git = |words: &[&str], paths: &[&Path]| -> Result<(), GitError> {
        for some in paths.chunks(AT_ONCE) {
            let words = words.iter().map(OsStr::new);
            let args: Vec<_> = words.chain(some.iter().map(|path| path.as_os_str())).collect();
            program.run(top, trust, &args)?;
        }
        Ok(())
    };
    // Before any file goes: if it does not run at all, nothing has happened.
    git(&["update-index", "--force-remove", "--"], gone)?;
    for path in gone {
        let file = top.join(path);
        // What is behind a link is not in the checkout, and what is in a folder is one by itself.
        let is_here = behind_link(top, path).is_none();
        if is_here && file.symlink_metadata().is_ok_and(|found| !found.is_dir()) {
            fs::remove_file(&file).map_err(GitError::file(&file))?;
            remove_empty(top, path);
        }
    }
    let literally = ["--literal-pathspecs", "checkout", "--quiet", "--ignore-skip-worktree-bits"];
    git(&[&literally[..], &["HEAD", "--"]].concat(), back)
}

/// Removes the folders that a file was in and that hold nothing now: they are nothing to git.
fn remove_empty(top: &Path, path: &Path) {
    for folder in above(path) {
        if fs::remove_dir(top.join(folder)).is_err() {
            return;
        }
    }
}
