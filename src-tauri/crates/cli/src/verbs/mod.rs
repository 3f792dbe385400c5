//! The verbs, one a file, and what they share: reaching the daemon and finding a session.

pub(crate) mod attach;
pub(crate) mod clean;
pub(crate) mod completions;
pub(crate) mod cost;
pub(crate) mod daemon;
pub(crate) mod diff;
pub(crate) mod export;
pub(crate) mod hook;
pub(crate) mod kill;
pub(crate) mod layout;
pub(crate) mod logs;
pub(crate) mod ls;
pub(crate) mod merge;
pub(crate) mod new;
pub(crate) mod open;
pub(crate) mod pool;
pub(crate) mod rename;
pub(crate) mod restart;
pub(crate) mod screen;
pub(crate) mod search;
pub(crate) mod send;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod stop;
pub(crate) mod trash;
pub(crate) mod wait;
pub(crate) mod worktree;

use anyhow::Context;
use std::{env, path::Path};
use synk_client::{Daemon, Places, connect_or_start, daemon_binary};
use synk_protocol::{ListSessions, SessionId, SessionInfo, WireError};

/// The session that a verb is about.
#[derive(Debug, clap::Args)]
pub(crate) struct Which {
    /// The session's id or name
    #[arg(value_name = "ID|NAME")]
    session: String,
}

/// Synk's folders, made if they are not there.
pub(crate) fn places() -> Result<Places, WireError> {
    let places = Places::from_env()?;
    places.prepare()?;
    Ok(places)
}

/// The daemon, started if none runs.
pub(crate) async fn connect() -> Result<(Places, Daemon), WireError> {
    let places = places()?;
    let (daemon, _events) = connect_or_start(&places, &daemon_binary()?, false).await?;
    Ok((places, daemon))
}

/// A folder as the wire has it: absolute, without links. Relative ones begin here.
pub(crate) fn folder(path: &Path) -> anyhow::Result<String> {
    let here = env::current_dir().context("finding the current folder")?;
    let folder = here.join(path);
    let folder = folder.canonicalize().map_err(|error| {
        WireError::invalid(format!("the folder {} cannot be used: {error}", folder.display()))
    })?;
    let folder = folder
        .into_os_string()
        .into_string()
        .map_err(|path| WireError::invalid(format!("{} is not UTF-8", path.display())))?;
    Ok(folder)
}

/// The session with that id or name.
pub(crate) async fn find(daemon: &Daemon, id_or_name: &str) -> Result<SessionInfo, WireError> {
    let sessions = daemon.call(ListSessions::default()).await?;
    sessions
        .into_iter()
        // A name is never a number alone, so no session is meant by two words.
        .find(|session| session.name == id_or_name || session.session_id.to_string() == id_or_name)
        .ok_or_else(|| WireError::no_session(format!("“{id_or_name}”")))
}

/// The session with that id or name, or with that id among those that are gone: their logs are
/// still there.
pub(crate) async fn find_past(
    places: &Places,
    daemon: &Daemon,
    id_or_name: &str,
) -> Result<SessionId, WireError> {
    match id_or_name.parse().ok().map(SessionId) {
        Some(id) if places.session(id).is_dir() => Ok(id),
        _ => Ok(find(daemon, id_or_name).await?.session_id),
    }
}
