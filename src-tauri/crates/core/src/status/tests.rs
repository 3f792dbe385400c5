//! What each source is worth, as a table.

use synk_protocol::{
    AgentType, HookReport, ProgramReport, ReadyWhen, SessionId, ShellMark, ShellPlace,
};

use super::*;
use crate::agents;

pub(super) const START: u64 = 1_000_000;

pub(crate) fn record() -> SessionRecord {
    SessionRecord {
        schema_version: SessionRecord::SCHEMA_VERSION,
        session_id: SessionId(1),
        name: "one".to_owned(),
        agent_type: AgentType::ClaudeCode,
        project_path: "/p".to_owned(),
        working_dir: "/p".to_owned(),
        command: vec!["program".to_owned()],
        pane_index: None,
        workspace_id: synk_protocol::WorkspaceId::default(),
        created_at: START,
        shim_pid: 1,
        pid: Some(2),
        cols: 80,
        rows: 24,
        state: SessionState::Running,
        exit_code: None,
        attached_clients: 0,
        started_at: Some(START),
        current_dir: None,
        last_attached_at: None,
        ended_at: None,
        closed_at: None,
        resume_id: None,
        env_names: Vec::new(),
        env_lost: false,
        restores: None,
    }
}

pub(super) fn report(state: &str, kind: Option<&str>, at: u64) -> ProgramReport {
    ProgramReport {
        id: String::new(),
        state: state.to_owned(),
        kind: kind.map(str::to_owned),
        app: None,
        progress: None,
        message: Some("words".to_owned()),
        at: START + at,
    }
}

pub(super) fn hook(event: &str, at: u64) -> HookReport {
    HookReport {
        event: event.to_owned(),
        subject: None,
        message: None,
        conversation: None,
        transcript: None,
        at: START + at,
    }
}

pub(super) fn title(text: &str, at: u64) -> Signals {
    Signals { title: Some(text.to_owned()), title_at: Some(START + at), ..Signals::default() }
}

fn mark(place: ShellPlace, at: u64) -> ShellMark {
    ShellMark { place, exit_code: None, at: START + at }
}

fn weigh(agent: &AgentType, signals: &Signals, after: u64) -> SessionStatus {
    let rules = agents::built_in(agent).status;
    let mut status = Status::default();
    status.weigh(&Known {
        record: &record(),
        rules: &rules,
        signals: Some(signals),
        file: None,
        now: START + after,
    });
    status.current
}

#[test]
fn the_most_trusted_source_that_speaks_decides() {
    use AgentType::{ClaudeCode, Codex, GeminiCli, Terminal};
    use StatusSource::{Hook, Program, Shell, Silence, Title};
    use StatusState::{Done, Idle, Starting, Unknown, Waiting, Working};
    let with = |reports: &[ProgramReport]| Signals { reports: reports.to_vec(), ..title("", 0) };
    let cases: Vec<(AgentType, Signals, u64, StatusState, StatusSource)> = vec![
        // Nobody says anything.
        (ClaudeCode, Signals::default(), 100, Starting, Silence),
        (ClaudeCode, Signals::default(), STARTING_MS, Unknown, Silence),
        (Terminal, Signals::default(), 100, Unknown, Silence),
        // Output alone says that a program works, unless it has better ways.
        (Terminal, Signals { busy: true, ..Signals::default() }, 100, Working, Silence),
        (Codex, Signals { busy: true, ..Signals::default() }, 100, Starting, Silence),
        // The program's own word goes before all others.
        (ClaudeCode, with(&[report("idle", None, 1)]), 100, Idle, Program),
        (Codex, with(&[report("working", None, 1)]), 100, Working, Program),
        (Codex, with(&[report("done", None, 1)]), 100, Done, Program),
        (Codex, with(&[report("error", None, 1)]), 100, Done, Program),
        (Terminal, with(&[report("blocked", Some("question"), 1)]), 100, Waiting, Program),
        (
            ClaudeCode,
            Signals { hook: Some(hook("Stop", 90_000)), ..with(&[report("working", None, 1)]) },
            100_000,
            Working,
            Program,
        ),
        // A word that is not known is no word.
        (
            ClaudeCode,
            Signals { hook: Some(hook("Stop", 5)), ..with(&[report("dancing", None, 1)]) },
            100,
            Done,
            Hook,
        ),
        // Hooks go before titles, until a title says something else much later.
        (
            GeminiCli,
            Signals { hook: Some(hook("BeforeAgent", 10)), ..title("◇  Ready (p)", 5) },
            100,
            Working,
            Hook,
        ),
        (
            GeminiCli,
            Signals { hook: Some(hook("BeforeAgent", 10)), ..title("◇  Ready (p)", 5000) },
            8000,
            Idle,
            Title,
        ),
        (
            GeminiCli,
            Signals {
                hook: Some(hook("BeforeAgent", 10)), ..title("✋  Action Required (p)", 15)
            },
            100,
            Waiting,
            Title,
        ),
        (
            GeminiCli,
            Signals { hook: Some(hook("AfterAgent", 10)), ..title("◇  Ready (p)", 5000) },
            6000,
            Done,
            Hook,
        ),
        (
            ClaudeCode,
            Signals { hook: Some(hook("PermissionRequest", 10)), ..title("p", 5) },
            100,
            Waiting,
            Hook,
        ),
        // Titles.
        (GeminiCli, title("◇  Ready (p)", 5), 100, Starting, Silence),
        (
            ClaudeCode,
            Signals { hook: Some(hook("SessionStart", 5)), ..Signals::default() },
            100,
            Starting,
            Silence,
        ),
        (GeminiCli, title("✦  Working… (p)", 5), 100, Working, Title),
        (GeminiCli, title("⏲  Working… (p)", 5), 100, Working, Title),
        (GeminiCli, title("✋  Action Required (p)", 5), 100, Waiting, Title),
        (Codex, title("⠋ p", 5), 100, Working, Title),
        (Codex, title("[ ! ] Action Required | p", 5), 100, Waiting, Title),
        (GeminiCli, title("something else", 5), 100, Starting, Silence),
        // Shells.
        (
            Terminal,
            Signals { shell: Some(mark(ShellPlace::Prompt, 5)), ..Signals::default() },
            100,
            Idle,
            Shell,
        ),
        (
            Terminal,
            Signals { shell: Some(mark(ShellPlace::Command, 5)), ..title("make", 6) },
            100,
            Working,
            Shell,
        ),
    ];
    for (agent, signals, after, state, source) in cases {
        let status = weigh(&agent, &signals, after);
        assert_eq!((status.state, status.source), (state, source), "{agent}: {signals:?}");
    }
}

