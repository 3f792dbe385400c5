//! Claude Code: how it is installed and started, what its words mean, and which conversation
//! a session of it has.
//!
//! Each of its processes keeps a file of its own, `sessions/<pid>.json`, that names the
//! conversation and follows `/clear` and `/resume`. Beside it lies a secret, which is not
//! read. The conversation itself is in `projects/<folder>/<id>.jsonl`, from the first prompt
//! on; without it there is nothing to resume.

use serde::Deserialize;
use std::{
    fs,
    path::{Path, PathBuf},
};
use synk_protocol::{
    AgentType, SessionRecord, SessionState,
    StatusState::{self, Done, Idle, Unknown, Waiting, Working},
    WaitingFor,
};
use sysinfo::{Pid, Process, ProcessRefreshKind, System};

use super::{
    Agent, HooksBy,
    hooks::rule,
    resume::{config_dir, is_id, read_start},
};
use crate::{
    environment, processes,
    status::{FileStatus, HookRule, StatusRules},
};

pub(super) fn agent() -> Agent {
    Agent {
        kind: AgentType::ClaudeCode,
        name: "Claude Code".into(),
        short_name: "claude".into(),
        command: "claude".into(),
        version_arguments: vec!["--version".into()],
        install: Some("npm install -g @anthropic-ai/claude-code".into()),
        conversation,
        file_status: Some(file_status),
        resume: &["--resume"],
        hooks: Some(HooksBy::ClaudeSettings),
        status: StatusRules {
            reports: true,
            puts_back: true,
            // Its title looks the same while it waits for a prompt and for an answer.
            titles: StatusRules::titles(&[("^[◐◓◑◒\u{2800}-\u{28ff}]", Working, None)]),
            hooks: HOOKS,
            ..StatusRules::default()
        },
        ..Agent::default()
    }
}

/// What it is to call its hook for.
pub(super) const EVENTS: &[&str] = &[
    "SessionStart",
    "UserPromptSubmit",
    "PermissionRequest",
    "PostToolUse",
    "Notification",
    "Stop",
    "SessionEnd",
];
/// What it calls its hooks for, and what that means. A tool that was run ends the wait for a
/// permission. That it has started says nothing: it is called for that a tenth of a second
/// before the composer is there.
const HOOKS: &[HookRule] = &[
    rule("UserPromptSubmit", "", Working, None),
    rule("PermissionRequest", "", Waiting, Some(WaitingFor::Permission)),
    rule("PostToolUse", "", Working, None),
    rule("Notification", "permission_prompt", Waiting, Some(WaitingFor::Permission)),
    rule("Notification", "idle_prompt", Idle, None),
    rule("Notification", "auth_success", Idle, None),
    rule("Notification", "elicitation_dialog", Waiting, Some(WaitingFor::Question)),
    rule("Stop", "", Done, None),
    rule("SessionEnd", "", Unknown, None),
];

/// Process times are in whole seconds, and rounded at both ends.
const CLOCK_SLACK_SECS: u64 = 2;
/// More folders than anybody has projects.
const MAX_PROJECTS: usize = 10_000;

/// What it writes about one of its processes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Running {
    session_id: String,
    cwd: PathBuf,
    /// Milliseconds since 1970.
    started_at: u64,
    /// `interactive`, or something that runs in the background.
    kind: Option<String>,
}

/// What it writes about what one of its processes does. Nobody promises this file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Doing {
    status: String,
    waiting_for: Option<String>,
    status_updated_at: u64,
}

/// What the session's own file says, if its program is Claude Code itself.
fn file_status(record: &SessionRecord) -> Option<FileStatus> {
    let path = config().join("sessions").join(format!("{}.json", record.pid?));
    doing(&read_start(&path)?, record.started_at?)
}

/// What such a file says, unless it tells of a process from before.
fn doing(file: &[u8], started_at: u64) -> Option<FileStatus> {
    let Doing { status, waiting_for, status_updated_at: at } = serde_json::from_slice(file).ok()?;
    let state = match status.as_str() {
        "idle" => Idle,
        "busy" => Working,
        "waiting" => Waiting,
        _ => return None,
    };
    let waiting_for = waiting_for
        .filter(|_| state == StatusState::Waiting)
        .filter(|what| what.contains("permission"))
        .map(|_| WaitingFor::Permission);
    (at >= started_at).then_some(FileStatus { state, waiting_for, at })
}

fn config() -> PathBuf {
    config_dir("CLAUDE_CONFIG_DIR").unwrap_or_else(|| environment::home_dir().join(".claude"))
}

fn conversation(record: &SessionRecord) -> Option<String> {
    let config = config();
    let leader = record.pid?;
    let began = record.started_at.map(|at| at / 1000);
    if record.state != SessionState::Running {
        // Its file outlives a process that was killed. The machine may have given the number
        // to another process since, but only after it was started anew.
        let began = began?;
        let boot = System::boot_time().ok()?;
        let until = if began < boot { boot } else { u64::MAX };
        return told(&config, leader, &record.working_dir, began, until);
    }
    let system = processes::look(ProcessRefreshKind::nothing())?;
    let tree = processes::tree(&system, Pid::from_u32(leader));
    // The nearest one, should one run another.
    tree.iter().find_map(|pid| {
        let began = system.process(*pid).map(Process::start_time)?;
        told(&config, pid.as_u32(), &record.working_dir, began, u64::MAX)
    })
}

