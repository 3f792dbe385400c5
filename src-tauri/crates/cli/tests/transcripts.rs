//! What agents use, from the transcripts that they write to `synk cost`: recorded ones, whose
//! sums were worked out by hand.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use synk_client::{Daemon, Shim};
use synk_protocol::{
    AgentType, CostList, CostSource, CostUpdated, CreateSession, Event, HookReport, SessionChanges,
    SessionId, TokenCounts,
};
use synk_testkit::{Home, find_event, wait_for};

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/fixtures/transcripts");
const CLAUDE: &str = "5f0c1d7e-8c3b-4a53-9a53-0d8e2b7c4f10";
const CODEX: &str = "01a1fa2a-c093-7ea2-ac2a-7226a297a7f9";
const GEMINI: &str = "0fac17e7-a2cd-4a51-8468-b375c0a2ea29";

/// Billionths of a dollar for one token, as the price table has them.
struct Price {
    input: u64,
    output: u64,
    read: u64,
    write: u64,
    hour: u64,
}

const OPUS: Price = Price { input: 4000, output: 20_000, read: 200, write: 5000, hour: 8000 };
/// Made at more speed, which is twice the price.
const FAST: Price = Price { input: 8000, output: 40_000, read: 400, write: 10_000, hour: 16_000 };
const HAIKU: Price = Price { input: 1000, output: 5000, read: 100, write: 1250, hour: 2000 };
const SOL: Price = Price { input: 2000, output: 10_000, read: 200, write: 2500, hour: 0 };
/// Above 272,000 tokens of input.
const SOL_LONG: Price = Price { input: 4000, output: 15_000, read: 400, write: 5000, hour: 0 };
const LUNA: Price = Price { input: 100, output: 500, read: 10, write: 125, hour: 0 };
const PRO: Price = Price { input: 1250, output: 10_000, read: 125, write: 0, hour: 0 };
/// Above 200,000 tokens of input.
const PRO_LONG: Price = Price { input: 2500, output: 15_000, read: 250, write: 0, hour: 0 };
const FLASH: Price = Price { input: 300, output: 2500, read: 30, write: 0, hour: 0 };

/// Every answer in the recorded transcripts, once: what it took, and what that costs by hand.
/// In the columns: input, output, read from a cache, written to one for minutes, for an hour.
#[rustfmt::skip]
const ANSWERS: [(&str, &Price, [u64; 5], u64); 13] = [
    // On three lines, the last of which counts, and once more in a sub-agent's file.
    ("claude-opus-5-5",           &OPUS,     [    10,   500,  20_000, 1000, 2000],  35_040_000),
    ("claude-opus-5-5",           &FAST,     [     5,   100,  23_000,    0,  400],  19_640_000),
    // Of a sub-agent, and of one of another's.
    ("claude-haiku-4-5-20251001", &HAIKU,    [    30,   200,       0, 5000,    0],   7_280_000),
    ("claude-haiku-4-5-20251001", &HAIKU,    [     8,    40,    5000,  300,    0],   1_083_000),
    // A count alone, as earlier versions write: 12,000 in, of which 4,000 were cached.
    ("gpt-6-sol",                 &SOL,      [  8000,   300,    4000,    0,    0],  19_800_000),
    // 20,000 in, of which 15,000 were cached and 2,000 written; the record twice, and a count.
    ("gpt-6-sol",                 &SOL,      [  3000,   700,  15_000, 2000,    0],  21_000_000),
    ("gpt-6-sol",                 &SOL_LONG, [20_000,  1000, 280_000,    0,    0], 207_000_000),
    // Of a sub-agent, whose file begins with a copy of what stands above.
    ("gpt-6-luna",                &LUNA,     [  4000,   200,    1000,    0,    0],     510_000),
    // 10,000 in with 4,000 of them cached, and 50 for a tool; 200 out and 300 thought.
    ("gemini-2.5-pro",            &PRO,      [  6050,   500,    4000,    0,    0],  13_062_500),
    // Taken back, and still paid for.
    ("gemini-2.5-flash",          &FLASH,    [  1000,   100,       0,    0,    0],     550_000),
    ("gemini-2.5-pro",            &PRO_LONG, [50_000,  1000, 200_000,    0,    0], 190_000_000),
    // Of a sub-agent.
    ("gemini-2.5-flash",          &FLASH,    [  2000,    60,       0,    0,    0],     750_000),
    // Nobody knows its price.
    ("claude-experimental-x",     &NOTHING,  [     7,    11,       0,    0,    0],           0),
];
const NOTHING: Price = Price { input: 0, output: 0, read: 0, write: 0, hour: 0 };

