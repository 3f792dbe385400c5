//! A worktree for a moment: with nobody's branch in it, and gone again whatever happens. What
//! is done in it touches no checkout, no index and no stash of the user's.

use git2::{Oid, Repository};
use std::{
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::{GitError, Program, Trust, checkouts, worktree::registry};

/// Tells those of one process apart.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// The worktree; dropping it removes it.
pub(crate) struct Scratch<'a> {
    program: &'a Program,
    trust: Trust,
    folder: PathBuf,
    common: PathBuf,
    registry: Arc<Mutex<()>>,
}

impl<'a> Scratch<'a> {
    /// Checks a commit out in a new folder under `scratch`, which is made if it is not there.
    pub(crate) fn new(
        program: &'a Program,
        trust: Trust,
        repository: &Repository,
        commit: Oid,
        scratch: &Path,
    ) -> Result<Self, GitError> {
        fs::create_dir_all(scratch).map_err(GitError::file(scratch))?;
        let scratch = scratch.canonicalize().map_err(GitError::file(scratch))?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = scratch.join(format!("{}{number}", prefix(process::id())));
        let common = repository.commondir().to_owned();
        // From here on it is removed, however far its making comes. What is there already can
        // only be of a process that is gone and had the same number.
        let registry = registry(repository);
        let this = Self { program, trust, folder, common, registry };
        this.remove();
        let mut args: Vec<OsString> = ["worktree", "add", "--detach", "--"].map(Into::into).into();
        args.push(this.folder.clone().into());
        args.push(commit.to_string().into());
        {
            let _held = this.registry.lock().unwrap_or_else(PoisonError::into_inner);
            this.git_in(repository.workdir().unwrap_or(repository.path()), &args)?;
        }
        Ok(this)
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs git in it.
    pub(crate) fn git<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<Vec<u8>, GitError> {
        self.git_in(&self.folder, args)
    }

    fn git_in<S: AsRef<OsStr>>(&self, folder: &Path, args: &[S]) -> Result<Vec<u8>, GitError> {
        // The built-in monitor would start a process for the folder and outlive it. What was
        // resolved once (rerere) is not taken as resolved now, and nothing of it is recorded.
        let settings = ["core.fsmonitor=false", "rerere.enabled=false", "gc.auto=0"];
        git(self.program, self.trust, folder, &settings, args)
    }

    fn remove(&self) {
        remove(&self.folder, &self.common, &self.registry).ok();
    }
}

/// How the folders of a process are called, with a number after it.
fn prefix(process: u32) -> String {
    format!("synk-merge-{process}-")
}

/// Removes a worktree and what the repository around `common` knows of it, which goes also when
/// the folder stays.
fn remove(folder: &Path, common: &Path, registry: &Mutex<()>) -> Result<(), GitError> {
    // Not by git, which asks first whether there are changes, and may be what hangs.
    let removed = fs::remove_dir_all(folder);
    let _held = registry.lock().unwrap_or_else(PoisonError::into_inner);
    let worktrees = common.join("worktrees");
    for admin in fs::read_dir(&worktrees).into_iter().flatten().flatten() {
        if checkouts::folder_of(&admin.path()).is_some_and(|found| found == folder) {
            fs::remove_dir_all(admin.path()).ok();
        }
    }
    // As git does it: this goes with the last of them, and only when it is empty.
    fs::remove_dir(&worktrees).ok();
    removed.map_err(GitError::file(folder))
}

/// Removes what is left under `scratch` of merges whose process was killed meanwhile. Only one
/// process at a time may merge there; its own merges go on.
///
/// # Errors
/// [`GitError::File`] for the first that cannot be read or removed, when all others are gone.
pub fn clear_merges(scratch: &Path) -> Result<(), GitError> {
    let Ok(scratch) = scratch.canonicalize() else { return Ok(()) };
    let mut failed = None;
    for entry in fs::read_dir(&scratch).map_err(GitError::file(&scratch))? {
        let entry = entry.map_err(GitError::file(&scratch))?;
        if entry.file_name().to_string_lossy().starts_with(&prefix(process::id())) {
            continue;
        }
        let folder = entry.path();
        // Without its repository, or half made, it is a folder like any other.
        let removed = if let Ok(repository) = Repository::open(&folder) {
            remove(&folder, repository.commondir(), &registry(&repository))
        } else {
            fs::remove_dir_all(&folder).map_err(GitError::file(&folder))
        };
        failed = failed.or(removed.err());
    }
    failed.map_or(Ok(()), Err)
}

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Runs git with settings that keep a surprise out of what Synk does: nothing is stashed (the
/// stash is of all worktrees), and no branch is moved but the one that was asked for.
pub(crate) fn git<S: AsRef<OsStr>>(
    program: &Program,
    trust: Trust,
    folder: &Path,
    settings: &[&str],
    args: &[S],
) -> Result<Vec<u8>, GitError> {
    let always = [
        "merge.autoStash=false",
        "rebase.autoStash=false",
        "rebase.updateRefs=false",
        "submodule.recurse=false",
    ];
    let mut all: Vec<&OsStr> = Vec::new();
    for setting in always.iter().chain(settings) {
        all.extend([OsStr::new("-c"), OsStr::new(setting)]);
    }
    all.extend(args.iter().map(AsRef::as_ref));
    let name = args.first().map(|it| it.as_ref().to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    // Its name is not its first argument here.
    program.run(folder, trust, &all).map_err(|error| match error {
        GitError::Failed { message, code, .. } => GitError::Failed { command: name, message, code },
        GitError::TimedOut { seconds, .. } => GitError::TimedOut { command: name, seconds },
        error => error,
    })
}
