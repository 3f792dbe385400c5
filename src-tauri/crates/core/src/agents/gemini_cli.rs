//! Gemini CLI: how it is installed, and which conversation a session of it has.
//!
//! It begins a file when it is started, `tmp/<project>/chats/session-<minute>-<id>.jsonl`,
//! and another at each `/clear`; nothing in them names the process, and none is kept open.
//! So a session is tied to a conversation by the id on its own command line, which it has
//! after it was resumed, or else by time: the one conversation that began in its folder while
//! it started, if no other Gemini started there then. What it begins later with `/clear` could
//! be anybody's and is not followed.

use jiff::Timestamp;
use serde::Deserialize;
use std::{
    collections::{BTreeSet, HashMap},
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use synk_protocol::{
    AgentType, SessionRecord, SessionState,
    StatusState::{Done, Idle, Unknown, Waiting, Working},
    WaitingFor,
};
use sysinfo::{Pid, ProcessRefreshKind, System, UpdateKind};

use super::{
    Agent, Delivery, HooksBy,
    hooks::rule,
    resume::{config_dir, is_id, read_start},
};
use crate::{
    environment, processes,
    status::{HookRule, StatusRules},
};

pub(super) fn agent() -> Agent {
    Agent {
        kind: AgentType::GeminiCli,
        name: "Gemini CLI".into(),
        short_name: "gemini".into(),
        command: "gemini".into(),
        version_arguments: vec!["--version".into()],
        install: Some("npm install -g @google/gemini-cli".into()),
        conversation,
        resume: &["--resume"],
        hooks: Some(HooksBy::GeminiSystemSettings),
        status: StatusRules {
            reports: true,
            titles: StatusRules::titles(&[
                ("^✋", Waiting, Some(WaitingFor::Permission)),
                ("^◇", Idle, None),
                ("^[✦⏲]", Working, None),
            ]),
            hooks: HOOKS,
            ..StatusRules::default()
        },
        // An Enter within 30 ms of a paste, once it has got round to reading them, is a new line.
        delivery: Delivery { settle: Duration::from_millis(150), ..Delivery::default() },
        ..Agent::default()
    }
}

/// What it is to call its hook for.
pub(super) const EVENTS: &[&str] =
    &["SessionStart", "BeforeAgent", "Notification", "AfterTool", "AfterAgent", "SessionEnd"];
/// What it calls its hooks for, and what that means.
const HOOKS: &[HookRule] = &[
    rule("SessionStart", "", Idle, None),
    rule("BeforeAgent", "", Working, None),
    rule("Notification", "ToolPermission", Waiting, Some(WaitingFor::Permission)),
    rule("AfterTool", "", Working, None),
    rule("AfterAgent", "", Done, None),
    rule("SessionEnd", "", Unknown, None),
];

/// From its start to the beginning of its conversation, 0.61.0 took 2 to 4 s on two busy
/// cores.
const START_SECS: u64 = 15;
/// Process times are in whole seconds, and rounded.
const CLOCK_SLACK_SECS: u64 = 1;
/// Of an id as `randomUUID` makes it.
const UUID_CHARS: usize = 36;
/// The program, its options for the interpreter, and its script.
const PROGRAM_WORDS: usize = 4;

/// Which folder of its own it keeps for which project.
#[derive(Deserialize)]
struct Projects {
    projects: HashMap<PathBuf, String>,
}

/// The first line of a conversation's file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FirstLine {
    session_id: String,
    start_time: Timestamp,
    kind: Option<String>,
}

/// A later line.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: Option<String>,
}

fn conversation(record: &SessionRecord) -> Option<String> {
    // With a home of its own, its conversations are where nobody knows.
    let moved = record.env_names.iter().any(|name| name == "HOME" || name == "GEMINI_CLI_HOME");
    if moved || record.state != SessionState::Running {
        return None;
    }
    let home = config_dir("GEMINI_CLI_HOME").unwrap_or_else(environment::home_dir).join(".gemini");
    let working_dir = fs::canonicalize(&record.working_dir).ok()?;
    let chats = chats(&home, &[&working_dir, Path::new(&record.working_dir)])?;
    let kind =
        ProcessRefreshKind::nothing().with_cmd(UpdateKind::Always).with_cwd(UpdateKind::Always);
    let system = processes::look(kind)?;
    let tree = processes::tree(&system, Pid::from_u32(record.pid?));
    let own = tree.iter().find(|pid| is_gemini(&system, **pid))?;
    let own = system.process(*own)?;
    if let Some(id) = resumed(own.cmd()) {
        return is_kept(&chats, &id).then_some(id);
    }
    let began = own.start_time();
    let others = system.processes().values().filter(|process| {
        // It starts itself once more, so there are several of its own.
        !tree.contains(&process.pid())
            && process.cwd() == Some(&working_dir)
            && process.start_time().abs_diff(began) <= START_SECS + CLOCK_SLACK_SECS
            && is_gemini(&system, process.pid())
    });
    if others.count() > 0 {
        return None;
    }
    begun(&chats, began)
}

