//! `synk status`

use jiff::Timestamp;
use synk_protocol::{
    GetStatus, ListSessions, SessionInfo, StatusEvidence, StatusSource, StatusState, WaitingFor,
};

use super::{connect, find};
use crate::output::{print, print_json};

/// Show what sessions do
///
/// With --explain: everything that was weighed for one, the most trusted first.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The session's id or name [default: all]
    #[arg(value_name = "ID|NAME", required_if_eq("explain", "true"))]
    session: Option<String>,
    /// Show why
    #[arg(long)]
    explain: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let Some(which) = &args.session else {
        let sessions = daemon.call(ListSessions::default()).await?;
        if args.json {
            let status = |one: &SessionInfo| (one.session_id, one.status.clone());
            return print_json(&sessions.iter().map(status).collect::<Vec<_>>());
        }
        let line = |one: &SessionInfo| format!("{}: {}\n", one.name, words(one));
        return print(&sessions.iter().map(line).collect::<String>());
    };
    let session = find(&daemon, which).await?;
    if args.json || args.explain {
        let report = daemon.call(GetStatus { session_id: session.session_id }).await?;
        if args.json {
            return print_json(&report);
        }
        let lines: String = report.evidence.iter().map(|one| line(one, Timestamp::now())).collect();
        return print(&format!("{}: {}\n{lines}", session.name, words(&session)));
    }
    print(&format!("{}\n", words(&session)))
}

/// What a session does, for people.
pub(super) fn words(session: &SessionInfo) -> String {
    let status = &session.status;
    let state = match (status.state, status.waiting_for) {
        (StatusState::Waiting, Some(WaitingFor::Permission)) => "waiting for a permission",
        (StatusState::Waiting, Some(WaitingFor::Question)) => "waiting for an answer",
        (StatusState::Waiting, Some(WaitingFor::Auth)) => "waiting to be signed in",
        (state, _) => word(state),
    };
    let message = status.message.as_ref().map_or_else(String::new, |text| format!(" ({text})"));
    let queued = match session.queued_prompts {
        0 => String::new(),
        1 => ", 1 prompt waits".to_owned(),
        count => format!(", {count} prompts wait"),
    };
    format!("{state}{message}{queued}")
}

fn word(state: StatusState) -> &'static str {
    match state {
        StatusState::Starting => "starting",
        StatusState::Working => "working",
        StatusState::Waiting => "waiting",
        StatusState::Done => "done",
        StatusState::Idle => "idle",
        StatusState::Exited => "exited",
        StatusState::Unknown => "unknown",
    }
}

fn line(one: &StatusEvidence, now: Timestamp) -> String {
    let mark = if one.decides { '*' } else { ' ' };
    let source = match one.source {
        StatusSource::Session => "synk",
        StatusSource::Program => "program",
        StatusSource::Hook => "hook",
        StatusSource::File => "file",
        StatusSource::Title => "title",
        StatusSource::Shell => "shell",
        StatusSource::Process => "process",
        StatusSource::Silence => "output",
    };
    let says = one.state.map_or("-", word);
    let at = one.at.and_then(|at| Timestamp::from_millisecond(i64::try_from(at).ok()?).ok());
    let age = at.map_or_else(String::new, |at| {
        format!(", {} s ago", now.duration_since(at).as_secs().max(0))
    });
    format!("{mark} {source:<8} {says:<9} {}{age}\n", one.seen)
}
