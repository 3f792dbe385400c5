//! `synk wait`

use clap::ValueEnum;
use std::time::Duration;
use synk_client::{Places, connect_or_start, daemon_binary};
use synk_protocol::{Event, SessionId, SessionInfo, StatusState, WireError};
use tokio::time::{Instant, timeout_at};

use super::{Which, connect, find, places};
use crate::output::{NotTaken, print};

/// Wait until a session is idle, waits for a person, or has ended
///
/// Prints what it does then. One whose program ends will never be idle or wait: that ends the
/// wait as well, with exit code 9.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synk wait claude --for idle && git diff
  synk wait build --for exited --timeout 600")]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// What to wait for
    #[arg(long = "for", value_enum, value_name = "WHAT")]
    awaited: Awaited,
    /// Give up after so many seconds, with exit code 9
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Awaited {
    /// It is ready for input: also when it has finished something.
    Idle,
    /// It waits for a permission, an answer, or to be signed in.
    Waiting,
    /// Its program has ended.
    Exited,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let session = find(&daemon, &args.which.session).await?.session_id;
    let awaited = args.awaited;
    let is_there = move |session: &SessionInfo| match (awaited, session.status.state) {
        (Awaited::Idle, StatusState::Idle | StatusState::Done)
        | (Awaited::Waiting, StatusState::Waiting)
        | (Awaited::Exited, StatusState::Exited) => Some(true),
        (_, StatusState::Exited) => Some(false),
        _ => None,
    };
    let limit = args.timeout.map(Duration::from_secs);
    let ended = until(&places()?, &[session], is_there, limit).await?;
    let words = ended.iter().map(|session| format!("{}\n", super::status::words(session)));
    print(&words.collect::<String>())
}

/// A turn is over when nothing is worked on any more. One that ended with its program is.
pub(super) fn turn_is_over(session: &SessionInfo) -> Option<bool> {
    match session.status.state {
        StatusState::Working | StatusState::Starting | StatusState::Unknown => None,
        _ if session.queued_prompts > 0 => None,
        _ => Some(true),
    }
}

/// Waits until each of the sessions is where `is_there` says; `Some(false)` says that it will
/// never be. Answers the sessions as they are then.
///
/// # Errors
/// [`NotTaken`] for those that are not there, when the time is over or they never will be;
/// [`synk_protocol::ErrorCode::NotFound`] for a session that is closed meanwhile.
pub(super) async fn until(
    places: &Places,
    sessions: &[SessionId],
    is_there: impl Fn(&SessionInfo) -> Option<bool>,
    limit: Option<Duration>,
) -> anyhow::Result<Vec<SessionInfo>> {
    let (_daemon, mut events) = connect_or_start(places, &daemon_binary()?, true).await?;
    let deadline = limit.map(|limit| Instant::now() + limit);
    let mut missing = sessions.len();
    loop {
        // The list is told at once, and whenever it differs.
        let event = match deadline {
            Some(deadline) => timeout_at(deadline, events.recv()).await,
            None => Ok(events.recv().await),
        };
        let Ok(event) = event else {
            return Err(NotTaken { failed: missing, of: sessions.len() }.into());
        };
        let event = event.ok_or_else(|| WireError::unavailable("the daemon was lost"))?;
        let Event::SessionsChanged(list) = event else { continue };
        let mut found = Vec::new();
        let mut there = Vec::new();
        for id in sessions {
            let session = list.sessions.iter().find(|session| session.session_id == *id);
            let session = session.ok_or_else(|| WireError::no_session(id))?;
            there.push(is_there(session));
            found.push(session.clone());
        }
        missing = there.iter().filter(|there| **there != Some(true)).count();
        if there.iter().all(Option::is_some) {
            if missing > 0 {
                return Err(NotTaken { failed: missing, of: sessions.len() }.into());
            }
            return Ok(found);
        }
    }
}
