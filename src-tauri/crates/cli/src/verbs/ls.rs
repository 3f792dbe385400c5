//! `synk ls`

use jiff::{Timestamp, Unit};
use synk_protocol::{ListSessions, ListWorkspaces, SessionInfo, SessionState};

use super::connect;
use crate::output::{print, print_json, table};

/// List the sessions
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Those too that were closed and whose logs are kept
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let sessions = daemon.call(ListSessions { all: Some(args.all) }).await?;
    if args.json {
        return print_json(&sessions);
    }
    let now = Timestamp::now();
    let heads = ["ID", "NAME", "STATE", "PANE", "SIZE", "AGE", "FOLDER"].map(str::to_owned);
    let rows = [heads].into_iter().chain(sessions.iter().map(|session| row(session, now)));
    // A daemon of an earlier version has one.
    let workspaces = daemon.call(ListWorkspaces {}).await.unwrap_or_default().workspaces;
    if workspaces.len() < 2 {
        let rows: Vec<_> = rows.collect();
        return print(&table(&rows, rows[0].len()));
    }
    let called = |session: &SessionInfo| {
        let found = workspaces.iter().find(|one| one.workspace_id == session.workspace_id);
        let name = found.filter(|_| session.pane_index.is_some() && session.closed_at.is_none());
        name.map_or_else(|| "-".to_owned(), |one| one.name.clone())
    };
    let names = ["WORKSPACE".to_owned()].into_iter().chain(sessions.iter().map(called));
    let rows: Vec<_> = rows
        .zip(names)
        .map(|([id, name, state, pane, size, age, folder], workspace)| {
            [id, name, state, workspace, pane, size, age, folder]
        })
        .collect();
    print(&table(&rows, rows[0].len()))
}

fn row(session: &SessionInfo, now: Timestamp) -> [String; 7] {
    let state = match (session.state, session.exit_code) {
        _ if session.closed_at.is_some() => "closed".to_owned(),
        _ if session.incompatible.is_some() => "other version".to_owned(),
        (SessionState::Lost, _) => "lost".to_owned(),
        (SessionState::Starting, _) => "starting".to_owned(),
        (SessionState::Running, _) => "running".to_owned(),
        (SessionState::Exited, Some(code)) => format!("exited {code}"),
        (SessionState::Exited, None) => "exited".to_owned(),
    };
    [
        session.session_id.to_string(),
        session.name.clone(),
        state,
        session.pane_index.map_or_else(|| "-".to_owned(), |index| (index + 1).to_string()),
        format!("{}×{}", session.cols, session.rows),
        age(session, now),
        session.working_dir.clone(),
    ]
}

fn age(session: &SessionInfo, now: Timestamp) -> String {
    let created =
        i64::try_from(session.created_at).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    let age = created.and_then(|created| now.since((Unit::Second, created)).ok());
    let seconds = age.map_or(0, |age| age.get_seconds()).max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        3600..86400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86400),
    }
}
