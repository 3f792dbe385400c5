//! The scripted agent on a real terminal, with this test as the terminal and the person.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use serde_json::Value;
use std::{fs, path::Path};
use synk_testkit::{
    Console,
    fake_agent::{AgentEvent, AgentState, Typed, read_log},
    wait_for,
};
use tempfile::TempDir;

/// An agent on a terminal, in a folder of its own.
struct Agent {
    console: Console,
    folder: TempDir,
}

impl Agent {
    fn start(options: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().display().to_string();
        let log = folder.path().join("log");
        let command: Vec<_> = [env!("CARGO_BIN_EXE_synk-fake-agent"), "--log"]
            .into_iter()
            .map(str::to_owned)
            .chain([log.display().to_string()])
            .chain(options.split_whitespace().map(str::to_owned))
            .collect();
        let env = [("HOME".to_owned(), home), ("PATH".to_owned(), std::env::var("PATH").unwrap())];
        Self { console: Console::start(&command, &env, 80, 24), folder }
    }

    /// The same, with the terminal's answers to what Claude Code asks.
    fn heard(options: &str) -> Self {
        let mut agent = Self::start(&format!("--as claude {options}"));
        agent.console.wait_for("\x1b]7501;?\x07\x1b[c");
        agent.console.press("\x1b]7501;?\x07\x1b[?1;2c");
        agent
    }

    fn events(&self) -> Vec<AgentEvent> {
        let log = read_log(&self.folder.path().join("log"));
        log.into_iter().map(|entry| entry.event).collect()
    }

    /// Waits until it has been at this so often.
    fn wait_state(&self, state: AgentState, times: usize) {
        wait_for(&format!("{state:?}"), || {
            let at = AgentEvent::State { state };
            (self.events().iter().filter(|event| **event == at).count() >= times).then_some(())
        });
    }

    fn prompts(&self) -> Vec<Vec<u8>> {
        let prompt = |event| match event {
            AgentEvent::Prompt { text: Typed(text), .. } => Some(text),
            _ => None,
        };
        self.events().into_iter().filter_map(prompt).collect()
    }

    fn states(&self) -> Vec<AgentState> {
        let state = |event| match event {
            AgentEvent::State { state } => Some(state),
            _ => None,
        };
        self.events().into_iter().filter_map(state).collect()
    }

    fn disturbed(&self) -> Vec<(AgentState, Vec<u8>)> {
        let disturbed = |event| match event {
            AgentEvent::Disturbed { state, bytes } => Some((state, bytes.0)),
            _ => None,
        };
        self.events().into_iter().filter_map(disturbed).collect()
    }

    fn submit(&mut self, prompt: &str) {
        self.console.press(&format!("\x1b[200~{prompt}\x1b[201~"));
        self.console.press("\r");
    }
}

#[test]
fn one_that_is_heard_reports_all_that_it_does() {
    use AgentState::{Done, Idle, Permission, Starting, Working};
    let mut agent = Agent::heard("");
    agent.console.wait_for("\x1b]7501;state=idle:app=claude-code\x07");
    agent.submit("please\n!permission");
    agent.console.wait_for("state=blocked:app=claude-code:kind=permission:msg=");
    agent.console.press("y");
    agent.console.wait_for("\x1b]7501;state=done:app=claude-code\x07");
    agent.console.press("\x03");
    assert_eq!(agent.console.exit_code(), 0);
    agent.console.wait_for("\x1b]7501;state=clear\x07");
    assert_eq!(agent.states(), [Starting, Idle, Working, Permission, Working, Done]);
    assert_eq!(agent.prompts(), [b"please\n!permission"]);
    assert_eq!(agent.disturbed(), [(Permission, b"y".to_vec())]);
}

#[test]
fn one_that_is_not_heard_in_time_or_in_its_words_says_nothing() {
    for answer in ["\x1b[?1;2c\x1b]7501;?\x07", "\x1b]7501;?\x1b\\\x1b[?1;2c", "\x1b[?1;2c"] {
        let mut agent = Agent::start("--as claude");
        agent.console.wait_for("\x1b[c");
        agent.console.press(answer);
        agent.wait_state(AgentState::Idle, 1);
        agent.submit("hello");
        agent.wait_state(AgentState::Done, 1);
        assert!(!agent.console.shown().contains("7501;state"), "{answer:?}");
        agent.console.wait_for("◐ Claude Code");
    }
}

#[test]
fn one_that_speaks_by_its_title_does_so_in_every_state() {
    let mut agent = Agent::start("--as gemini --eat-enter 0");
    agent.console.wait_for("◇  Ready (work)");
    agent.console.wait_for("\x1b[?2004h");
    agent.submit("!permission");
    agent.console.wait_for("✋  Action Required (work)");
    agent.console.press("\r");
    agent.wait_state(AgentState::Done, 1);
    agent.console.wait_for("✦  Working… (work)");
    assert!(!agent.console.shown().contains("7501"));
}

