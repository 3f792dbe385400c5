//! OpenAI Codex: how it is installed and started, and which conversation a session of it has.
//!
//! A conversation is a file, `sessions/YYYY/MM/DD/rollout-<time>-<id>.jsonl`, written from
//! the first prompt on and kept open by the process that writes it. So the open files of the
//! session's own processes say which it is, however many others work in the same folder and
//! wherever `CODEX_HOME` points. `/new` and `/resume` open another one and leave the first
//! open; the one last written to is the one that is being held.

use serde::Deserialize;
use serde_json::Value;
use std::{
    ffi::OsStr,
    path::Path,
    time::{Duration, SystemTime},
};
use synk_protocol::{
    AgentType, SessionRecord, SessionState,
    StatusState::{Waiting, Working},
    WaitingFor,
};
use sysinfo::{Pid, ProcessRefreshKind, System, UpdateKind};

use super::{
    Agent, Delivery,
    resume::{is_id, read_start},
};
use crate::{processes, status::StatusRules};

pub(super) fn agent() -> Agent {
    Agent {
        kind: AgentType::Codex,
        name: "OpenAI Codex".into(),
        short_name: "codex".into(),
        command: "codex".into(),
        version_arguments: vec!["--version".into()],
        // Left alone, all of a user's Codex windows work through one server, which belongs to the
        // process tree of whichever was first: ending that session would stop all others. Each
        // keeps to itself with its first setting when no server runs, and with its second when
        // one does (any setting on the command line has that effect; this one only adds a
        // variable). `--no-daemon` says it better and stops versions that do not know it.
        arguments: [
            "-c",
            "features.daemon_auto_start=false",
            "-c",
            "shell_environment_policy.set.SYNK_AGENT=\"codex\"",
        ]
        .map(Into::into)
        .into(),
        install: Some("npm install -g @openai/codex".into()),
        conversation,
        resume: &["resume"],
        // It has hooks, which it asks the person to review at their first use, and reports more
        // than they tell. So it is passed none.
        hooks: None,
        status: StatusRules {
            reports: true,
            titles: StatusRules::titles(&[
                (r"^\[ [!.] \] Action Required", Waiting, Some(WaitingFor::Permission)),
                ("^[\u{2800}-\u{28ff}]", Working, None),
            ]),
            ..StatusRules::default()
        },
        // An Enter right behind a burst of characters is taken for a part of a paste.
        delivery: Delivery { settle: Duration::from_millis(150), ..Delivery::default() },
        ..Agent::default()
    }
}

/// The first line of a conversation's file.
#[derive(Deserialize)]
struct FirstLine {
    payload: Meta,
}

#[derive(Deserialize)]
struct Meta {
    id: String,
    /// Who holds it: `cli` or `vscode` is a person; `exec` and the like a script; an object
    /// tells of an agent's own helper.
    source: Option<Value>,
}

fn conversation(record: &SessionRecord) -> Option<String> {
    if record.state != SessionState::Running {
        return None;
    }
    let kind = ProcessRefreshKind::nothing().with_cmd(UpdateKind::Always);
    let system = processes::look(kind)?;
    let tree = processes::tree(&system, Pid::from_u32(record.pid?));
    let own = tree.into_iter().filter(|pid| !is_server(&system, *pid));
    let open = own.flat_map(processes::open_files);
    newest(open.filter_map(|path| {
        let id = held(&path)?;
        Some((path.metadata().ok()?.modified().ok()?, id))
    }))
}

/// The server holds the conversations of other windows too.
fn is_server(system: &System, pid: Pid) -> bool {
    let server = OsStr::new("app-server");
    system.process(pid).is_some_and(|process| process.cmd().iter().any(|word| word == server))
}

/// The conversation that a file holds, if it is one that a person can go on with.
fn held(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let stem = name.strip_prefix("rollout-")?.strip_suffix(".jsonl")?;
    let start = read_start(path)?;
    let line = start.split(|byte| *byte == b'\n').next()?;
    let FirstLine { payload: Meta { id, source } } = serde_json::from_slice(line).ok()?;
    let of_a_person = source.is_none_or(|source| matches!(source.as_str(), Some("cli" | "vscode")));
    (of_a_person && is_id(&id) && stem.ends_with(&format!("-{id}"))).then_some(id)
}

/// The one that was written to last; none when that is two.
fn newest(found: impl Iterator<Item = (SystemTime, String)>) -> Option<String> {
    let mut found: Vec<_> = found.collect();
    found.sort();
    found.dedup();
    let (last, id) = found.pop()?;
    found.last().is_none_or(|(before, _)| *before < last).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, time::Duration};

    const ID: &str = "01a1fa2a-c093-7ea2-ac2a-7226a297a7f9";
    /// As 0.169.0 writes it, without the instructions.
    const META: &str = r#"{"timestamp":"2026-11-20T18:14:35.410Z","ordinal":0,"type":"session_meta","payload":{"session_id":"01a1fa2a-c093-7ea2-ac2a-7226a297a7f9","id":"01a1fa2a-c093-7ea2-ac2a-7226a297a7f9","timestamp":"2026-11-20T18:14:28.244Z","cwd":"/tmp/project","originator":"codex-tui","cli_version":"0.169.0","source":"cli","thread_source":"user","model_provider":"openai"}}"#;

    fn held_in(name: &str, content: &str) -> Option<String> {
        let home = tempfile::tempdir().expect("a temporary folder");
        let path = home.path().join(name);
        fs::write(&path, content).expect("written");
        held(&path)
    }

    #[test]
    fn a_file_says_which_conversation_it_holds() {
        let name = format!("rollout-2026-11-20T18-14-28-{ID}.jsonl");
        let content = format!("{META}\n{{\"type\":\"event_msg\"}}\n");
        assert_eq!(held_in(&name, &content).as_deref(), Some(ID));
        assert_eq!(held_in("state_5.sqlite", &content), None);
        assert_eq!(held_in("rollout-2026-11-20T18-14-28-other.jsonl", &content), None);
        let helper = META.replace(r#""source":"cli""#, r#""source":{"subagent":"review"}"#);
        assert_eq!(held_in(&name, &helper), None);
        assert_eq!(held_in(&name, &META.replace(r#""cli""#, r#""exec""#)), None);
        assert_eq!(held_in(&name, &META[..200]), None);
        assert_eq!(held_in("rollout---help.jsonl", &META.replace(ID, "-help")), None);
    }

    #[test]
    fn the_conversation_last_written_to_wins_and_two_at_once_are_none() {
        let at = |seconds, id: &str| {
            (SystemTime::UNIX_EPOCH + Duration::from_secs(seconds), id.to_owned())
        };
        assert_eq!(newest([].into_iter()), None);
        assert_eq!(newest([at(2, "b"), at(1, "a")].into_iter()).as_deref(), Some("b"));
        assert_eq!(newest([at(2, "b"), at(2, "b")].into_iter()).as_deref(), Some("b"));
        assert_eq!(newest([at(2, "b"), at(2, "a")].into_iter()), None);
    }
}