/// The sums of the three conversations by hand.
const CLAUDE_SUM: u64 = 35_040_000 + 19_640_000 + 7_280_000 + 1_083_000;
const CODEX_SUM: u64 = 19_800_000 + 21_000_000 + 207_000_000 + 510_000;
const GEMINI_SUM: u64 = 13_062_500 + 550_000 + 190_000_000 + 750_000;

/// What the answers of one model took and cost.
fn by_hand(model: &str) -> (TokenCounts, u64) {
    let mut sum = (TokenCounts::default(), 0);
    for (_, _, [input, output, read, write, hour], cost) in
        ANSWERS.iter().filter(|answer| answer.0 == model)
    {
        sum.0.input += input;
        sum.0.output += output;
        sum.0.cache_read += read;
        sum.0.cache_write += write + hour;
        sum.1 += cost;
    }
    sum
}

#[test]
fn the_sums_by_hand_are_right() {
    for (model, price, [input, output, read, write, hour], cost) in ANSWERS {
        let sum = input * price.input
            + output * price.output
            + read * price.read
            + write * price.write
            + hour * price.hour;
        assert_eq!(sum, cost, "{model}");
    }
}

/// A home in which the three agents are `cat`, and have written what was recorded.
fn home() -> Home {
    let home = Home::without_pool(env!("CARGO_BIN_EXE_synk"));
    let work = home.work();
    fs::create_dir(work.join("bin")).unwrap();
    for agent in ["claude", "codex", "gemini"] {
        let program = work.join("bin").join(agent);
        fs::write(&program, "#!/bin/sh\necho ready\nexec cat\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::write(work.join(".profile"), "PATH=\"$HOME/bin:$PATH\"\n").unwrap();
    for (recorded, place) in [
        ("claude_code", ".claude/projects"),
        ("codex", ".codex/sessions"),
        ("gemini_cli", ".gemini/tmp"),
    ] {
        copy(&Path::new(RECORDED).join(recorded), &work.join(place));
    }
    home
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = {
            let entry = entry.unwrap();
            (entry.path(), to.join(entry.file_name()))
        };
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(path, to).unwrap();
        }
    }
}

fn claude_transcript(home: &Home) -> PathBuf {
    home.work().join(format!(".claude/projects/-work-project/{CLAUDE}.jsonl"))
}

async fn shim(home: &Home, session: SessionId) -> Shim {
    Shim::connect(&home.places().shim_socket(session)).await.unwrap().0
}

/// As the agent's own hook does.
async fn tell_transcript(home: &Home, session: SessionId, transcript: &Path) {
    let report = HookReport {
        event: "Stop".to_owned(),
        subject: None,
        message: None,
        conversation: Some(CLAUDE.to_owned()),
        transcript: Some(transcript.display().to_string()),
        at: 0,
    };
    shim(home, session).await.report(report).await.unwrap();
}

/// As it is found out about agents that have no hooks.
async fn note_conversation(home: &Home, session: SessionId, conversation: &str) {
    let resume_id = Some(conversation.to_owned());
    let changes = SessionChanges { resume_id, ..SessionChanges::default() };
    shim(home, session).await.update(changes).await.unwrap();
}

/// What a session is said to have cost, once that is so much.
fn wait_cost(home: &Home, session: SessionId, nanodollars: u64) {
    let mut last = None;
    wait_for(&format!("a cost of {nanodollars}"), || {
        last = home.session(session).cost;
        let cost = last.as_ref()?.cost.nanodollars?;
        (cost == nanodollars).then_some(())
    });
}

fn costs(home: &Home) -> CostList {
    serde_json::from_str(&home.ok(&["cost", "--since", "2026-11-01", "--json"])).unwrap()
}

