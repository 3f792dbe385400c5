//! Worktrees that are ready before anybody asks for one: in a large repository a checkout takes
//! seconds, and moving one takes none. How many is a setting, and none by default; a project has
//! them from the first worktree on that was asked for while this daemon runs.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::PoisonError,
};
use synk_git::{
    Program, Worktree, add_ready, clear_merges, remove_worktree, throw_away, worktrees,
};
use synk_protocol::WireError;
use tokio::task::spawn_blocking;

use super::{WorktreeManager, wire::error};
use crate::time::now_millis;

/// How their folders are called, with a number after it. No branch's folder begins so.
const READY: &str = ".ready-";
/// The same while one is made: a daemon that died meanwhile leaves it.
const MAKING: &str = ".making-";

impl WorktreeManager {
    /// Whether nobody works there: it is one of them, or one comes or goes.
    pub(super) fn is_nobodys(path: &Path) -> bool {
        [READY, MAKING, Worktree::REMOVING].iter().any(|name| is_called(path, name))
    }

    /// One that is ready for a project. It is the caller's from here on.
    pub(super) fn take_ready(&self, project: &Path) -> Option<PathBuf> {
        let mut taken = self.inner.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ready = self.called(project, READY).into_iter().map(|one| one.path);
        let found = ready.find(|path| !taken.contains(path))?;
        taken.insert(found.clone());
        Some(found)
    }

    /// It was not needed after all.
    pub(super) fn give_back(&self, ready: Option<&Path>) {
        if let Some(ready) = ready {
            self.inner.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(ready);
        }
    }

    /// It could not become a branch's, and so never will. One that cannot be removed either stays
    /// taken, so that nobody tries it again.
    pub(super) fn give_up(&self, project: &Path, ready: &Path) {
        tracing::warn!("a worktree that was ready could not be used; another was made");
        for one in self.called(project, READY).iter().filter(|one| one.path == ready) {
            match put_away(project, one) {
                Ok(()) => self.give_back(Some(ready)),
                Err(error) => {
                    tracing::warn!("it stays at {}: {}", ready.display(), error.message);
                }
            }
        }
    }

    /// The worktrees of a project that are there and whose folders are called so.
    fn called(&self, project: &Path, name: &str) -> Vec<Worktree> {
        let folder = self.folder(project);
        let all = worktrees(project).unwrap_or_default().into_iter();
        let is_one = |path: &Path| path.parent() == Some(folder.as_path()) && is_called(path, name);
        all.filter(|one| !one.missing && is_one(&one.path)).collect()
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
    /// a daemon before this one did not finish or did not finish removing, and of its merges.
    pub(crate) async fn tend_all(&self, at_start: bool) {
        let program = self.program().await;
        let manager = self.clone();
        let tended = spawn_blocking(move || {
            if at_start {
                if let Err(error) = clear_merges(&manager.scratch()) {
                    tracing::warn!("what is left of a merge could not be removed: {error}");
                }
                manager.clear_removed();
            }
            for project in manager.projects() {
                // What hinders one project hinders no other.
                if let Err(error) = manager.let_go(&program, &project, at_start) {
                    tracing::warn!(
                        "a worktree that was ready could not be removed: {}",
                        error.message
                    );
                }
            }
        });
        tended.await.ok();
    }

    fn let_go(&self, program: &Program, project: &Path, at_start: bool) -> Result<(), WireError> {
        if at_start {
            for unfinished in self.called(project, MAKING) {
                remove(project, &unfinished.path)?;
            }
        }
        while self.tend(program, project, false)? {}
        Ok(())
    }

    /// Deletes what is left of worktrees that were removed, when a daemon before this one was
    /// killed meanwhile or could not. Git knows nothing of them any more.
    fn clear_removed(&self) {
        let inside = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
        let all = inside(&self.inner.root).flat_map(|project| inside(&project.path()));
        for left in all.map(|one| one.path()).filter(|path| is_called(path, Worktree::REMOVING)) {
            if let Err(error) = fs::remove_dir_all(&left) {
                tracing::warn!("what is left of a worktree, {}: {error}", left.display());
            }
        }
    }

    /// Makes or removes one of a project's, where that is needed; answers whether it was.
    fn tend(&self, program: &Program, project: &Path, add: bool) -> Result<bool, WireError> {
        let wanted = self.inner.settings.current().worktrees.prepared as usize;
        let mut free = self.called(project, READY);
        let mut taken = self.inner.taken.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that became a branch's are not there any more.
        taken.retain(|path| path.exists() || is_called(path, MAKING));
        free.retain(|one| !taken.contains(&one.path));
        if free.len() > wanted
            && let Some(one) = free.last()
        {
            taken.insert(one.path.clone());
            drop(taken);
            put_away(project, one)?;
            return Ok(true);
        }
        if !add || free.len() >= wanted {
            return Ok(false);
        }
        let folder = self.folder(project);
        let mut pairs = (1..1000).map(|number| {
            (folder.join(format!("{MAKING}{number}")), folder.join(format!("{READY}{number}")))
        });
        // Git holds the places of those whose folders are gone.
        let known = worktrees(project).map_err(error)?;
        let is_free = |path: &PathBuf| {
            !path.exists() && !taken.contains(path) && !known.iter().any(|one| one.path == *path)
        };
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

/// Whether a folder's name begins so.
fn is_called(path: &Path, name: &str) -> bool {
    path.file_name().is_some_and(|found| found.as_encoded_bytes().starts_with(name.as_bytes()))
}

/// Removes one that is ready. Nobody works there; if somebody did, it can be had back.
fn put_away(project: &Path, ready: &Worktree) -> Result<(), WireError> {
    if !ready.is_untouched() {
        throw_away(&ready.path, now_millis(), &|_, _| true).map_err(error)?;
    }
    remove(project, &ready.path)
}

/// Removes a worktree that is nobody's.
fn remove(project: &Path, path: &Path) -> Result<(), WireError> {
    if let Some(why) = remove_worktree(project, path).map_err(error)? {
        tracing::warn!("not all of a worktree could be deleted: {why}");
    }
    Ok(())
}
