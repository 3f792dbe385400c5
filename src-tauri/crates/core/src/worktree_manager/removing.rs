//! Removing worktrees, and the way back.

use std::{
    path::{Path, PathBuf},
    sync::PoisonError,
    time::Duration,
};
use synk_git::{
    Trashed, delete_branch, forget, locate, project_of, remove_worktree, throw_away, trashed,
    worktrees,
};
use synk_protocol::{
    DeleteWorktree, DeletedWorktree, EmptiedTrash, EmptyTrash, ErrorCode, ListTrash, RestoreTrash,
    RestoredWorktree, SessionInfo, SessionRecord, TrashEntry, WireError,
};
use sysinfo::{ProcessRefreshKind, UpdateKind};
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

use super::{
    WorktreeManager, blocking,
    scripts::remove_log,
    wire::{count, error, text, trash_entry},
};
use crate::{processes, time::now_millis};

/// Files named in an answer, at the most.
const MAX_NAMED: usize = 100;

/// A worktree that is being removed, until this is dropped.
struct Going {
    manager: WorktreeManager,
    path: PathBuf,
}

impl Drop for Going {
    fn drop(&mut self) {
        let going = self.manager.inner.going.lock();
        going.unwrap_or_else(PoisonError::into_inner).remove(&self.path);
    }
}

impl WorktreeManager {
    /// Keeps new sessions out of a worktree.
    fn keep_out(&self, path: &Path) -> Result<Going, WireError> {
        let mut going = self.inner.going.lock().unwrap_or_else(PoisonError::into_inner);
        if !going.insert(path.to_owned()) {
            return Err(being_removed(path));
        }
        Ok(Going { manager: self.clone(), path: path.to_owned() })
    }

    /// Nobody removes that worktree at this moment.
    ///
    /// # Errors
    /// [`ErrorCode::Conflict`].
    pub(super) fn check_stays(&self, path: &Path) -> Result<(), WireError> {
        let going = self.inner.going.lock().unwrap_or_else(PoisonError::into_inner);
        if going.contains(path) { Err(being_removed(path)) } else { Ok(()) }
    }

    /// Removes a worktree after putting all that is in it into the trash. `open` answers the
    /// sessions that are not closed at that moment; `all` are those as well that were.
    ///
    /// # Errors
    /// [`ErrorCode::Conflict`] while somebody works in it, or when something in it could not
    /// be kept; [`ErrorCode::Invalid`] for what Synk has not made.
    pub(crate) async fn delete(
        &self,
        all: &[SessionInfo],
        open: impl Fn() -> Vec<SessionRecord> + Clone + Send + 'static,
        args: DeleteWorktree,
    ) -> Result<DeletedWorktree, WireError> {
        let folder = Self::place(all, args.session_id, args.path)?;
        let path = self.of(&folder).ok_or_else(|| {
            WireError::invalid(format!(
                "{} is not in a worktree that Synk has made, so Synk does not remove it",
                folder.display()
            ))
        })?;
        let going = self.keep_out(&path)?;
        let (manager, place, now) = (self.clone(), path.clone(), open.clone());
        let project = blocking(move || {
            check_unused(&place, &now())?;
            let Ok(place) = locate(&place) else { return Ok(None) };
            Ok(Some(place.project))
        });
        let Some(project) = project.await? else {
            return blocking(move || manager.forget_missing(&path)).await;
        };
        let problem = self.tear_down(&project, &path).await;
        blocking(move || {
            // Also when nobody waits for the answer any more.
            let _until_the_end = going;
            // Tidying up takes its time, and so does what follows.
            check_unused(&path, &open())?;
            let place = locate(&path).map_err(error)?;
            // A folder in which somebody has put another repository is not the worktree.
            if place.top != path || !place.linked {
                return Err(error(synk_git::GitError::NotOurs(path)));
            }
            let (carried, _) = manager.carried(&place.project);
            let keep = |path: &Path, is_folder: bool| carried.has(path, is_folder);
            let (kept, left_out) = throw_away(&path, now_millis(), &keep).map_err(error)?;
            check_unused(&path, &open()).map_err(|busy| {
                let kept = format!("what was in it before is in the trash as “{}” too", kept.id);
                WireError::new(busy.code, format!("{}; {kept}", busy.message))
            })?;
            let left = remove_worktree(&place.project, &path).map_err(error)?;
            remove_log(&path);
            let mut problems: Vec<_> = problem.into_iter().collect();
            problems.extend(left.map(|why| format!("Not all of it could be deleted: {why}")));
            if let Some(branch) = place.branch.filter(|_| args.delete_branch == Some(true)) {
                let deleted = delete_branch(&place.project, &branch);
                problems.extend(deleted.err().map(|why| format!("The branch stays: {why}")));
            }
            Ok(DeletedWorktree {
                success: true,
                problems,
                trash_id: Some(kept.id),
                not_kept: left_out.iter().take(MAX_NAMED).map(|path| text(path)).collect(),
            })
        })
        .await
    }