fn is_gemini(system: &System, pid: Pid) -> bool {
    let Some(process) = system.process(pid) else { return false };
    process.thread_kind().is_none()
        && process.cmd().iter().take(PROGRAM_WORDS).map(Path::new).any(|word| {
            word.file_name().is_some_and(|name| name == "gemini" || name == "gemini.js")
        })
}

/// The id on a command line that names one. Numbers and `latest` do not stay the same.
fn resumed(command: &[OsString]) -> Option<String> {
    let words: Vec<_> = command.iter().filter_map(|word| word.to_str()).collect();
    let option = words
        .windows(2)
        .find(|pair| matches!(pair[0], "--resume" | "-r" | "--session-id"))
        .map(|pair| pair[1]);
    option.filter(|id| id.len() == UUID_CHARS && is_id(id)).map(str::to_owned)
}

/// Where the conversations of a project are.
fn chats(home: &Path, working_dirs: &[&Path]) -> Option<PathBuf> {
    let known: Projects = serde_json::from_slice(&read_start(&home.join("projects.json"))?).ok()?;
    let name = working_dirs.iter().find_map(|folder| known.projects.get(*folder))?;
    // It becomes part of a path.
    (is_id(name)).then(|| home.join("tmp").join(name).join("chats"))
}

/// Whether there is a conversation of that name to go on with.
fn is_kept(chats: &Path, id: &str) -> bool {
    let short = id.get(..8).unwrap_or(id);
    files(chats, |name| name.ends_with(&format!("-{short}")))
        .any(|(first, prompted)| first.session_id == id && prompted)
}

/// The one conversation that began in the first seconds after `began`, in seconds since 1970.
fn begun(chats: &Path, began: u64) -> Option<String> {
    let began = i64::try_from(began).ok()?;
    let slack = i64::try_from(CLOCK_SLACK_SECS).ok()?;
    let window = began - slack..=began + i64::try_from(START_SECS).ok()?;
    // The name has the minute.
    let minutes: BTreeSet<_> = [*window.start(), *window.end()]
        .into_iter()
        .filter_map(|second| Timestamp::from_second(second).ok())
        .map(|time| time.strftime("session-%Y-%m-%dT%H-%M-").to_string())
        .collect();
    let found = files(chats, |name| minutes.iter().any(|minute| name.starts_with(minute)))
        .filter(|(first, _)| window.contains(&first.start_time.as_second()))
        .filter(|(first, _)| first.kind.as_ref().is_none_or(|kind| kind == "main"));
    // One that was resumed has a second file.
    let mut begun = HashMap::<_, bool>::new();
    for (first, prompted) in found {
        *begun.entry(first.session_id).or_default() |= prompted;
    }
    let mut begun = begun.into_iter();
    match (begun.next(), begun.next()) {
        (Some((id, true)), None) => Some(id),
        _ => None,
    }
}

