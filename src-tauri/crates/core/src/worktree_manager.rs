//! The worktrees that Synk makes, one for each branch that a session works on, and what is done
//! in repositories for whoever looks at the sessions. It knows where worktrees are, who may run
//! what, and who works where; how git does it is the `git` crate's business. It holds nothing
//! that is not on disk: what is asked is read anew.
//!
//! ```text
//! worktrees/<project>-<hash>/project         the project's folder, as text
//! worktrees/<project>-<hash>/<branch>/       a worktree
//! worktrees/<project>-<hash>/.ready-<n>/     one that waits for its branch
//! worktrees/<project>-<hash>/.removing-<n>/  what is left of one that is deleted
//! worktrees/.merging/                        where merges are made
//! ```

mod activity;
mod making;
mod ready;
mod removing;
mod review;
mod scripts;
pub(crate) mod watch;
mod wire;

use std::{
    collections::{BTreeSet, hash_map::DefaultHasher},
    fs,
    hash::{Hash, Hasher},
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use synk_client::Places;
use synk_git::{Carried, Program, Trust};
use synk_protocol::{SessionId, SessionInfo, WireError};
use tokio::{sync::Semaphore, task::spawn_blocking};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    environment::{self, Login},
    settings::Settings,
};

/// In a project's folder among the worktrees: where the project is.
const PROJECT_FILE: &str = "project";
/// Checkouts at one time: more would only take turns at the disk.
const AT_ONCE: usize = 4;

/// The worktrees. A clone shares everything.
#[derive(Debug, Clone)]
pub struct WorktreeManager {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    settings: Settings,
    login: Login,
    room: Semaphore,
    /// Worktrees that were ready and are somebody's.
    taken: Mutex<BTreeSet<PathBuf>>,
    /// Worktrees that are being removed.
    going: Mutex<BTreeSet<PathBuf>>,
    tasks: TaskTracker,
    closing: CancellationToken,
}

impl WorktreeManager {
    /// What it does in the background is among `tasks`, and ends with `closing`.
    pub(crate) fn new(
        places: &Places,
        settings: Settings,
        login: Login,
        tasks: TaskTracker,
        closing: CancellationToken,
    ) -> Self {
        // As git writes it: without links on the way.
        let root = places.worktrees();
        let root = root
            .parent()
            .and_then(|above| above.canonicalize().ok())
            .map_or(root, |above| above.join("worktrees"));
        let room = Semaphore::new(AT_ONCE);
        let (taken, going) = (Mutex::default(), Mutex::default());
        Self {
            inner: Arc::new(Inner { root, settings, login, room, taken, going, tasks, closing }),
        }
    }

    /// The worktree that a folder is in, by the folder's path alone.
    pub(crate) fn of(&self, folder: &Path) -> Option<PathBuf> {
        let mut parts = folder.strip_prefix(&self.inner.root).ok()?.components();
        Some(self.inner.root.join(parts.next()?).join(parts.next()?))
    }

    /// The user's `git`, in the environment of the login shell.
    async fn program(&self) -> Program {
        let login = self.inner.login.get().await;
        let env = environment::for_program(login.as_deref());
        Program::new(env.into_iter().map(|(name, value)| (name.into(), value.into())))
    }

    /// Whose programs git may run for a project.
    fn trust(&self, project: &Path) -> Trust {
        let trusted = self.inner.settings.current().worktrees.trusted;
        let is_trusted = trusted.iter().any(|trusted| Path::new(trusted) == project);
        if is_trusted { Trust::Repository } else { Trust::UserOnly }
    }

    /// Which ignored files belong to a project's worktrees, and what is wrong with the patterns.
    fn carried(&self, project: &Path) -> (Carried, Vec<String>) {
        let (copied, problem) = scripts::copied(project);
        let patterns = [self.inner.settings.current().worktrees.copy, copied].concat();
        let (carried, mut problems) = Carried::new(project, &patterns);
        problems.extend(problem);
        (carried, problems)
    }

    /// The folder for a project's worktrees.
    fn folder(&self, project: &Path) -> PathBuf {
        let name = project.file_name().unwrap_or_default().to_string_lossy();
        // Two projects of one name are apart; and the same project is always at the same place.
        let mut hasher = DefaultHasher::new();
        project.as_os_str().as_bytes().hash(&mut hasher);
        self.inner.root.join(format!("{}-{:08x}", plain(&name), hasher.finish() & 0xffff_ffff))
    }

    /// The projects that have, or had, a worktree, or something in the trash: see
    /// [`Self::note_project`].
    fn projects(&self) -> Vec<PathBuf> {
        let folders = fs::read_dir(&self.inner.root).into_iter().flatten().flatten();
        let projects = folders.filter_map(|folder| fs::read(folder.path().join(PROJECT_FILE)).ok());
        projects.map(|bytes| std::ffi::OsString::from_vec(bytes).into()).collect()
    }

    /// The folder that a request is about: where its session works, or the project's own.
    fn place(
        sessions: &[SessionInfo],
        session: Option<SessionId>,
        project: Option<String>,
    ) -> Result<PathBuf, WireError> {
        if let Some(id) = session {
            let found = sessions.iter().find(|session| session.session_id == id);
            return Ok(found.ok_or_else(|| WireError::no_session(id))?.working_dir.clone().into());
        }
        let project = project.ok_or_else(|| {
            WireError::invalid("name the repository: by a session in it, or by its folder")
        })?;
        let path = PathBuf::from(&project);
        if !path.is_absolute() {
            return Err(WireError::invalid(format!("“{project}” is not an absolute path")));
        }
        Ok(path)
    }
}

/// Runs git's work where it may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, WireError> + Send + 'static,
) -> Result<T, WireError> {
    let done = spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(WireError::internal(format!("work on a repository: {error}"))))
}

/// A name that every file system and every shell takes as it is.
fn plain(name: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "._-".contains(letter);
    let words: String =
        name.chars().take(60).map(|letter| if is_plain(letter) { letter } else { '-' }).collect();
    let words = words.trim_start_matches(['.', '-']);
    if words.is_empty() { "branch".to_owned() } else { words.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_whatever_a_branch_is_called() {
        let cases = [
            ("feat/login", "feat-login"),
            ("../../etc", "etc"),
            ("ü b\n\"'", "ü-b---"),
            (".hidden", "hidden"),
            ("--", "branch"),
        ];
        for (name, expected) in cases {
            assert_eq!(plain(name), expected);
        }
    }
}
