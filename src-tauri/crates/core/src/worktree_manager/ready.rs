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

impl WorktreeManager {
    /// Whether that is one of them, and not yet anybody's.
    pub(super) fn is_ready(path: &Path) -> bool {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(READY))
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
        let folder = self.folder(project);
        let all = worktrees(project).unwrap_or_default().into_iter();
        let ready = all.filter(|one| {
            !one.missing && Self::is_ready(&one.path) && one.path.starts_with(&folder)
        });
        ready.map(|one| one.path).collect()
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

    /// Lets go of those that the settings do not want any more.
    pub(crate) async fn tend_all(&self) {
        let program = self.program().await;
        let manager = self.clone();
        let tended = spawn_blocking(move || {
            for project in manager.projects() {
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
        taken.retain(|path| path.exists());
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
        let mut paths = (1..1000).map(|number| folder.join(format!("{READY}{number}")));
        let Some(path) = paths.find(|path| !path.exists() && !taken.contains(path)) else {
            return Ok(false);
        };
        drop(taken);
        add_ready(program, self.trust(project), project, &path).map_err(error)?;
        Ok(true)
    }
}