/// The conversations whose files' names, without their ending, are wanted, and whether
/// anything was said in each: without a prompt it will not resume one.
fn files(chats: &Path, wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = (FirstLine, bool)> {
    let found = fs::read_dir(chats).into_iter().flatten().flatten();
    let found = found.filter(move |entry| {
        entry.file_name().to_str().and_then(|name| name.strip_suffix(".jsonl")).is_some_and(&wanted)
    });
    found.filter_map(|entry| {
        let start = read_start(&entry.path())?;
        let mut lines = start.split(|byte| *byte == b'\n');
        let first = serde_json::from_slice(lines.next()?).ok()?;
        let prompted = lines.any(|line| {
            serde_json::from_slice(line)
                .is_ok_and(|line: Line| line.kind.is_some_and(|kind| kind == "user"))
        });
        Some((first, prompted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    const ID: &str = "0fac17e7-a2cd-4a51-8468-b375c0a2ea29";
    const OTHER: &str = "2889274a-baaa-42c3-9349-b5b36b6a2048";
    /// 2026-11-20T18:14:33Z.
    const BEGAN: u64 = 1_795_198_473;

    /// As 0.61.0 writes it.
    fn chat(id: &str, start: &str, prompted: bool) -> String {
        let first = format!(
            r#"{{"sessionId":"{id}","projectHash":"55cf","startTime":"{start}","lastUpdated":"{start}","kind":"main"}}"#
        );
        let context = r#"{"$set":{"messages":[{"id":"d049","timestamp":"2026-11-20T18:14:36.280Z","type":"user","content":[{"text":"<session_context>"}]}]}}"#;
        let prompt = r#"{"id":"feef","timestamp":"2026-11-20T18:14:43.622Z","type":"user","content":[{"text":"hello"}]}"#;
        let prompt = if prompted { prompt } else { "" };
        format!("{first}\n{context}\n{prompt}\n")
    }

    fn folder(chats: &[(&str, String)]) -> TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, content) in chats {
            fs::write(folder.path().join(name), content).expect("written");
        }
        folder
    }

    #[test]
    fn the_one_conversation_that_began_with_the_process_is_its_own() {
        let own = chat(ID, "2026-11-20T18:14:36.273Z", true);
        let cleared = chat(OTHER, "2026-11-20T18:16:01.000Z", true);
        let chats = [
            ("session-2026-11-20T18-14-0fac17e7.jsonl", own),
            ("session-2026-11-20T18-16-2889274a.jsonl", cleared),
            ("session-2026-11-20T18-14-ffffffff.jsonl", "no JSON".to_owned()),
        ];
        let folder = folder(&chats);
        assert_eq!(begun(folder.path(), BEGAN).as_deref(), Some(ID));
        assert_eq!(begun(folder.path(), BEGAN - 30), None, "it began much later");
        assert_eq!(begun(folder.path(), BEGAN + 30), None, "it was there before");
        assert_eq!(begun(&folder.path().join("none"), BEGAN), None);
        assert_eq!(begun(folder.path(), u64::MAX), None);
    }

    #[test]
    fn two_that_began_together_are_nobodys() {
        let chats = [
            ("session-2026-11-20T18-14-0fac17e7.jsonl", chat(ID, "2026-11-20T18:14:36Z", true)),
            ("session-2026-11-20T18-14-2889274a.jsonl", chat(OTHER, "2026-11-20T18:14:37Z", false)),
        ];
        assert_eq!(begun(folder(&chats).path(), BEGAN), None);
        // Once resumed it has a second file of the same name.
        let chats = [
            ("session-2026-11-20T18-14-0fac17e7.jsonl", chat(ID, "2026-11-20T18:14:36Z", true)),
            ("session-2026-11-20T18-14-0fac17e7-2.jsonl", chat(ID, "2026-11-20T18:14:37Z", true)),
        ];
        assert_eq!(begun(folder(&chats).path(), BEGAN).as_deref(), Some(ID));
    }

    #[test]
    fn a_conversation_without_a_prompt_cannot_be_resumed() {
        let name = "session-2026-11-20T18-14-0fac17e7.jsonl";
        let folder = folder(&[(name, chat(ID, "2026-11-20T18:14:36.273Z", false))]);
        assert_eq!(begun(folder.path(), BEGAN), None);
        assert!(!is_kept(folder.path(), ID));
        fs::write(folder.path().join(name), chat(ID, "2026-11-20T18:14:36.273Z", true))
            .expect("written");
        assert!(is_kept(folder.path(), ID));
        assert!(!is_kept(folder.path(), OTHER));
        assert!(!is_kept(folder.path(), "0fac17e7"));
    }

    #[test]
    fn an_id_on_the_command_line_is_certain_and_a_number_is_not() {
        let resumed =
            |line: &str| resumed(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(resumed(&format!("node /b/gemini --resume {ID}")).as_deref(), Some(ID));
        assert_eq!(resumed(&format!("gemini -m x --session-id {ID}")).as_deref(), Some(ID));
        for line in ["node gemini", "gemini --resume", "gemini --resume latest", "gemini -r 3"] {
            assert_eq!(resumed(line), None, "{line}");
        }
    }

    #[test]
    fn a_project_has_a_folder_of_its_own() {
        let home = folder(&[(
            "projects.json",
            r#"{"projects":{"/tmp/project":"project","/tmp/odd":"../odd"}}"#.to_owned(),
        )]);
        let chats = |folder| chats(home.path(), &[Path::new(folder)]);
        assert_eq!(chats("/tmp/project"), Some(home.path().join("tmp/project/chats")));
        assert_eq!(chats("/tmp/odd"), None);
        assert_eq!(chats("/tmp/other"), None);
    }
}
