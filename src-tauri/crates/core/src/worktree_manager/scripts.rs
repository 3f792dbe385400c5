//! What a project runs in its worktrees: installing what it needs in a new one, and tidying up
//! before one is removed. It is the project's word, in its `synk.toml`, and a project is not
//! trusted: nothing runs before the user has seen it and agreed, and agreeing is for these very
//! words. Both run where nobody types, with a time limit, and what they say goes to a file.

use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};
use synk_git::{SetUp, note_set_up, set_up_of};
use synk_protocol::{ErrorCode, ProjectScripts, WireError};
use tokio::{
    process::Command,
    time::{interval, timeout},
};

use super::{
    WorktreeManager, blocking,
    wire::{error, text},
};
use crate::environment;

/// In a project's top folder.
const FILE: &str = "synk.toml";
/// No such file is longer.
const MAX_FILE_BYTES: u64 = 64 << 10;
/// How long setting up may take.
const SETUP_LIMIT: Duration = Duration::from_mins(10);
/// And tidying up.
const TEARDOWN_LIMIT: Duration = Duration::from_mins(1);
/// What is shown of what a script said, in bytes.
const MAX_SAID: u64 = 2000;
/// A script that says more is ended, in bytes. How much that is, is looked at every second.
const MAX_LOG_BYTES: u64 = 64 << 20;

#[derive(Default, Deserialize)]
#[serde(default)]
struct ProjectFile {
    worktree: WorktreeTable,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WorktreeTable {
    setup: String,
    teardown: String,
    copy: Vec<String>,
}

/// What a project's file says; an empty one when there is none.
fn read(top: &Path) -> Result<WorktreeTable, WireError> {
    let path = top.join(FILE);
    let wrong = |why: &str| WireError::invalid(format!("{}: {why}", path.display()));
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(WorktreeTable::default()),
        Err(error) => Err(wrong(&error.to_string())),
        Ok(meta) if !meta.is_file() => Err(wrong("it is no file")),
        Ok(meta) if meta.len() > MAX_FILE_BYTES => Err(wrong("it is too long")),
        Ok(_) => {
            let text = fs::read_to_string(&path).map_err(|error| wrong(&error.to_string()))?;
            let file: ProjectFile =
                toml_edit::de::from_str(&text).map_err(|error| wrong(&error.to_string()))?;
            Ok(file.worktree)
        }
    }
}

/// Patterns of ignored files that a project wants in its worktrees besides the user's own, and
/// what is wrong with its file.
pub(super) fn copied(top: &Path) -> (Vec<String>, Option<String>) {
    match read(top) {
        Ok(table) => (table.copy, None),
        Err(error) => (Vec::new(), Some(error.message)),
    }
}

/// Writes down that a new worktree is to be set up, if its project wants that.
pub(super) fn note_wanted(worktree: &Path) -> Result<(), WireError> {
    let wanted = read(worktree).is_ok_and(|table| !table.setup.trim().is_empty());
    if wanted { note_set_up(worktree, SetUp::Pending).map_err(error) } else { Ok(()) }
}

impl WorktreeManager {
    /// Sets a worktree up, unless that was done or is not wanted. A failure is answered as a
    /// problem, and it is tried again for the next who works there.
    ///
    /// # Errors
    /// [`ErrorCode::Untrusted`], with what would be run, when nobody has agreed to it.
    pub(super) async fn set_up(
        &self,
        project: &Path,
        worktree: &Path,
        consent: Option<bool>,
    ) -> Result<Option<String>, WireError> {
        let place = worktree.to_owned();
        let looked = blocking(move || {
            let pending = set_up_of(&place).map_err(error)? == SetUp::Pending;
            if pending { read(&place).map(Some) } else { Ok(None) }
        });
        let Some(WorktreeTable { setup, teardown, .. }) = looked.await? else { return Ok(None) };
        let scripts = ProjectScripts { setup, teardown };
        if consent == Some(false) {
            return note(worktree, SetUp::Skipped).await.map(|()| None);
        }
        self.check_consent(project, &scripts, consent)?;
        match self.run(project, worktree, &scripts.setup, SETUP_LIMIT).await {
            Ok(()) => note(worktree, SetUp::Done).await.map(|()| None),
            Err(why) => Ok(Some(format!(
                "Setting it up failed: {why} (all of it is in {})",
                log_of(worktree).display()
            ))),
        }
    }

    /// Tidies up in a worktree that is to be removed, if it was set up; answers what went wrong.
    pub(super) async fn tear_down(&self, project: &Path, worktree: &Path) -> Option<String> {
        let place = worktree.to_owned();
        let looked = blocking(move || {
            let done = set_up_of(&place).map_err(error)? == SetUp::Done;
            if done { read(&place).map(Some) } else { Ok(None) }
        });
        let WorktreeTable { setup, teardown, .. } = looked.await.ok()??;
        if teardown.trim().is_empty() {
            return None;
        }
        let scripts = ProjectScripts { setup, teardown };
        let ran = match self.check_consent(project, &scripts, None) {
            Ok(()) => self.run(project, worktree, &scripts.teardown, TEARDOWN_LIMIT).await,
            Err(error) => Err(error.message),
        };
        ran.err().map(|why| format!("Tidying up failed: {why}"))
    }

