//! Worktrees that are ready before anybody asks for one: in a large repository a checkout takes
//! seconds, and moving one takes none. How many is a setting, and none by default; a project has
//! them from the first worktree on that was asked for while this daemon runs.

use std::{
    path::{Path, PathBuf},
    sync::PoisonError,
};
use synk_git::{Program, add_ready, counts, remove_worktree, throw_away, worktrees};
use synk_protocol::WireError;
use tokio::task::spawn_blocking;

use super::{WorktreeManager, wire::error};
use crate::time::now_millis;

/// How their folders are called, with a number after it. No branch's folder begins so.
const READY: &str = ".ready-";
/// The same while one is made: a daemon that died meanwhile leaves it.
const MAKING: &str = ".making-";

impl WorktreeManager {
    /// Whether that is one of them, and not yet anybody's.
    pub(super) fn is_ready(path: &Path) -> bool {
        let is_whole =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(READY));
        is_whole || Self::is_making(path)
    }

    fn is_making(path: &Path) -> bool {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(MAKING))
    }

    /// One that is ready for a project. It is the caller's from here on.
    pub(super) fn take_ready(&self, project: &Path) -> Option<PathBuf> {
        let mut taken = self.inner.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.ready(project).into_iter().find(|path| !taken.contains(path))?;
        taken.insert(found.clone());
        Some(found)
    }

    /// It was not needed after all.
    pub(super) fn give_back(&self, ready: Option<&Path>) {
        if let Some(ready) = ready {
            self.inner.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(ready);
        }
    }

    fn ready(&self, project: &Path) -> Vec<PathBuf> {
        self.called(project, READY)
    }

    fn called(&self, project: &Path, name: &str) -> Vec<PathBuf> {
        let place = self.folder(project).join(name);
        let all = worktrees(project).unwrap_or_default().into_iter();
        let is_one = |path: &Path| {
            path.as_os_str().as_encoded_bytes().starts_with(place.as_os_str().as_encoded_bytes())
        };
        all.filter(|one| !one.missing && is_one(&one.path)).map(|one| one.path).collect()
    }

    /// Sees to it, in the background, that a project has as many as the settings say.
    pub(super) fn tend_soon(&self, project: PathBuf) {
        let manager = self.clone();
        self.inner.tasks.spawn(async move {
            let program = manager.program().await;
            let closing = manager.inner.closing.clone();
            let tended = spawn_blocking(move || {
                while !closing.is_cancelled() && manager.tend(&program, &project, true)? {}
                Ok::<_, WireError>(())
            });
            if let Ok(Err(error)) = tended.await {
                tracing::warn!("a worktree could not be made ready: {}", error.message);
            }
        });
    }

    /// Lets go of those that the settings do not want any more, and at the start of those that
    /// a daemon before this one did not finish.
    pub(crate) async fn tend_all(&self, at_start: bool) {
        let program = self.program().await;
        let manager = self.clone();
        let tended = spawn_blocking(move || {
            for project in manager.projects() {
                if at_start {
                    for unfinished in manager.called(&project, MAKING) {
                        remove_worktree(&project, &unfinished).map_err(error)?;
                    }
                }
                while manager.tend(&program, &project, false)? {}
            }
            Ok::<_, WireError>(())
        });
        if let Ok(Err(error)) = tended.await {
            tracing::warn!("a worktree that was ready could not be removed: {}", error.message);
        }
    }

    /// Makes or removes one of a project's, where that is needed; answers whether it was.
    fn tend(&self, program: &Program, project: &Path, add: bool) -> Result<bool, WireError> {
        let wanted = self.inner.settings.current().worktrees.prepared as usize;
        let ready = self.ready(project);
        let mut taken = self.inner.taken.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that became a branch's are not there any more.
        taken.retain(|path| path.exists() || Self::is_making(path));
        let free: Vec<_> = ready.iter().filter(|path| !taken.contains(*path)).cloned().collect();
        if free.len() > wanted
            && let Some(path) = free.last()
        {
            taken.insert(path.clone());
            drop(taken);
            // Nobody works there; if somebody did, it can be had back.
            if counts(path, None).is_ok_and(|counts| !counts.is_clean()) {
                throw_away(path, now_millis(), &|_, _| true).map_err(error)?;
            }
            remove_worktree(project, path).map_err(error)?;
            return Ok(true);
        }
        if !add || free.len() >= wanted {
            return Ok(false);
        }
        let folder = self.folder(project);
        let mut pairs = (1..1000).map(|number| {
            (folder.join(format!("{MAKING}{number}")), folder.join(format!("{READY}{number}")))
        });
        let is_free = |path: &PathBuf| !path.exists() && !taken.contains(path);
        let Some((making, path)) = pairs.find(|(making, path)| is_free(making) && is_free(path))
        else {
            return Ok(false);
        };
        // Nobody else makes the same one.
        taken.insert(making.clone());
        drop(taken);
        let made = add_ready(program, self.trust(project), project, &making, &path);
        self.give_back(Some(&making));
        made.map(|()| true).map_err(error)
    }
}