#[test]
fn a_shell_is_starting_until_it_shows_its_prompt_or_takes_too_long() {
    let rules = agents::built_in(&AgentType::Terminal).status;
    let record = SessionRecord { command: Vec::new(), ..record() };
    let state = |busy, after| {
        let signals = Signals { busy, ..Signals::default() };
        let mut status = Status::default();
        status.weigh(&Known {
            record: &record,
            rules: &rules,
            signals: Some(&signals),
            file: None,
            now: START + after,
        });
        status.current.state
    };
    assert_eq!(state(true, 100), StatusState::Starting);
    assert_eq!(state(true, STARTING_MS), StatusState::Working);
    assert_eq!(state(false, STARTING_MS), StatusState::Unknown);
}

#[test]
fn what_it_waits_for_and_what_it_says_is_passed_on() {
    let blocked =
        Signals { reports: vec![report("blocked", Some("permission"), 1)], ..Signals::default() };
    let status = weigh(&AgentType::ClaudeCode, &blocked, 5);
    assert_eq!(status.waiting_for, Some(WaitingFor::Permission));
    assert_eq!(status.message.as_deref(), Some("words"));
    assert_eq!(status.since, START + 1);
}

#[test]
fn a_part_that_is_blocked_goes_before_a_program_that_works() {
    let part = ProgramReport { id: "task".to_owned(), ..report("blocked", None, 1) };
    let signals = Signals { reports: vec![report("working", None, 2), part], ..Signals::default() };
    assert_eq!(weigh(&AgentType::Codex, &signals, 5).state, StatusState::Waiting);
}

#[test]
fn what_is_done_is_idle_once_it_was_seen_and_done_again_after_the_next_turn() {
    let rules = agents::built_in(&AgentType::Codex).status;
    let (mut status, record) = (Status::default(), record());
    let weigh = |status: &mut Status, state, at| {
        let signals = Signals { reports: vec![report(state, None, at)], ..Signals::default() };
        let known = Known {
            record: &record,
            rules: &rules,
            signals: Some(&signals),
            file: None,
            now: START + at,
        };
        (status.weigh(&known), status.current.state)
    };
    assert_eq!(weigh(&mut status, "done", 10), (true, StatusState::Done));
    assert_eq!(weigh(&mut status, "done", 10), (false, StatusState::Done));
    status.seen(START + 20);
    assert_eq!(weigh(&mut status, "done", 10), (true, StatusState::Idle));
    assert_eq!(weigh(&mut status, "working", 30), (true, StatusState::Working));
    assert_eq!(weigh(&mut status, "done", 40), (true, StatusState::Done));
}

