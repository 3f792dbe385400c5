//! From recorded files to sums, with a store: each answer once, whoever writes it down, in
//! which order, and how often it is read.

use std::{
    fs,
    path::{Path, PathBuf},
};
use synk_protocol::{
    AgentType, CostSource, CostUpdated, Event, HookReport, ListCosts, SessionId, Signals,
};
use tokio::sync::{broadcast, watch};

use super::*;
use crate::{
    settings::Settings,
    store::{Owner, Store},
};

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/transcripts");

struct Fixture {
    folder: tempfile::TempDir,
    tracker: CostTracker,
    settings: Settings,
    facts: broadcast::Receiver<Event>,
}

impl Fixture {
    async fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap()).await
    }

    async fn in_folder(folder: tempfile::TempDir) -> Self {
        let settings = Settings::open(folder.path().join("settings.toml"));
        let (store, notice) = Store::open(&folder.path().join("synk.db")).unwrap();
        assert_eq!(notice, None);
        let (sender, facts) = broadcast::channel(64);
        let changed = watch::Sender::new(());
        let (tracker, problem) = CostTracker::start(store, settings.clone(), sender, changed).await;
        assert_eq!(problem, None);
        Self { folder, tracker, settings, facts }
    }

    /// Writes a file and answers its path.
    fn write(&self, name: &str, lines: &[String]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, lines.concat()).unwrap();
        path
    }

    fn nanodollars(&self, id: u32) -> Option<u64> {
        self.tracker.of(SessionId(id), u64::from(id)).and_then(|cost| cost.cost.nanodollars)
    }

    fn input(&self, id: u32) -> u64 {
        self.tracker.of(SessionId(id), u64::from(id)).map_or(0, |cost| cost.cost.tokens.input)
    }

    fn next_update(&mut self) -> CostUpdated {
        match self.facts.try_recv().unwrap() {
            Event::CostUpdated(update) => update,
            other => panic!("{other:?}"),
        }
    }
}

fn subject(id: u32, agent_type: &AgentType, transcript: &Path) -> Subject {
    let hook = HookReport {
        event: "Stop".to_owned(),
        subject: None,
        message: None,
        conversation: None,
        transcript: Some(transcript.display().to_string()),
        at: 0,
    };
    let signals = Signals { hook: Some(hook), ..Signals::default() };
    Subject::new(&record(id, agent_type), &signals)
}

fn record(id: u32, agent_type: &AgentType) -> synk_protocol::SessionRecord {
    let record = serde_json::json!({
        "schemaVersion": 1, "sessionId": id, "name": "n", "agentType": agent_type.as_str(),
        "projectPath": "/p", "workingDir": "/p", "command": [], "paneIndex": null,
        "createdAt": id, "shimPid": 0, "pid": null, "cols": 80, "rows": 24,
        "state": "running", "exitCode": null, "startedAt": 7,
    });
    serde_json::from_value(record).unwrap()
}

/// An answer as Claude Code writes it.
fn answer(id: &str, request: &str, input: u64, sidechain: bool) -> String {
    format!(
        r#"{{"type":"assistant","isSidechain":{sidechain},"requestId":"{request}","message":{{"id":"{id}","model":"claude-haiku-4-5","usage":{{"input_tokens":{input}}}}},"timestamp":"2026-11-20T12:00:00Z"}}"#
    ) + "\n"
}

/// A line as Codex writes it.
fn codex(kind: &str, second: u32, payload: &str) -> String {
    format!(
        r#"{{"timestamp":"2026-11-20T12:00:{second:02}.000Z","type":"{kind}","payload":{payload}}}"#
    ) + "\n"
}

