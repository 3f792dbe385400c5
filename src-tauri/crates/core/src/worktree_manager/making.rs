//! Making worktrees, and saying which there are.

use std::{
    fs,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};
use synk_git::{
    GitError, NewWorktree, Program, Trust, add_worktree, check_branch, locate, project_of,
    worktrees,
};
use synk_protocol::{
    CreateSession, CreateWorktree, CreatedWorktree, ErrorCode, ListWorktrees, SessionInfo,
    WireError, WorktreeInfo,
};

use super::{
    PROJECT_FILE, WorktreeManager, blocking, plain, scripts,
    wire::{error, text},
};

impl WorktreeManager {
    /// Makes a worktree for a branch, or finds the one that there is.
    ///
    /// # Errors
    /// [`ErrorCode::Conflict`] when the branch is checked out elsewhere; why it could not be
    /// made.
    pub(crate) async fn create(
        &self,
        sessions: &[SessionInfo],
        args: CreateWorktree,
    ) -> Result<CreatedWorktree, WireError> {
        let folder = Self::place(sessions, args.session_id, args.project_path)?;
        self.for_branch(folder, args.branch, args.base_branch, args.set_up).await
    }

    /// The same for a session that is to be: when it asks for a branch that its folder does
    /// not have, its working folder becomes the one in a worktree. Answers what that lacks.
    ///
    /// # Errors
    /// As [`WorktreeManager::create`].
    pub(crate) async fn prepare(&self, args: &mut CreateSession) -> Result<Vec<String>, WireError> {
        let Some(branch) = args.branch.clone() else { return Ok(Vec::new()) };
        let folder = args.working_dir.clone().unwrap_or_else(|| args.project_path.clone());
        let folder = PathBuf::from(folder);
        let (looked, wanted) = (folder.clone(), branch.clone());
        let place = blocking(move || {
            check_branch(&wanted).map_err(error)?;
            // A bare repository has no checkout, and can have worktrees all the same.
            Ok(locate(&looked).ok())
        });
        let place = place.await?;
        if let Some(place) = place.as_ref().filter(|place| place.branch.as_ref() == Some(&branch)) {
            self.check_stays(&place.top)?;
            return Ok(Vec::new());
        }
        let made = self.for_branch(folder.clone(), branch, args.base_branch.clone(), args.set_up);
        let made = made.await?;
        // The same folder of the project as was asked for, if this branch has it.
        let below = place.and_then(|place| {
            let folder = folder.canonicalize().ok()?;
            folder.strip_prefix(place.top).map(Path::to_owned).ok()
        });
        let top = PathBuf::from(&made.worktree_path);
        let below = below.filter(|below| !below.as_os_str().is_empty());
        let folder = below.map(|below| top.join(below)).filter(|folder| folder.is_dir());
        args.working_dir = Some(text(&folder.unwrap_or(top)));
        Ok(made.problems)
    }

    async fn for_branch(
        &self,
        folder: PathBuf,
        branch: String,
        base: Option<String>,
        consent: Option<bool>,
    ) -> Result<CreatedWorktree, WireError> {
        // Never closed.
        let room = self.inner.room.acquire().await;
        let program = self.program().await;
        let manager = self.clone();
        let made = blocking(move || {
            check_branch(&branch).map_err(error)?;
            let project = project_of(&folder).map_err(error)?;
            let made = manager.make(&program, &project, branch, base.as_deref())?;
            Ok((project, made))
        });
        let (project, mut made) = made.await?;
        drop(room);
        if !made.reused {
            self.tend_soon(project.clone());
        }
        let problem = self.set_up(&project, made.worktree_path.as_ref(), consent).await?;
        made.problems.extend(problem);
        Ok(made)
    }

    fn make(
        &self,
        program: &Program,
        project: &Path,
        branch: String,
        base: Option<&str>,
    ) -> Result<CreatedWorktree, WireError> {
        let reused = |path: &Path, branch: String| CreatedWorktree {
            worktree_path: text(path),
            branch,
            reused: true,
            problems: Vec::new(),
        };
        if let Some(path) = self.existing(project, &branch)? {
            return Ok(reused(&path, branch));
        }
        let path = self.free_path(project, &branch)?;
        let trust = self.trust(project);
        let ready = self.take_ready(project);
        let new = NewWorktree { path: &path, branch: &branch, base, ready: ready.as_deref() };
        match add_worktree(program, trust, project, new) {
            Ok(true) => {}
            Ok(false) => {
                if let Some(ready) = &ready {
                    self.give_up(project, ready);
                }
            }
            Err(failed) => {
                self.give_back(ready.as_deref());
                // Somebody may have asked for the same at the same time.
                if let Some(path) = self.existing(project, &branch)? {
                    return Ok(reused(&path, branch));
                }
                return Err(match failed {
                    GitError::CheckedOut { .. } => WireError::new(
                        ErrorCode::Conflict,
                        format!("{failed}; work there, or choose another branch"),
                    ),
                    failed => error(failed),
                });
            }
        }
        let (carried, mut problems) = self.carried(project);
        match carried.copy(project, &path) {
            Ok(more) => problems.extend(more),
            Err(GitError::NotARepository(_)) => {}
            Err(failed) => problems.push(format!("no ignored file was copied: {failed}")),
        }
        problems.extend(not_run(program, project, trust));
        scripts::note_wanted(&path)?;
        Ok(CreatedWorktree { worktree_path: text(&path), branch, reused: false, problems })
    }