    /// Forgets a worktree whose folder somebody has removed.
    fn forget_missing(&self, path: &Path) -> Result<DeletedWorktree, WireError> {
        for project in self.projects() {
            let all = worktrees(&project).unwrap_or_default();
            if all.iter().any(|worktree| worktree.path == path && worktree.missing) {
                remove_worktree(&project, path).map_err(error)?;
                remove_log(path);
                return Ok(DeletedWorktree {
                    success: true,
                    problems: Vec::new(),
                    trash_id: None,
                    not_kept: Vec::new(),
                });
            }
        }
        Err(WireError::new(
            ErrorCode::NotFound,
            format!("there is no worktree {}; `synk worktree ls` lists them", path.display()),
        ))
    }

    /// What can be had back, newest first.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a folder that is in no repository.
    pub(crate) async fn trash(
        &self,
        sessions: &[SessionInfo],
        args: ListTrash,
    ) -> Result<Vec<TrashEntry>, WireError> {
        let only = match (args.session_id, args.project_path) {
            (None, None) => None,
            (session, project) => Some(Self::place(sessions, session, project)?),
        };
        let manager = self.clone();
        blocking(move || manager.entries(only.as_deref())).await
    }

    fn entries(&self, only: Option<&Path>) -> Result<Vec<TrashEntry>, WireError> {
        let projects = match only {
            Some(folder) => {
                let project = project_of(folder).map_err(error)?;
                // It may have moved: from here on, what is listed is found by its name alone.
                if trashed(&project).is_ok_and(|found| !found.is_empty()) {
                    self.note_project(&project)?;
                }
                vec![project]
            }
            None => self.projects(),
        };
        // A project that is gone has taken its trash along.
        let found = projects.iter().flat_map(|project| trashed(project).unwrap_or_default());
        let mut found: Vec<_> = found.map(trash_entry).collect();
        found.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| other.id.cmp(&one.id)));
        Ok(found)
    }

    /// Brings something back.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], or why it could not be.
    pub(crate) async fn restore(&self, args: RestoreTrash) -> Result<RestoredWorktree, WireError> {
        let program = self.program().await;
        let manager = self.clone();
        blocking(move || {
            let projects = manager.projects();
            let mut all = projects.iter().flat_map(|project| trashed(project).unwrap_or_default());
            let entry = all.find(|entry| entry.id == args.id).ok_or_else(|| {
                WireError::new(
                    ErrorCode::NotFound,
                    format!("the trash has no “{}”; `synk trash ls` lists what it has", args.id),
                )
            })?;
            let place = manager.new_place(&entry)?;
            let trust = manager.trust(&entry.project);
            let back = entry.restore_to(&program, trust, now_millis(), place.as_deref());
            let back = back.map_err(error)?;
            Ok(RestoredWorktree { worktree_path: text(&back.path), branch: back.branch })
        })
        .await
    }

    /// Where a worktree comes back that was not where Synk makes those of its project now, or was
    /// nobody's: the project or Synk's folder may have moved since. And where it was is what a
    /// commit in the repository says, and anybody can have written that.
    fn new_place(&self, entry: &Trashed) -> Result<Option<PathBuf>, WireError> {
        let folder = self.folder(&entry.project);
        let name = entry.path.file_name();
        let is_branchs = name.is_some_and(|name| !name.as_encoded_bytes().starts_with(b"."));
        let is_here = is_branchs && entry.path.parent() == Some(folder.as_path());
        // Of changes that were discarded, git's part looks where they belong.
        if entry.discarded || is_here {
            return Ok(None);
        }
        let name = entry.branch.as_deref().unwrap_or("restored");
        self.free_path(&entry.project, name).map(Some)
    }

    /// Forgets what is in the trash, for good.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when one is named that is not there.
    pub(crate) async fn empty_trash(&self, args: EmptyTrash) -> Result<EmptiedTrash, WireError> {
        let manager = self.clone();
        blocking(move || {
            let only = args.project_path.map(PathBuf::from);
            let entries = manager.entries(only.as_deref())?;
            if let Some(id) = &args.id
                && !entries.iter().any(|entry| entry.id == *id)
            {
                return Err(WireError::new(
                    ErrorCode::NotFound,
                    format!("the trash has no “{id}”; `synk trash ls` lists what it has"),
                ));
            }
            let age = Duration::from_secs(args.older_than_seconds.unwrap_or(0).into());
            forget_older(
                entries
                    .into_iter()
                    .filter(|entry| args.id.as_ref().is_none_or(|id| *id == entry.id)),
                age,
            )
        })
        .await
    }

    /// Forgets what has been in the trash for longer than the settings say.
    async fn expire(&self) -> Result<EmptiedTrash, WireError> {
        let manager = self.clone();
        blocking(move || {
            let days = manager.inner.settings.current().worktrees.trash_days;
            let age = Duration::from_hours(24 * u64::from(days));
            forget_older(manager.entries(None)?.into_iter(), age)
        })
        .await
    }

    /// Does that once a day, until the daemon ends.
    pub(crate) async fn keep_trash(self, closing: CancellationToken) {
        let mut day = interval(Duration::from_hours(24));
        loop {
            tokio::select! {
                () = closing.cancelled() => return,
                _ = day.tick() => {}
            }
            if let Err(error) = self.expire().await {
                tracing::warn!("the trash of a repository: {error}");
            }
        }
    }
}