#[test]
fn a_long_command_that_ended_is_done_until_it_was_seen() {
    let rules = agents::built_in(&AgentType::Terminal).status;
    let (mut status, record) = (Status::default(), record());
    let weigh = |status: &mut Status, place, at| {
        let signals = Signals { shell: Some(mark(place, at)), ..Signals::default() };
        let known = Known {
            record: &record,
            rules: &rules,
            signals: Some(&signals),
            file: None,
            now: START + at,
        };
        status.weigh(&known);
        status.current.state
    };
    assert_eq!(weigh(&mut status, ShellPlace::Command, 10), StatusState::Working);
    assert_eq!(weigh(&mut status, ShellPlace::Prompt, 500), StatusState::Idle);
    assert_eq!(weigh(&mut status, ShellPlace::Command, 1000), StatusState::Working);
    assert_eq!(weigh(&mut status, ShellPlace::Prompt, 1000 + LONG_COMMAND_MS), StatusState::Done);
    status.seen(START + 20_000);
    assert_eq!(weigh(&mut status, ShellPlace::Prompt, 1000 + LONG_COMMAND_MS), StatusState::Idle);
    assert_eq!(weigh(&mut status, ShellPlace::Prompt, 30_000), StatusState::Idle, "another prompt");
}

#[test]
fn what_ran_before_a_restart_is_not_done_after_it() {
    let rules = agents::built_in(&AgentType::Terminal).status;
    let mut status = Status::default();
    let weigh = |status: &mut Status, record: &SessionRecord, place, at| {
        let signals = Signals { shell: Some(mark(place, at)), ..Signals::default() };
        let (signals, file, now) = (Some(&signals), None, START + 30_000);
        status.weigh(&Known { record, rules: &rules, signals, file, now });
        status.current.state
    };
    let before = record();
    let after = SessionRecord { started_at: Some(START + 20_000), ..record() };
    assert_eq!(weigh(&mut status, &before, ShellPlace::Command, 10), StatusState::Working);
    // The record may be told before the signals.
    weigh(&mut status, &after, ShellPlace::Command, 10);
    assert_eq!(weigh(&mut status, &after, ShellPlace::Prompt, 20_100), StatusState::Idle);

    weigh(&mut status, &after, ShellPlace::Command, 20_200);
    assert_eq!(weigh(&mut status, &after, ShellPlace::Prompt, 40_000), StatusState::Done);
    let again = SessionRecord { started_at: Some(START + 50_000), ..record() };
    assert_eq!(weigh(&mut status, &again, ShellPlace::Prompt, 50_100), StatusState::Idle);
}

#[test]
fn one_from_the_pool_is_starting_since_its_session_was_asked_for() {
    let rules = agents::built_in(&AgentType::ClaudeCode).status;
    let signals = Signals::default();
    let waited = SessionRecord { started_at: Some(START - 2 * STARTING_MS), ..record() };
    let restarted = SessionRecord { created_at: START - 2 * STARTING_MS, ..record() };
    for record in [waited, restarted] {
        let mut status = Status::default();
        let (signals, file, now) = (Some(&signals), None, START + 100);
        status.weigh(&Known { record: &record, rules: &rules, signals, file, now });
        assert_eq!((status.current.state, status.current.since), (StatusState::Starting, START));
        assert_eq!(status.due(&record, now), Some(START + STARTING_MS));
    }
}

#[test]
fn a_person_decides_what_says_that_an_unknown_agent_is_ready() {
    let state = |ready_when, bracketed_paste, busy, busy_at| {
        let rules = StatusRules { ready_when, ..StatusRules::default() };
        let signals = Signals { bracketed_paste, busy, busy_at, ..Signals::default() };
        let mut status = Status::default();
        status.weigh(&Known {
            record: &record(),
            rules: &rules,
            signals: Some(&signals),
            file: None,
            now: START,
        });
        status.current.state
    };
    assert_eq!(state(ReadyWhen::Reported, true, false, None), StatusState::Unknown);
    assert_eq!(state(ReadyWhen::Paste, true, true, None), StatusState::Idle);
    assert_eq!(state(ReadyWhen::Paste, false, false, None), StatusState::Working);
    assert_eq!(state(ReadyWhen::Silent, true, true, Some(START)), StatusState::Working);
    assert_eq!(state(ReadyWhen::Silent, true, false, Some(START)), StatusState::Idle);
    let unheard = state(ReadyWhen::Silent, true, false, None);
    assert_eq!(unheard, StatusState::Unknown, "it has not put anything out yet");
}

#[test]
fn a_program_that_ended_is_nothing_else() {
    let rules = agents::built_in(&AgentType::Codex).status;
    for (state, expected) in [
        (SessionState::Starting, StatusState::Starting),
        (SessionState::Exited, StatusState::Exited),
        (SessionState::Lost, StatusState::Exited),
    ] {
        let record = SessionRecord { state, ..record() };
        let signals = Signals { reports: vec![report("working", None, 1)], ..Signals::default() };
        let mut status = Status::default();
        status.weigh(&Known {
            record: &record,
            rules: &rules,
            signals: Some(&signals),
            file: None,
            now: START,
        });
        assert_eq!(status.current.state, expected);
        assert_eq!(status.current.source, StatusSource::Session);
    }
}