    /// The user has agreed to these very words, or does so now.
    fn check_consent(
        &self,
        project: &Path,
        scripts: &ProjectScripts,
        consent: Option<bool>,
    ) -> Result<(), WireError> {
        let project = text(project);
        let settings = &self.inner.settings;
        if settings.current().worktrees.scripts.get(&project) == Some(scripts) {
            return Ok(());
        }
        if consent != Some(true) {
            let teardown = if scripts.teardown.trim().is_empty() {
                String::new()
            } else {
                format!("\n\nand before it is removed:\n\n{}", scripts.teardown.trim())
            };
            return Err(WireError::new(
                ErrorCode::Untrusted,
                format!(
                    "{FILE} of this project wants to run in a new worktree:\n\n{}{teardown}",
                    scripts.setup.trim()
                ),
            ));
        }
        let agreed = settings.edit(|now| {
            let mut all = now.worktrees.scripts.clone();
            all.insert(project, scripts.clone());
            serde_json::json!({ "worktrees": { "scripts": all } })
        });
        agreed.map(drop)
    }

    /// Runs a script to its end; answers why it failed.
    async fn run(
        &self,
        project: &Path,
        worktree: &Path,
        script: &str,
        limit: Duration,
    ) -> Result<(), String> {
        let login = self.inner.login.get().await;
        let log = log_of(worktree);
        let output = File::create(&log)
            .and_then(|file| Ok((file.try_clone()?, file)))
            .map_err(|error| format!("{}: {error}", log.display()))?;
        let child = Command::new("sh")
            .arg("-c")
            .arg(script)
            .current_dir(worktree)
            .env_clear()
            .envs(environment::for_program(login.as_deref()))
            .env("SYNK_PROJECT", project)
            .env("SYNK_WORKTREE", worktree)
            .stdin(Stdio::null())
            .stdout(output.0)
            .stderr(output.1)
            .process_group(0)
            .kill_on_drop(true)
            .spawn();
        let mut child = child.map_err(|error| format!("sh cannot be started: {error}"))?;
        let group = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        let ended = tokio::select! {
            ended = timeout(limit, child.wait()) => ended,
            // Synk ends; so does what it has started.
            () = self.inner.closing.cancelled() => Ok(Err(io::Error::other("Synk was stopped"))),
            () = too_much(&log) => {
                let most = MAX_LOG_BYTES >> 20;
                Ok(Err(io::Error::other(format!("it said more than {most} MiB"))))
            }
        };
        // With it goes what it has left behind.
        if let Some(group) = group {
            kill_process_group(group, Signal::KILL).ok();
        }
        child.wait().await.ok();
        let why = match ended {
            Ok(Ok(status)) if status.success() => return Ok(()),
            Ok(Ok(status)) => said(status),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("it took more than {} s", limit.as_secs()),
        };
        let said = end_of(&log).unwrap_or_default();
        let said = said.trim();
        let said =
            if said.is_empty() { String::new() } else { format!(", after it said:\n{said}\n") };
        Err(format!("{why}{said}"))
    }
}

async fn note(worktree: &Path, set_up: SetUp) -> Result<(), WireError> {
    let worktree = worktree.to_owned();
    blocking(move || note_set_up(&worktree, set_up).map_err(error)).await
}

fn said(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("it ended with {code}"),
        None => "a signal ended it".to_owned(),
    }
}

/// Beside the worktree: it must not be among its files.
fn log_of(worktree: &Path) -> PathBuf {
    let mut name = worktree.file_name().unwrap_or_default().to_owned();
    name.push(".setup.log");
    worktree.with_file_name(name)
}

/// Removes what the scripts said in a worktree that is gone.
pub(super) fn remove_log(worktree: &Path) {
    let log = log_of(worktree);
    if let Err(error) = fs::remove_file(&log)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!("{} could not be removed: {error}", log.display());
    }
}

/// Returns when a script has said too much.
async fn too_much(log: &Path) {
    let mut looks = interval(Duration::from_secs(1));
    loop {
        looks.tick().await;
        if tokio::fs::metadata(log).await.is_ok_and(|found| found.len() > MAX_LOG_BYTES) {
            return;
        }
    }
}

/// The end of what a script said, without what would steer a terminal.
fn end_of(log: &Path) -> io::Result<String> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(MAX_SAID)))?;
    let mut bytes = Vec::new();
    file.take(MAX_SAID).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.chars().filter(|letter| !letter.is_control() || *letter == '\n').collect())
}