/// Forgets what was removed so long ago.
fn forget_older(
    entries: impl Iterator<Item = TrashEntry>,
    age: Duration,
) -> Result<EmptiedTrash, WireError> {
    let age = u64::try_from(age.as_millis()).unwrap_or(u64::MAX);
    let before = now_millis().saturating_sub(age);
    let mut removed = 0;
    for entry in entries.filter(|entry| entry.at <= before) {
        removed += usize::from(forget(Path::new(&entry.project_path), &entry.id).map_err(error)?);
    }
    Ok(EmptiedTrash { removed: count(removed) })
}

fn being_removed(path: &Path) -> WireError {
    WireError::new(
        ErrorCode::Conflict,
        format!("{} is being removed; try again when it is gone", path.display()),
    )
}

/// Nobody works in a folder that is to go.
fn check_unused(path: &Path, open: &[SessionRecord]) -> Result<(), WireError> {
    let works_here = |session: &&SessionRecord| {
        let folders = [Some(&session.working_dir), session.current_dir.as_ref()];
        folders.into_iter().flatten().any(|folder| Path::new(folder).starts_with(path))
    };
    if let Some(session) = open.iter().find(works_here) {
        return Err(WireError::new(
            ErrorCode::Conflict,
            format!(
                "session {} ({}) works in {}; close it first",
                session.session_id,
                session.name,
                path.display()
            ),
        ));
    }
    let kind = ProcessRefreshKind::nothing().with_cwd(UpdateKind::Always);
    let Some(system) = processes::look(kind) else { return Ok(()) };
    let mut all = system.processes().values();
    match all.find(|process| process.cwd().is_some_and(|folder| folder.starts_with(path))) {
        Some(process) => Err(WireError::new(
            ErrorCode::Conflict,
            format!(
                "{} (process {}) works in {}; end it first",
                process.name().to_string_lossy(),
                process.pid(),
                path.display()
            ),
        )),
        None => Ok(()),
    }
}
