//! What three real agents told of themselves while somebody worked with them, and the statuses
//! that follow from it. The recordings say which version, and have the times of a real session.

use serde::Deserialize;
use synk_protocol::{AgentType, HookReport, ProgramReport};

use super::{tests::record, *};
use crate::agents;

/// A line of a recording.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    at: u64,
    puts: Option<String>,
    hook: Option<String>,
    subject: Option<String>,
}

/// Statuses that follow from a recording, without repetitions.
fn statuses(agent_type: &AgentType, recording: &str) -> Vec<(StatusState, StatusSource)> {
    let rules = agents::built_in(agent_type).status;
    let record = record();
    let began = record.started_at.unwrap_or_default();
    let (mut status, mut signals) = (Status::default(), Signals::default());
    let mut passed = Vec::new();
    for line in recording.lines().skip(1) {
        let line: Line = serde_json::from_str(line).expect("a line of a recording");
        let at = began + line.at;
        if let Some(puts) = &line.puts {
            take(&mut signals, puts, at);
        }
        if let Some(event) = line.hook {
            let subject = line.subject;
            let (message, conversation, transcript) = (None, None, None);
            signals.hook =
                Some(HookReport { event, subject, message, conversation, transcript, at });
        }
        let signals = Some(&signals);
        status.weigh(&Known { record: &record, rules: &rules, signals, file: None, now: at });
        let now = (status.current().state, status.current().source);
        if passed.last() != Some(&now) {
            passed.push(now);
        }
    }
    passed
}

/// As the shim notes what a recording has: one sequence a line, of four kinds.
fn take(signals: &mut Signals, puts: &str, at: u64) {
    let body = |start: &str| {
        let rest = puts.strip_prefix(start)?;
        Some(rest.trim_end_matches(['\u{7}', '\\', '\u{1b}']).to_owned())
    };
    if let Some(title) = body("\u{1b}]0;") {
        let title = synk_protocol::plain_text(&title, 256);
        if signals.title.as_ref() != Some(&title) {
            signals.title_at = Some(at);
        }
        signals.title = Some(title);
    } else if let Some(report) = body("\u{1b}]7501;").filter(|report| report != "?") {
        let field = |name: &str| {
            let mut fields = report.split(':').filter_map(|field| field.split_once('='));
            fields.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        };
        signals.reports.clear();
        let state = field("state").expect("a state");
        if state != "clear" {
            signals.reports.push(ProgramReport {
                id: String::new(),
                state,
                kind: field("kind"),
                app: field("app"),
                progress: None,
                message: None,
                at,
            });
        }
    } else if puts.contains("[?2004") {
        signals.bracketed_paste = puts.ends_with('h');
    }
}

#[test]
fn what_real_agents_say_is_understood() {
    use StatusSource::{Hook, Program, Silence};
    use StatusState::{Done, Idle, Starting, Unknown, Waiting, Working};
    let claude = statuses(&AgentType::ClaudeCode, include_str!("recordings/claude.jsonl"));
    assert_eq!(
        claude,
        [
            (Starting, Silence),
            (Idle, Program),
            // A hook that comes first is no worse than the report that follows.
            (Working, Program),
            (Done, Program),
            (Working, Program),
            (Waiting, Program),
            (Working, Program),
            (Done, Program),
            (Working, Program),
            (Idle, Program),
            // It ended, and took back what it had said.
            (Working, Hook),
            (Unknown, Hook),
        ]
    );
    let trust = statuses(&AgentType::ClaudeCode, include_str!("recordings/claude-trust.jsonl"));
    assert_eq!(
        trust,
        [(Starting, Silence), (Waiting, Program), (Unknown, Silence), (Idle, Program)]
    );
    let codex = statuses(&AgentType::Codex, include_str!("recordings/codex.jsonl"));
    let states: Vec<_> = codex.iter().map(|(state, _)| *state).collect();
    assert_eq!(
        states,
        [
            Starting, Idle, Working, Idle, Working, Done, Idle, Working, Waiting, Working, Done,
            Idle, Working, Idle, Unknown,
        ]
    );
    let gemini = statuses(&AgentType::GeminiCli, include_str!("recordings/gemini.jsonl"));
    let states: Vec<_> = gemini.iter().map(|(state, _)| *state).collect();
    assert_eq!(
        states,
        [Starting, Idle, Working, Done, Working, Waiting, Working, Done, Working, Done, Unknown]
    );
    let trust = statuses(&AgentType::GeminiCli, include_str!("recordings/gemini-trust.jsonl"));
    assert_eq!(trust, [(Starting, Silence), (Idle, Hook)], "nobody may press Enter before that");
}