#[test]
fn a_paste_of_a_megabyte_arrives_exactly() {
    let mut agent = Agent::heard("");
    agent.wait_state(AgentState::Idle, 1);
    let line = "tab\t, é, 👩‍👩‍👧, \u{202e}, end~[201~\n";
    let prompt: String = line.chars().cycle().take(700_000).collect();
    assert!(prompt.len() > 1 << 20);
    agent.submit(&prompt);
    agent.wait_state(AgentState::Done, 1);
    assert!(agent.prompts() == [prompt.into_bytes()], "it is another prompt");
}

#[test]
fn a_start_dialog_and_a_slow_start_eat_what_is_typed() {
    let mut agent = Agent::start("--as codex --trust-dialog --start-delay 2000");
    agent.console.wait_for("starting");
    agent.submit("too early");
    agent.wait_state(AgentState::Trust, 1);
    agent.console.press("hello\r");
    agent.console.wait_for("\x1b]7501;state=idle:app=codex\x1b\\");
    agent.submit("in time");
    agent.wait_state(AgentState::Done, 1);
    assert_eq!(agent.prompts(), [b"in time"]);
    let trusted = AgentEvent::Answered { dialog: AgentState::Trust, allowed: true };
    assert!(agent.events().contains(&trusted), "Enter trusts");
    let eaten = agent.disturbed();
    let eaten_at = |wanted| {
        let bytes = eaten.iter().filter(|(state, _)| *state == wanted).map(|(_, bytes)| &bytes[..]);
        bytes.collect::<Vec<_>>().concat()
    };
    assert_eq!(eaten_at(AgentState::Starting), b"\x1b[200~too early\x1b[201~\r");
    assert_eq!(eaten_at(AgentState::Trust), b"hello\r");
}

#[test]
fn a_fast_enter_is_eaten_and_a_slow_one_submits() {
    // Nobody is so slow, and so what is fast does not depend on the machine.
    let mut agent = Agent::start("--as codex --eat-enter 600000");
    agent.wait_state(AgentState::Idle, 1);
    agent.submit("all at once");
    wait_for("an Enter that is eaten", || {
        agent.events().contains(&AgentEvent::EnterEaten).then_some(())
    });
    assert!(agent.prompts().is_empty());
    let mut agent = Agent::start("--as codex --eat-enter 0");
    agent.wait_state(AgentState::Idle, 1);
    agent.submit("all at once");
    agent.wait_state(AgentState::Done, 1);
    assert_eq!(agent.prompts(), [b"all at once"]);
}

#[test]
fn what_is_submitted_while_it_works_comes_next() {
    let names = ["claude", "codex", "gemini", "plain"];
    let mut agents =
        names.map(|name| Agent::start(&format!("--as {name} --reports titles --eat-enter 0")));
    for agent in &mut agents {
        agent.wait_state(AgentState::Idle, 1);
        agent.submit("first\n!work 2000");
        agent.wait_state(AgentState::Working, 1);
        agent.submit("second");
    }
    for (agent, name) in agents.iter().zip(names) {
        agent.wait_state(AgentState::Done, if name == "gemini" { 2 } else { 1 });
        assert_eq!(agent.prompts(), [&b"first\n!work 2000"[..], b"second"], "{name}");
        let queued = AgentEvent::Prompt { text: Typed(b"second".to_vec()), queued: true };
        assert!(agent.events().contains(&queued), "{name}");
    }
}

#[test]
fn a_no_and_an_escape_end_a_prompt() {
    let mut agent = Agent::heard("--work 60000");
    agent.wait_state(AgentState::Idle, 1);
    agent.submit("!work 0\n!question");
    agent.wait_state(AgentState::Question, 1);
    agent.console.press("n");
    agent.wait_state(AgentState::Idle, 2);
    // The prompt is in the composer again, as Claude Code does it.
    agent.console.press("\x15long");
    agent.console.press("\r");
    agent.wait_state(AgentState::Working, 2);
    agent.console.press("\x1b");
    agent.wait_state(AgentState::Idle, 3);
    agent.console.wait_for("› long");
    assert_eq!(agent.prompts(), [&b"!work 0\n!question"[..], b"long"]);
}

#[test]
fn it_fails_is_silent_and_ends_when_it_is_told_to() {
    let mut agent = Agent::start("--as codex");
    agent.wait_state(AgentState::Idle, 1);
    agent.submit("!silent");
    agent.wait_state(AgentState::Done, 1);
    assert!(!agent.console.shown().contains("state=working"));
    agent.submit("!fail");
    agent.console.wait_for("\x1b]7501;state=error:app=codex\x1b\\");
    agent.submit("!exit 3");
    assert_eq!(agent.console.exit_code(), 3);
    assert_eq!(agent.events().last(), Some(&AgentEvent::Exited { code: 3 }));
}

