//! Worktrees: where a folder is, which worktrees there are, and taking one away; making one is
//! [`crate::adding`]'s business. What is in them is not looked at here; before one is taken away
//! its content belongs into the trash ([`crate::trash`]).

use git2::{BranchType, Config, Repository, WorktreePruneOptions};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use crate::{GitError, branches::checked_out, checkouts, counts, refs::open};

/// In a worktree's own folder within the repository: what Synk knows of it, in the format of
/// git's configuration. It goes with the worktree.
const NOTE: &str = "synk";
const BASE: &str = "worktree.base";

/// Held while a repository's list of worktrees changes: `git` reads entries that another `git`
/// has half written, and fails. By the repository's own folder.
pub(crate) fn registry(repository: &Repository) -> Arc<Mutex<()>> {
    static REGISTRIES: Mutex<BTreeMap<PathBuf, Arc<Mutex<()>>>> = Mutex::new(BTreeMap::new());
    let mut registries = REGISTRIES.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(registries.entry(repository.commondir().to_owned()).or_default())
}

/// Where a folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The top of its checkout.
    pub top: PathBuf,
    /// The top of the repository's own checkout; the repository itself when it is bare.
    pub project: PathBuf,
    /// The branch that is checked out there.
    pub branch: Option<String>,
    /// The branch that its changes are compared with, where that was written down.
    pub base: Option<String>,
    /// It is a worktree besides the repository's own checkout.
    pub linked: bool,
}

/// Says where a folder is.
///
/// # Errors
/// [`GitError::NotARepository`], also for a bare repository: nothing is checked out there.
pub fn locate(folder: &Path) -> Result<Place, GitError> {
    let repository = open(folder)?;
    let top = repository.workdir().ok_or_else(|| GitError::NotARepository(folder.to_owned()))?;
    Ok(Place {
        top: without_slash(top),
        project: project(&repository)?,
        branch: checked_out(&repository),
        base: base_of(&repository),
        linked: repository.is_worktree(),
    })
}

/// The top of the checkout of the repository that a folder is in, or that a folder is.
///
/// # Errors
/// [`GitError::NotARepository`].
pub fn project_of(folder: &Path) -> Result<PathBuf, GitError> {
    project(&open(folder)?)
}

pub(crate) fn project(repository: &Repository) -> Result<PathBuf, GitError> {
    let main = Repository::open(repository.commondir())?;
    Ok(without_slash(main.workdir().unwrap_or_else(|| main.path())))
}

pub(crate) fn without_slash(path: &Path) -> PathBuf {
    path.components().collect()
}

/// What was written down as the base of this worktree.
fn base_of(repository: &Repository) -> Option<String> {
    let note = Config::open(&repository.path().join(NOTE)).ok()?;
    repository.is_worktree().then(|| note.get_string(BASE).ok()).flatten()
}

/// Whether a worktree has been set up as its project wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUp {
    /// Nothing was written down: there was nothing to do.
    None,
    /// Not yet, or it failed.
    Pending,
    /// It has.
    Done,
    /// Nobody wanted it.
    Skipped,
}

impl SetUp {
    const VARIABLE: &str = "worktree.setup";
    const WORDS: [(Self, &str); 3] =
        [(Self::Pending, "pending"), (Self::Done, "done"), (Self::Skipped, "skipped")];
}

/// Whether the worktree that a folder is in has been set up.
///
/// # Errors
/// [`GitError::NotARepository`].
pub fn set_up_of(folder: &Path) -> Result<SetUp, GitError> {
    let repository = open(folder)?;
    let note = Config::open(&repository.path().join(NOTE)).ok();
    let said = note.and_then(|note| note.get_string(SetUp::VARIABLE).ok());
    let known = SetUp::WORDS.iter().find(|(_, word)| said.as_deref() == Some(*word));
    Ok(known.map_or(SetUp::None, |(set_up, _)| *set_up))
}

/// Writes that down.
///
/// # Errors
/// [`GitError::NotARepository`], or when it cannot be written.
pub fn note_set_up(folder: &Path, set_up: SetUp) -> Result<(), GitError> {
    let repository = open(folder)?;
    let mut note = Config::open(&repository.path().join(NOTE))?;
    if let Some((_, word)) = SetUp::WORDS.iter().find(|(one, _)| *one == set_up) {
        note.set_str(SetUp::VARIABLE, word)?;
    }
    Ok(())
}

/// Writes down what a worktree's changes are compared with.
pub(crate) fn note_base(repository: &Repository, base: &str) -> Result<(), GitError> {
    Ok(Config::open(&repository.path().join(NOTE))?.set_str(BASE, base)?)
}

/// A worktree besides the repository's own checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worktree {
    /// Its folder.
    pub path: PathBuf,
    /// The branch there; when its folder is gone, the one that was.
    pub branch: Option<String>,
    /// What its changes are compared with.
    pub base: Option<String>,
    /// Its folder is gone.
    pub missing: bool,
}

impl Worktree {
    /// How the folder of one is called while it is deleted, with a number after it: it is beside
    /// where it was, and git knows nothing of it any more.
    pub const REMOVING: &str = ".removing-";

    /// Whether nothing has happened in it since it was made: all of it is in a commit, and it
    /// has always been at the same one. Where git has no log of that, nobody knows.
    pub fn is_untouched(&self) -> bool {
        let log = Repository::open(&self.path).and_then(|repository| repository.reflog("HEAD"));
        let Ok(log) = log else { return false };
        let Some(made) = log.get(0).map(|entry| entry.id_new()) else { return false };
        log.iter().all(|entry| entry.id_new() == made)
            && counts(&self.path, None)
                .is_ok_and(|now| now.is_clean() && now.head == Some(made.to_string()))
    }