    /// The worktree of Synk's own that has a branch. One whose folder somebody has removed is
    /// forgotten here; other branches' are nobody's business.
    fn existing(&self, project: &Path, branch: &str) -> Result<Option<PathBuf>, WireError> {
        for worktree in worktrees(project).map_err(error)? {
            let is_ours = self.of(&worktree.path).as_ref() == Some(&worktree.path);
            if !is_ours || worktree.branch.as_deref() != Some(branch) {
                continue;
            }
            if !worktree.missing {
                self.check_stays(&worktree.path)?;
                return Ok(Some(worktree.path));
            }
            worktree.forget_missing(project).map_err(error)?;
        }
        Ok(None)
    }

    /// Writes down where a project is, which is how what it has in the trash is found again.
    /// Answers the folder for its worktrees.
    pub(super) fn note_project(&self, project: &Path) -> Result<PathBuf, WireError> {
        let folder = self.folder(project);
        synk_client::private_dir(&self.inner.root)?;
        synk_client::private_dir(&folder)?;
        let (note, words) = (folder.join(PROJECT_FILE), project.as_os_str().as_bytes());
        // Others read it meanwhile, so it is written once.
        if fs::read(&note).ok().as_deref() != Some(words) {
            fs::write(note, words).map_err(|failed| {
                WireError::internal(format!("writing down where a project is: {failed}"))
            })?;
        }
        Ok(folder)
    }

    /// Where a worktree for a branch goes.
    pub(super) fn free_path(&self, project: &Path, branch: &str) -> Result<PathBuf, WireError> {
        let folder = self.note_project(project)?;
        // Git holds the places of those whose folders are gone.
        let known = worktrees(project).map_err(error)?;
        let name = plain(branch);
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let paths = [name.clone()].into_iter().chain(numbered).map(|name| folder.join(name));
        let mut free = paths.filter(|path| {
            path.file_name() != Some(PROJECT_FILE.as_ref())
                && path.symlink_metadata().is_err()
                && !known.iter().any(|one| one.path == *path)
        });
        free.next().ok_or_else(|| WireError::internal("there is no name for a worktree"))
    }

    /// The worktrees of a project, or of all.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a folder that is in no repository.
    pub(crate) async fn list(
        &self,
        sessions: Vec<SessionInfo>,
        args: ListWorktrees,
    ) -> Result<Vec<WorktreeInfo>, WireError> {
        let only = match (args.session_id, args.project_path) {
            (None, None) => None,
            (session, project) => Some(Self::place(&sessions, session, project)?),
        };
        let manager = self.clone();
        blocking(move || {
            let projects = match only {
                Some(folder) => vec![project_of(&folder).map_err(error)?],
                None => manager.projects(),
            };
            let mut found = Vec::new();
            for project in projects {
                // A project that is gone has none.
                for worktree in worktrees(&project).unwrap_or_default() {
                    let is_ours = manager.of(&worktree.path).as_ref() == Some(&worktree.path);
                    if !is_ours || Self::is_nobodys(&worktree.path) {
                        continue;
                    }
                    let works_here = |session: &&SessionInfo| {
                        Path::new(&session.working_dir).starts_with(&worktree.path)
                    };
                    let here = sessions.iter().filter(works_here);
                    found.push(WorktreeInfo {
                        sessions: here.map(|session| session.session_id).collect(),
                        path: text(&worktree.path),
                        project_path: text(&project),
                        branch: worktree.branch,
                        base_branch: worktree.base,
                        missing: worktree.missing,
                    });
                }
            }
            Ok(found)
        })
        .await
    }
}

/// What git was not allowed to run, since nobody has said that the project may be trusted.
fn not_run(program: &Program, project: &Path, trust: Trust) -> Option<String> {
    if trust == Trust::Repository {
        return None;
    }
    let programs = program.own_programs(project).unwrap_or_default();
    (!programs.is_empty()).then(|| {
        format!(
            "git did not run what the repository itself names ({}); if you trust it, add {} to \
             worktrees.trusted in the settings",
            programs.join(", "),
            project.display()
        )
    })
}