#[test]
fn it_reads_slowly_and_loses_nothing() {
    let mut agent = Agent::start("--as codex --work 0");
    agent.wait_state(AgentState::Idle, 1);
    agent.submit("!slow-read 300");
    agent.wait_state(AgentState::Done, 1);
    let prompt = "x".repeat(100_000);
    agent.submit(&prompt);
    agent.wait_state(AgentState::Done, 2);
    assert_eq!(agent.prompts().last(), Some(&prompt.into_bytes()));
}

#[test]
fn a_dozen_take_thousands_of_prompts() {
    const PROMPTS: usize = 250;
    let mut agents: Vec<_> = (0..12).map(|_| Agent::start("--as codex --work 0")).collect();
    for agent in &agents {
        agent.wait_state(AgentState::Idle, 1);
    }
    let prompts: Vec<_> = (0..PROMPTS).map(|number| format!("prompt {number}\n\tagain")).collect();
    for prompt in &prompts {
        for agent in &mut agents {
            agent.submit(prompt);
        }
    }
    for agent in &agents {
        wait_for("the last prompt", || (agent.prompts().len() == PROMPTS).then_some(()));
        assert!(agent.prompts().iter().map(Vec::as_slice).eq(prompts.iter().map(String::as_bytes)));
    }
}

#[test]
fn it_draws_for_the_size_it_has() {
    let agent = Agent::start("--as codex --alternate-screen");
    agent.console.wait_for("\x1b[?1049h");
    agent.console.wait_for("\x1b[24;1Hready");
    agent.console.resize(40, 10);
    agent.console.wait_for("\x1b[10;1Hready");
}

#[test]
fn a_transcript_says_what_was_used() {
    let mut agent = Agent::heard("--transcript --session-id 0e9b7c1a-0000-4000-8000-000000000001");
    agent.wait_state(AgentState::Idle, 1);
    let config = agent.folder.path().join(".claude");
    let running = config.join(format!("sessions/{}.json", agent.console.pid()));
    let read = |path: &Path| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap();
    assert_eq!(read(&running)["status"], "idle");
    agent.submit(
        "!usage input=10 output=20 cache_read=3 cache_write=4 lines=2\n\
         !usage input=1 agent=a1 model=claude-haiku\n!permission",
    );
    agent.wait_state(AgentState::Permission, 1);
    assert_eq!(read(&running)["waitingFor"], "permission prompt");
    // The console starts its programs in the root folder.
    let project = config.join("projects/-");
    let lines = |name: &str| {
        let text = fs::read_to_string(project.join(name)).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["type"] == "assistant").collect::<Vec<_>>()
    };
    let own = lines("0e9b7c1a-0000-4000-8000-000000000001.jsonl");
    assert_eq!(own.len(), 2);
    assert_eq!(own[0]["message"]["id"], own[1]["message"]["id"]);
    let output = own.iter().map(|line| line["message"]["usage"]["output_tokens"].as_u64().unwrap());
    assert_eq!(output.collect::<Vec<_>>(), [1, 20]);
    let agents = lines("0e9b7c1a-0000-4000-8000-000000000001/subagents/agent-a1.jsonl");
    assert_eq!(agents[0]["message"]["model"], "claude-haiku");
    assert_eq!(agents[0]["isSidechain"], true);
    agent.console.press("y");
    agent.wait_state(AgentState::Done, 1);
    agent.console.press("\x03");
    assert_eq!(agent.console.exit_code(), 0);
    assert!(!running.exists());
}

#[test]
fn hooks_are_called_for_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    let heard = folder.path().join("heard");
    let command = format!("cat >> {0}; echo >> {0}", heard.display());
    let groups = serde_json::json!([{ "hooks": [{ "type": "command", "command": command }] }]);
    let events = ["SessionStart", "UserPromptSubmit", "PermissionRequest", "Stop", "SessionEnd"];
    let hooks: Value = events.iter().map(|event| (*event, groups.clone())).collect();
    let settings = folder.path().join("settings.json");
    fs::write(&settings, serde_json::json!({ "hooks": hooks }).to_string()).unwrap();
    let mut agent = Agent::heard(&format!("--settings {}", settings.display()));
    agent.wait_state(AgentState::Idle, 1);
    agent.submit("hello\n!permission");
    agent.wait_state(AgentState::Permission, 1);
    agent.console.press("y");
    agent.wait_state(AgentState::Done, 1);
    agent.console.press("\x03");
    assert_eq!(agent.console.exit_code(), 0);
    let text = fs::read_to_string(&heard).unwrap();
    let called: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = called.iter().map(|one| one["hook_event_name"].as_str().unwrap()).collect();
    assert_eq!(names, events);
    assert_eq!(called[1]["prompt"], "hello\n!permission");
    assert!(called.iter().all(|one| one["session_id"] == called[0]["session_id"]));
}

#[test]
fn it_says_its_version_and_goes_on_where_it_was_told_to() {
    let agent = Agent::start("--as codex --version");
    agent.console.wait_for("codex-cli 0.");
    assert_eq!(agent.console.exit_code(), 0);
    assert_eq!(Agent::start("--reports loudly").console.exit_code(), 2);
}