    /// Takes one whose folder is gone out of git's list, as `git worktree prune` does: git takes
    /// its branch for checked out until then. No folder is touched.
    ///
    /// # Errors
    /// [`GitError::Refused`] when it is locked, which says that its folder will be there again.
    pub fn forget_missing(&self, folder: &Path) -> Result<(), GitError> {
        let repository = open(folder)?;
        let registry = registry(&repository);
        let _held = registry.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = find(&repository, &self.path)? else { return Ok(()) };
        found.prune(None).map_err(|why| {
            GitError::Refused(format!(
                "the worktree {} is gone, and git holds on to it: {}; bring it back, or use \
                 `git worktree unlock` and try again",
                self.path.display(),
                why.message()
            ))
        })
    }
}

/// The repository's worktrees besides its own checkout.
///
/// # Errors
/// [`GitError::NotARepository`].
pub fn worktrees(folder: &Path) -> Result<Vec<Worktree>, GitError> {
    let repository = open(folder)?;
    let main = Repository::open(repository.commondir())?;
    let mut found = Vec::new();
    for name in &main.worktrees()? {
        let Ok(Some(name)) = name else { continue };
        let worktree = main.find_worktree(name)?;
        let linked = Repository::open_from_worktree(&worktree).ok();
        let missing = worktree.validate().is_err();
        let branch = if missing {
            last_branch(&main.commondir().join("worktrees").join(name))
        } else {
            linked.as_ref().and_then(checked_out)
        };
        found.push(Worktree {
            path: without_slash(worktree.path()),
            branch,
            base: linked.as_ref().and_then(base_of),
            missing,
        });
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// The branch of a worktree whose folder is gone, by what git keeps of it.
fn last_branch(admin: &Path) -> Option<String> {
    let head = fs::read_to_string(admin.join("HEAD")).ok()?;
    head.trim_end().strip_prefix("ref: refs/heads/").map(str::to_owned)
}

/// The worktree that git lists with this folder.
fn find(repository: &Repository, path: &Path) -> Result<Option<git2::Worktree>, GitError> {
    let main = Repository::open(repository.commondir())?;
    for name in &main.worktrees()? {
        let Ok(Some(name)) = name else { continue };
        let worktree = main.find_worktree(name)?;
        if without_slash(worktree.path()) == without_slash(path) {
            return Ok(Some(worktree));
        }
    }
    Ok(None)
}

/// Takes a worktree away, folder and all, and its entry in the repository. Its branch stays.
/// What is in it is gone: see [`crate::trash`]. Answers why not all of its folder could be
/// deleted, if that is so: what is left is called [`Worktree::REMOVING`] then, so that nobody
/// takes it for a worktree.
///
/// # Errors
/// [`GitError::NotOurs`] for a folder that is no worktree, or the repository's own checkout. It
/// is as it was then.
pub fn remove_worktree(folder: &Path, path: &Path) -> Result<Option<GitError>, GitError> {
    let repository = open(folder)?;
    let aside = {
        let registry = registry(&repository);
        let _held = registry.lock().unwrap_or_else(PoisonError::into_inner);
        set_aside(&repository, path)?
    };
    Ok(aside.and_then(delete))
}

/// The same for whoever holds the registry.
pub(crate) fn remove(repository: &Repository, path: &Path) -> Result<Option<GitError>, GitError> {
    Ok(set_aside(repository, path)?.and_then(delete))
}

/// Gives a worktree's folder another name and has git forget it: whoever is killed after that has
/// left no half of a worktree. Answers the folder as it is called now, unless it was gone.
fn set_aside(repository: &Repository, path: &Path) -> Result<Option<PathBuf>, GitError> {
    let found = find(repository, path)?;
    let worktree = found.ok_or_else(|| GitError::NotOurs(path.to_owned()))?;
    let aside = free_name(path);
    let moved = match fs::rename(path, &aside) {
        Ok(()) => Some(aside),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(GitError::file(path)(error)),
    };
    let mut all = WorktreePruneOptions::new();
    if let Err(error) = worktree.prune(Some(all.valid(true).locked(true))) {
        if let Some(aside) = moved {
            fs::rename(aside, path).ok();
        }
        return Err(error.into());
    }
    Ok(moved)
}

/// A name beside a folder, for while it is deleted.
fn free_name(path: &Path) -> PathBuf {
    let mut number = 1;
    loop {
        let aside = path.with_file_name(format!("{}{number}", Worktree::REMOVING));
        if aside.symlink_metadata().is_err() {
            return aside;
        }
        number += 1;
    }
}

/// Deletes a folder; answers why not all of it is gone.
fn delete(folder: PathBuf) -> Option<GitError> {
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Some(GitError::file(folder)(error))
        }
        _ => None,
    }
}

/// Deletes a branch that is checked out nowhere.
///
/// # Errors
/// [`GitError::NoBranch`], [`GitError::CheckedOut`].
pub fn delete_branch(folder: &Path, branch: &str) -> Result<(), GitError> {
    let repository = open(folder)?;
    check_free(&repository, branch)?;
    let found = repository.find_branch(branch, BranchType::Local);
    found.map_err(|_| GitError::NoBranch(branch.to_owned()))?.delete()?;
    Ok(())
}

/// Nobody has the branch checked out.
pub(crate) fn check_free(repository: &Repository, branch: &str) -> Result<(), GitError> {
    match checkouts::of(repository, branch).pop() {
        Some(place) => Err(GitError::CheckedOut {
            branch: branch.to_owned(),
            path: without_slash(&place.folder),
        }),
        None => Ok(()),
    }
}