async fn next_update(events: &mut tokio::sync::mpsc::Receiver<Event>) -> CostUpdated {
    find_event(events, |event| match event {
        Event::CostUpdated(update) => Some(update.clone()),
        _ => None,
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cost_is_the_sum_by_hand_and_stays_it() {
    let home = home();
    let claude = home.create(&["--agent", "claude"]).session_id;
    let codex = home.create(&["--agent", "codex"]).session_id;
    let gemini = home.create(&["--agent", "gemini"]).session_id;
    assert!(home.sessions().iter().all(|session| session.cost.is_none()));
    tell_transcript(&home, claude, &claude_transcript(&home)).await;
    note_conversation(&home, codex, CODEX).await;
    note_conversation(&home, gemini, GEMINI).await;
    wait_cost(&home, claude, CLAUDE_SUM);
    wait_cost(&home, codex, CODEX_SUM);
    wait_cost(&home, gemini, GEMINI_SUM);

    let list = costs(&home);
    let project = home.work().display().to_string();
    assert_eq!(list.rows.len(), 7);
    for row in &list.rows {
        let (tokens, cost) = by_hand(&row.model);
        assert_eq!(row.cost.tokens, tokens, "{}", row.model);
        assert_eq!(row.cost.nanodollars.unwrap_or(0), cost, "{}", row.model);
        assert_eq!((row.day.as_str(), row.project_path.as_str()), ("2026-11-20", project.as_str()));
    }
    let unpriced: u64 = list.rows.iter().map(|row| row.cost.unpriced_tokens).sum();
    assert_eq!(unpriced, 18);
    let known = home.session(claude).cost.unwrap();
    assert_eq!(
        known.models,
        ["claude-haiku-4-5-20251001", "claude-opus-5-5", "claude-experimental-x"]
    );
    assert_eq!(known.cost.unpriced_tokens, 18);

    // Another session that goes on with a conversation has used what is new in it alone.
    let again = home.create(&["--agent", "claude"]).session_id;
    tell_transcript(&home, again, &claude_transcript(&home)).await;
    append(&claude_transcript(&home), "msg_02A", 1);
    home.send(again, "work");
    wait_cost(&home, again, 4000);
    home.ok(&["kill", &again.to_string()]);

    // Another daemon reads all files from the beginning, and counts nothing twice.
    home.ok(&["stop"]);
    append(&claude_transcript(&home), "msg_02B", 2);
    home.send(claude, "work");
    wait_cost(&home, claude, CLAUDE_SUM + 8000);
    assert_eq!(home.session(codex).cost.unwrap().cost.nanodollars, Some(CODEX_SUM));
    let sum: u64 = costs(&home).rows.iter().filter_map(|row| row.cost.nanodollars).sum();
    assert_eq!(sum, CLAUDE_SUM + CODEX_SUM + GEMINI_SUM + 4000 + 8000);
}

/// Writes down an answer that took so many tokens of input.
fn append(transcript: &Path, id: &str, input: u64) {
    let line = format!(
        r#"{{"type":"assistant","message":{{"model":"claude-opus-5-5","id":"{id}","role":"assistant","content":[],"usage":{{"input_tokens":{input},"output_tokens":0}}}},"requestId":"req_{id}","timestamp":"2026-11-21T12:00:00.000Z"}}"#
    );
    let mut file = OpenOptions::new().append(true).open(transcript).unwrap();
    writeln!(file, "{line}").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_says_what_it_uses_as_it_does_and_keeps_its_sum() {
    let home = home();
    let claude = home.create(&["--agent", "claude"]).session_id;
    let transcript = claude_transcript(&home);
    let (_daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    tell_transcript(&home, claude, &transcript).await;
    let first = next_update(&mut events).await;
    assert_eq!((first.session_id, first.delta.nanodollars), (claude, Some(CLAUDE_SUM)));
    assert_eq!(first.delta, first.cumulative.cost);

    append(&transcript, "msg_02A", 250);
    home.send(claude, "one");
    let second = next_update(&mut events).await;
    assert_eq!(second.delta.nanodollars, Some(1_000_000));
    assert_eq!(second.delta.tokens, TokenCounts { input: 250, ..TokenCounts::default() });
    assert_eq!(second.cumulative.cost.nanodollars, Some(CLAUDE_SUM + 1_000_000));

    // Run again, it holds another conversation, and what it used before is still its own.
    home.ok(&["restart", &claude.to_string()]);
    let other = transcript.with_file_name("00000000-8c3b-4a53-9a53-0d8e2b7c4f10.jsonl");
    fs::write(&other, "").unwrap();
    append(&other, "msg_03A", 500);
    tell_transcript(&home, claude, &other).await;
    let third = next_update(&mut events).await;
    assert_eq!(third.delta.nanodollars, Some(2_000_000));
    assert_eq!(third.cumulative.cost.nanodollars, Some(CLAUDE_SUM + 3_000_000));
    assert_eq!(third.cumulative.models.last().unwrap(), "claude-opus-5-5");
    home.ok(&["kill", &claude.to_string()]);
    let closed: Vec<synk_protocol::SessionInfo> =
        serde_json::from_str(&home.ok(&["ls", "--all", "--json"])).unwrap();
    assert_eq!(closed[0].cost.as_ref().unwrap().cost, third.cumulative.cost);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_answer_counts_although_another_conversation_follows_at_once() {
    let home = home();
    let claude = home.create(&["--agent", "claude"]).session_id;
    let transcript = claude_transcript(&home);
    let other = transcript.with_file_name("00000000-8c3b-4a53-9a53-0d8e2b7c4f10.jsonl");
    fs::write(&other, "").unwrap();
    tell_transcript(&home, claude, &transcript).await;
    wait_cost(&home, claude, CLAUDE_SUM);
    append(&transcript, "msg_02A", 250);
    tell_transcript(&home, claude, &other).await;
    wait_cost(&home, claude, CLAUDE_SUM + 1_000_000);
}

#[test]
fn a_conversation_that_an_agent_says_nowhere_is_known_as_soon_as_it_rests() {
    let home = home();
    let held = format!(".codex/sessions/2026/11/20/rollout-2026-11-20T12-00-00-{CODEX}.jsonl");
    let program = format!("#!/bin/sh\nexec 3>>\"$HOME/{held}\"\necho ready\nexec cat\n");
    fs::write(home.work().join("bin/codex"), program).unwrap();
    let begun = Instant::now();
    let codex = home.create(&["--agent", "codex"]).session_id;
    wait_cost(&home, codex, CODEX_SUM);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(15), "the upkeep found it, after {took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_shows_tables_and_values() {
    let home = home();
    let empty = home.ok(&["cost"]);
    assert!(empty.starts_with("DAY") && empty.contains("\ntotal"), "{empty}");
    let claude = home.create(&["--agent", "claude"]).session_id;
    let transcript = claude_transcript(&home);
    let formula = r#"{"type":"assistant","message":{"model":"=HYPERLINK(\"x\",1)\u001b[31m","id":"msg_x","usage":{"input_tokens":3}},"timestamp":"2026-11-19T12:00:00Z"}"#;
    let mut file = OpenOptions::new().append(true).open(&transcript).unwrap();
    writeln!(file, "{formula}").unwrap();
    tell_transcript(&home, claude, &transcript).await;
    wait_cost(&home, claude, CLAUDE_SUM);
    let project = home.work().display().to_string();

    let table = home.ok(&["cost", "--since", "2026-11-20", "--until", "2026-11-20"]);
    let lines: Vec<Vec<_>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        lines[2],
        [
            "2026-11-20",
            "claude_code",
            &project,
            "claude-haiku-4-5-20251001",
            "38",
            "240",
            "5000",
            "5300",
            "$0.0084"
        ]
    );
    assert_eq!(lines[4], ["total", "60", "851", "48000", "8700", "$0.0630"]);
    assert!(table.contains("18 tokens are of models without a price"), "{table}");
    assert!(!table.contains('\x1b'));

    let csv = home.ok(&["cost", "--since", "2026-11-01", "--csv"]);
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(
        lines[3],
        format!("2026-11-20,claude_code,{project},claude-opus-5-5,15,600,43000,3400,0.054680000,0")
    );
    assert_eq!(
        lines[4],
        format!(r#"2026-11-19,claude_code,{project},"'=HYPERLINK(""x"",1) [31m",3,0,0,0,,3"#)
    );
    for wrong in [&["--since", "soon"][..], &["--since", "2026-11-02", "--until", "2026-11-01"]] {
        assert_eq!(home.synk(&[&["cost"], wrong].concat()).code, 2, "{wrong:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_synk_does_not_know_is_believed_on_its_screen() {
    let home = home();
    let program = home.work().join("bin/aider");
    fs::write(&program, "#!/bin/sh\necho ready\nexec cat\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let settings = home.places().settings();
    let custom = "[agents.custom.aider]\ncommand = \"aider\"\n";
    fs::write(&settings, fs::read_to_string(&settings).unwrap() + custom).unwrap();
    home.ok(&["ls"]);
    let (daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    let request = CreateSession {
        agent_type: AgentType::Custom("aider".into()),
        project_path: home.work().display().to_string(),
        background: Some(true),
        ..CreateSession::default()
    };
    let session = daemon.call(request).await.unwrap().session_id;
    home.send(session, "Cost: $0.02 message, $0.05 session.");
    let first = next_update(&mut events).await;
    assert_eq!((first.session_id, first.delta.nanodollars), (session, Some(50_000_000)));
    assert_eq!(first.cumulative.source, CostSource::Screen);
    home.send(session, "Cost: $0.06 message, $0.11 session.");
    let second = next_update(&mut events).await;
    assert_eq!(second.delta.nanodollars, Some(60_000_000));
    // Run again, it counts from the beginning.
    home.ok(&["restart", &session.to_string()]);
    home.send(session, "Cost: $0.01 message, $0.01 session.");
    let third = next_update(&mut events).await;
    assert_eq!(third.cumulative.cost.nanodollars, Some(120_000_000));
    let csv = home.ok(&["cost", "--csv"]);
    assert!(csv.contains(",aider,") && csv.contains(",,0,0,0,0,0.120000000,0"), "{csv}");
}