/// The conversation that the process `pid` told of between `began` and `until`, in seconds.
fn told(config: &Path, pid: u32, working_dir: &str, began: u64, until: u64) -> Option<String> {
    let path = config.join("sessions").join(format!("{pid}.json"));
    let running: Running = serde_json::from_slice(&read_start(&path)?).ok()?;
    let said = running.started_at / 1000;
    let of_this_process = said.saturating_add(CLOCK_SLACK_SECS) >= began && said < until;
    let interactive = running.kind.is_none_or(|kind| kind == "interactive");
    let known = of_this_process && interactive && is_id(&running.session_id);
    // It finds a conversation again only where it was held.
    (known && is_same(&running.cwd, working_dir) && is_kept(config, &running.session_id))
        .then_some(running.session_id)
}

fn is_same(folder: &Path, working_dir: &str) -> bool {
    folder == Path::new(working_dir)
        || fs::canonicalize(working_dir).is_ok_and(|resolved| folder == resolved)
}

fn is_kept(config: &Path, id: &str) -> bool {
    let Ok(projects) = fs::read_dir(config.join("projects")) else { return false };
    let file = format!("{id}.jsonl");
    projects.take(MAX_PROJECTS).flatten().any(|project| project.path().join(&file).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    const ID: &str = "af052120-5e95-41f5-b764-ab8a246dc552";
    /// As 2.1.329 writes it.
    const RUNNING: &str = r#"{"pid":13206,"sessionId":"af052120-5e95-41f5-b764-ab8a246dc552","cwd":"/tmp/project","startedAt":1795198284075,"procStart":"1280642","version":"2.1.329","peerProtocol":1,"kind":"interactive","entrypoint":"cli","name":"project-e7","status":"idle","updatedAt":1795198476909}"#;
    /// The second before it was written.
    const BEGAN: u64 = 1_795_198_283;

    fn config(running: &str, kept: bool) -> TempDir {
        let config = tempfile::tempdir().expect("a temporary folder");
        let project = config.path().join("projects/-tmp-project");
        fs::create_dir_all(&project).expect("a folder");
        fs::create_dir_all(config.path().join("sessions")).expect("a folder");
        fs::write(config.path().join("sessions/13206.json"), running).expect("written");
        if kept {
            fs::write(project.join(format!("{ID}.jsonl")), "{}\n").expect("written");
        }
        config
    }

    #[test]
    fn a_process_tells_its_conversation() {
        let config = config(RUNNING, true);
        let told = |pid, folder, began, until| told(config.path(), pid, folder, began, until);
        assert_eq!(told(13206, "/tmp/project", BEGAN, u64::MAX).as_deref(), Some(ID));
        assert_eq!(told(13207, "/tmp/project", BEGAN, u64::MAX), None, "another process");
        assert_eq!(told(13206, "/tmp", BEGAN, u64::MAX), None, "another folder");
        assert_eq!(told(13206, "/tmp/project", BEGAN + 60, u64::MAX), None, "an older process");
        assert_eq!(told(13206, "/tmp/project", BEGAN - 60, BEGAN), None, "after a restart");
    }

    #[test]
    fn its_own_file_says_what_it_does() {
        let file = |status: &str| {
            format!(
                r#"{{"status":"{status}","waitingFor":"permission prompt","statusUpdatedAt":70}}"#
            )
        };
        let said = |status: &str, began| doing(file(status).as_bytes(), began);
        let waiting_for = Some(WaitingFor::Permission);
        assert_eq!(said("waiting", 60), Some(FileStatus { state: Waiting, waiting_for, at: 70 }));
        assert_eq!(
            said("busy", 60),
            Some(FileStatus { state: Working, waiting_for: None, at: 70 })
        );
        assert_eq!(said("busy", 80), None, "of a process before this one");
        assert_eq!(said("dancing", 60), None);
        assert_eq!(doing(RUNNING.as_bytes(), 0), None, "of a version that says it otherwise");
    }

    #[test]
    fn a_conversation_without_a_word_cannot_be_resumed() {
        let config = config(RUNNING, false);
        assert_eq!(told(config.path(), 13206, "/tmp/project", BEGAN, u64::MAX), None);
    }

    #[test]
    fn what_it_runs_in_the_background_and_what_is_no_id_are_left_alone() {
        let odd = [
            RUNNING.replace("interactive", "background"),
            RUNNING.replace(ID, "--help"),
            RUNNING.replace(ID, "../../secret"),
            RUNNING[..60].to_owned(),
            "[]".to_owned(),
            String::new(),
        ];
        for running in odd {
            let config = config(&running, true);
            assert_eq!(told(config.path(), 13206, "/tmp/project", BEGAN, u64::MAX), None);
        }
    }
}
