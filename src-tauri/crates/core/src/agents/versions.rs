//! Which version each agent is. They are asked in the background and seldom: once for each
//! program file, since some take five seconds to answer.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};
use synk_protocol::plain_text;
use tokio::{
    io::AsyncReadExt,
    process::Command,
    sync::{Semaphore, watch},
    time::timeout,
};
use tokio_util::task::TaskTracker;

use super::Text;
use crate::environment::{self, Variables};

/// How long an agent may take to say its version.
const LIMIT: Duration = Duration::from_secs(15);
/// How much it may say, in bytes.
const MAX_ANSWER_BYTES: u64 = 4096;
/// The longest version, in characters.
const MAX_VERSION_CHARS: usize = 32;

/// What is known of versions. A clone shares it.
#[derive(Debug, Clone)]
pub(super) struct Versions {
    known: Arc<Mutex<HashMap<PathBuf, Known>>>,
    changed: watch::Sender<()>,
    /// One is asked at a time: they take all of a processor.
    turn: Arc<Semaphore>,
    tasks: TaskTracker,
}

#[derive(Debug)]
struct Known {
    /// Of the program file that was asked.
    modified: Option<SystemTime>,
    version: Option<String>,
}

impl Versions {
    pub(super) fn new(tasks: TaskTracker) -> Self {
        Self {
            known: Arc::default(),
            changed: watch::Sender::new(()),
            turn: Arc::new(Semaphore::new(1)),
            tasks,
        }
    }

    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// The version of a program, if it has said it by now. If nobody has asked it, it is asked.
    pub(super) fn of(
        &self,
        program: &Path,
        arguments: &[Text],
        login: Option<&Variables>,
    ) -> Option<String> {
        let modified = program.metadata().and_then(|found| found.modified()).ok();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(program).filter(|known| known.modified == modified) {
            return known.version.clone();
        }
        known.insert(program.to_owned(), Known { modified, version: None });
        let mut command = Command::new(program);
        command.args(arguments.iter().map(|argument| &**argument));
        if let Some(login) = login {
            command.env_clear().envs(login);
        }
        let (versions, program) = (self.clone(), program.to_owned());
        self.tasks.spawn(async move {
            let Ok(_turn) = versions.turn.acquire().await else { return };
            let version = ask(command).await;
            let mut known = versions.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(program, Known { modified, version });
            drop(known);
            versions.changed.send_replace(());
        });
        None
    }
}

/// Has a program say its version; ends it when that takes too long.
async fn ask(mut command: Command) -> Option<String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .current_dir(environment::home_dir())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .inspect_err(|error| tracing::debug!("asking for a version: {error}"))
        .ok()?;
    let group = child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?));
    let answer = child.stdout.take()?;
    let read = async {
        let mut said = Vec::new();
        answer.take(MAX_ANSWER_BYTES).read_to_end(&mut said).await.ok()?;
        child.wait().await.ok()?;
        Some(said)
    };
    let said = timeout(LIMIT, read).await.ok().flatten();
    if said.is_none()
        && let Some(group) = group
    {
        // It may have started others. They are gone already if it has.
        rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
    }
    version(&String::from_utf8_lossy(&said?))
}

/// The first word that looks like a version.
fn version(said: &str) -> Option<String> {
    let is_version = |word: &&str| {
        let number = word.split(['-', '+']).next().unwrap_or_default();
        number.contains('.')
            && number
                .split('.')
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let words = said
        .split_whitespace()
        .map(|word| word.trim_matches([',', '(', ')']).trim_start_matches('v'));
    words.into_iter().find(is_version).map(|word| plain_text(word, MAX_VERSION_CHARS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_agents_say() {
        for (said, expected) in [
            ("2.1.329 (Claude Code)\n", Some("2.1.329")),
            ("codex-cli 0.169.0\n", Some("0.169.0")),
            ("0.61.0\n", Some("0.61.0")),
            ("aider v0.86.1-dev\n", Some("0.86.1-dev")),
            ("no version here.\n", None),
            ("", None),
        ] {
            assert_eq!(version(said).as_deref(), expected);
        }
    }

    #[tokio::test]
    async fn a_program_is_asked_once_and_one_that_hangs_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("agent");
        let count = folder.path().join("count");
        let script = format!("#!/bin/sh\necho asked >> {}\necho agent 1.2.3\n", count.display());
        std::fs::write(&program, script).unwrap();
        std::os::unix::fs::chown(&program, None, None).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(&program, mode).unwrap();
        let versions = Versions::new(TaskTracker::new());
        let mut changes = versions.changes();
        assert_eq!(versions.of(&program, &[], None), None);
        assert_eq!(versions.of(&program, &[], None), None);
        changes.changed().await.unwrap();
        assert_eq!(versions.of(&program, &[], None).as_deref(), Some("1.2.3"));
        assert_eq!(std::fs::read_to_string(&count).unwrap(), "asked\n");
    }
}