fn usage(input: u64) -> String {
    format!(r#"{{"input_tokens":{input},"cached_input_tokens":0,"output_tokens":0}}"#)
}

fn count(second: u32, total: u64, last: u64) -> String {
    let (total, last) = (usage(total), usage(last));
    let info = format!(r#"{{"total_token_usage":{total},"last_token_usage":{last}}}"#);
    codex("event_msg", second, &format!(r#"{{"type":"token_count","info":{info}}}"#))
}

fn response(second: u32, id: &str, input: u64) -> String {
    let usage = usage(input);
    codex("token_usage_record", second, &format!(r#"{{"response_id":"{id}","usage":{usage}}}"#))
}

fn begin(more: &str) -> String {
    let meta = format!(r#"{{"id":"t","timestamp":"2026-11-20T12:00:00.000Z"{more}}}"#);
    codex("session_meta", 0, &meta) + &codex("turn_context", 0, r#"{"model":"gpt-5"}"#)
}

#[tokio::test]
async fn the_recorded_conversations_cost_what_they_cost_by_hand() {
    // As worked out in the tests of the command line.
    let fixture = Fixture::new().await;
    for (id, agent, file, cost) in [
        (
            1,
            AgentType::ClaudeCode,
            "claude_code/-work-project/5f0c1d7e-8c3b-4a53-9a53-0d8e2b7c4f10.jsonl",
            63_043_000,
        ),
        (
            2,
            AgentType::Codex,
            "codex/2026/11/20/rollout-2026-11-20T12-00-00-01a1fa2a-c093-7ea2-ac2a-7226a297a7f9.jsonl",
            248_310_000,
        ),
        (
            3,
            AgentType::GeminiCli,
            "gemini_cli/project/chats/session-2026-11-20T12-00-0fac17e7.jsonl",
            204_362_500,
        ),
    ] {
        let subject = subject(id, &agent, &Path::new(RECORDED).join(file));
        fixture.tracker.look(&subject).await;
        assert_eq!(fixture.nanodollars(id), Some(cost), "{file}");
        fixture.tracker.look(&subject).await;
        assert_eq!(fixture.nanodollars(id), Some(cost), "{file}");
    }
}

#[tokio::test]
async fn a_replay_is_counted_once_in_whichever_order_it_is_read() {
    let original = answer("m", "r", 10, false);
    let replay = answer("m", "other", 10, true);
    let own = answer("own", "r", 1, true);
    for (main, helper) in [
        (vec![original.clone()], vec![replay.clone(), own.clone()]),
        (vec![], vec![replay.clone(), own.clone(), original.clone()]),
    ] {
        let fixture = Fixture::new().await;
        let path = fixture.write("c.jsonl", &main);
        fixture.write("c/subagents/agent-a.jsonl", &helper);
        let subject = subject(1, &AgentType::ClaudeCode, &path);
        fixture.tracker.look(&subject).await;
        assert_eq!(fixture.input(1), 11);
        // What the conversation itself writes later than its helper.
        fixture.write("c.jsonl", std::slice::from_ref(&original));
        fixture.tracker.look(&subject).await;
        assert_eq!(fixture.input(1), 11);
    }
}

#[tokio::test]
async fn the_last_line_of_an_answer_counts_and_a_session_keeps_what_it_had_first() {
    let mut fixture = Fixture::new().await;
    let lines = [answer("m", "r", 1, false), answer("m", "r", 5, false)];
    let first = fixture.write("a.jsonl", &lines);
    fixture.tracker.look(&subject(1, &AgentType::ClaudeCode, &first)).await;
    assert_eq!(fixture.next_update().delta.nanodollars, Some(5000));
    // A conversation that was resumed in another file begins with a copy.
    let lines = [answer("m", "r", 5, false), answer("n", "r", 7, false)];
    let second = fixture.write("b.jsonl", &lines);
    fixture.tracker.look(&subject(2, &AgentType::ClaudeCode, &second)).await;
    assert_eq!((fixture.input(1), fixture.input(2)), (5, 7));
    assert_eq!(fixture.next_update().session_id, SessionId(2));
    assert!(fixture.facts.try_recv().is_err());
}

#[tokio::test]
async fn codex_counts_and_records_are_never_added_up() {
    let fixture = Fixture::new().await;
    let cases: [(&str, Vec<String>, u64); 9] = [
        ("counts alone", vec![begin(""), count(1, 10, 10), count(2, 10, 10), count(3, 25, 15)], 25),
        (
            "records and counts",
            vec![
                begin(""),
                response(1, "a", 10),
                count(1, 10, 10),
                response(2, "b", 5),
                response(3, "c", 5),
                count(3, 20, 5),
            ],
            20,
        ),
        (
            "counts, and then records too",
            vec![
                begin(""),
                count(1, 10, 10),
                response(2, "d", 5),
                count(2, 15, 5),
                response(3, "e", 5),
                count(3, 20, 5),
            ],
            20,
        ),
        (
            "records, and then counts alone",
            vec![begin(""), response(1, "f", 10), count(1, 10, 10), count(2, 17, 7)],
            17,
        ),
        (
            "the count begins anew",
            vec![
                begin(""),
                response(1, "g", 10),
                count(1, 10, 10),
                response(2, "h", 5),
                count(2, 5, 5),
                count(3, 9, 4),
            ],
            19,
        ),
        (
            "the context was full",
            vec![begin(""), count(1, 10, 10), count(2, 0, 0), count(3, 6, 6)],
            16,
        ),
        ("no model", vec![codex("session_meta", 0, r#"{"id":"t"}"#), count(1, 10, 10)], 0),
        (
            "a copied history with new times",
            vec![
                begin(r#","forked_from_id":"other""#),
                codex("session_meta", 0, r#"{"id":"other"}"#),
                count(0, 1000, 1000),
                count(1, 1500, 500),
                response(30, "i", 5),
                count(30, 1505, 5),
                count(40, 1512, 7),
            ],
            12,
        ),
        (
            "a record of another thread",
            vec![
                begin(""),
                codex(
                    "token_usage_record",
                    1,
                    &format!(r#"{{"thread_id":"x","response_id":"j","usage":{}}}"#, usage(9)),
                ),
            ],
            0,
        ),
    ];
    for (id, (what, lines, input)) in (1..).zip(cases) {
        let path = fixture.write(&format!("{id}/rollout-{id}.jsonl"), &lines);
        fixture.tracker.look(&subject(id, &AgentType::Codex, &path)).await;
        assert_eq!(fixture.input(id), input, "{what}");
    }
}

#[tokio::test]
async fn what_was_counted_is_still_known_to_the_next_daemon() {
    let fixture = Fixture::new().await;
    let path = fixture.write("a.jsonl", &[answer("m", "r", 5, false)]);
    fixture.tracker.look(&subject(1, &AgentType::ClaudeCode, &path)).await;
    let mut fixture = Fixture::in_folder(fixture.folder).await;
    fixture.tracker.look(&subject(1, &AgentType::ClaudeCode, &path)).await;
    assert!(fixture.facts.try_recv().is_err(), "nothing is new");
    fixture.write("a.jsonl", &[answer("m", "r", 5, false), answer("n", "r", 2, false)]);
    fixture.tracker.look(&subject(1, &AgentType::ClaudeCode, &path)).await;
    assert_eq!(fixture.next_update().cumulative.cost.nanodollars, Some(7000));
    // An id that is used again is of another session.
    assert_eq!(fixture.tracker.of(SessionId(1), 99), None);
}

#[tokio::test]
async fn a_price_that_is_changed_is_right_for_the_past_too() {
    let fixture = Fixture::new().await;
    let path = fixture.write("a.jsonl", &[answer("m", "r", 10, false)]);
    fixture.tracker.look(&subject(1, &AgentType::ClaudeCode, &path)).await;
    assert_eq!(fixture.nanodollars(1), Some(10_000));
    let changes = serde_json::json!({
        "prices": { "models": { "claude-haiku-4-5": { "input": "0.5", "output": "1" } } }
    });
    fixture.settings.change(&changes).unwrap();
    fixture.tracker.reprice();
    assert_eq!(fixture.nanodollars(1), Some(5000));
    let args = ListCosts { since: Some("2026-11-01".to_owned()), until: None };
    let list = fixture.tracker.list(&args).await.unwrap();
    assert_eq!(list.rows[0].cost.nanodollars, Some(5000));
    assert_eq!(list.rows[0].model, "claude-haiku-4-5");
}

#[tokio::test]
async fn a_screen_is_believed_as_far_as_it_goes_up() {
    let mut fixture = Fixture::new().await;
    let aider = AgentType::Custom("aider".into());
    let mut first = Subject::new(&record(1, &aider), &Signals::default());
    assert!(first.is_read_from_screen());
    for (says, nanodollars) in [
        ("nothing yet", None),
        ("Cost: $0.02 message, $0.02 session.", Some(20_000_000)),
        ("Cost: $0.03 message, $0.05 session.", Some(50_000_000)),
        ("Cost: $0.01 message, $0.01 session.", Some(50_000_000)),
    ] {
        fixture.tracker.look_at_screen(&first, says).await;
        assert_eq!(fixture.nanodollars(1), nanodollars, "{says}");
    }
    let deltas = [(); 2].map(|()| fixture.next_update().delta.nanodollars);
    assert_eq!(deltas, [Some(20_000_000), Some(30_000_000)]);
    // Started again it counts from the beginning.
    first.started_at += 1;
    fixture.tracker.look_at_screen(&first, "Cost: $0.01 message, $0.01 session.").await;
    assert_eq!(fixture.nanodollars(1), Some(60_000_000));
    let cost = fixture.tracker.of(SessionId(1), 1).unwrap();
    assert_eq!((cost.source, cost.models.len()), (CostSource::Screen, 0));
}

#[tokio::test]
async fn a_store_that_fails_is_said_once_and_what_was_read_is_read_again() {
    let mut fixture = Fixture::new().await;
    let path = fixture.write("a.jsonl", &[answer("m", "r", 10, false)]);
    let subject = subject(1, &AgentType::ClaudeCode, &path);
    let other = rusqlite::Connection::open(fixture.folder.path().join("synk.db")).unwrap();
    other.execute_batch("ALTER TABLE usage RENAME TO away").unwrap();
    for _ in 0..2 {
        fixture.tracker.look(&subject).await;
    }
    assert!(matches!(fixture.facts.try_recv(), Ok(Event::AppError(_))));
    assert!(fixture.facts.try_recv().is_err());
    other.execute_batch("ALTER TABLE away RENAME TO usage").unwrap();
    fixture.tracker.look(&subject).await;
    assert_eq!(fixture.nanodollars(1), Some(10_000));
}

#[tokio::test]
async fn a_run_that_goes_on_over_midnight_is_divided_between_the_days() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(&folder.path().join("synk.db")).unwrap();
    let owner = Owner {
        session_id: SessionId(1),
        created_at: 1,
        agent_type: AgentType::Custom("aider".into()),
        project_path: "/p".to_owned(),
    };
    for (day, said) in [("2026-11-20", 70), ("2026-11-20", 100), ("2026-11-21", 150)] {
        let time = (1, day.to_owned());
        assert!(store.say_cost(owner.clone(), "run".to_owned(), time, said).await.unwrap());
    }
    let used = store.used_between("2026-11-01".to_owned(), "2026-11-30".to_owned()).await.unwrap();
    let days: Vec<_> = used.iter().map(|used| (&*used.day, used.nanodollars)).collect();
    assert_eq!(days, [("2026-11-21", Some(50)), ("2026-11-20", Some(100))]);
}
