//! Saved layouts, through the real daemon, shims and scripted agents.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

mod auto;
mod faults;
mod files;
mod restore;

use serde_json::Value;
use std::{fs, path::PathBuf};
use synk_client::Daemon;
use synk_protocol::{
    AgentType, ListSaved, ListSessions, LoadSession, LoadedSession, SaveSession, SavedSession,
    SessionId, SessionInfo, WireError, WorkspaceId,
};
use synk_testkit::Home;

/// What a pane shows: its workspace and place, its name, what runs in it and where.
type Pane = (WorkspaceId, u32, String, AgentType, String);

/// A home where no shell waits, and no layout is saved by itself.
fn home() -> Home {
    let home = Home::without_pool(env!("CARGO_BIN_EXE_synk"));
    let settings = "[pool]\ninitialSize = 0\n[general]\nautoSave = false\n";
    fs::write(home.places().settings(), settings).unwrap();
    home
}

async fn connect(home: &Home) -> Daemon {
    home.ok(&["ls"]);
    Daemon::connect(&home.places(), false).await.unwrap().0
}

async fn save(daemon: &Daemon, name: &str) -> Result<PathBuf, WireError> {
    let request = SaveSession { name: Some(name.to_owned()), ..SaveSession::default() };
    daemon.call(request).await.map(|saved| saved.saved_path.into())
}

async fn load(daemon: &Daemon, path: impl Into<PathBuf>) -> Result<LoadedSession, WireError> {
    let path = path.into().to_str().unwrap().to_owned();
    daemon.call(LoadSession { path }).await
}

async fn saved(daemon: &Daemon) -> Vec<SavedSession> {
    daemon.call(ListSaved {}).await.unwrap()
}

async fn sessions(daemon: &Daemon) -> Vec<SessionInfo> {
    daemon.call(ListSessions::default()).await.unwrap()
}

async fn panes(daemon: &Daemon) -> Vec<Pane> {
    let sessions = sessions(daemon).await.into_iter();
    let mut panes: Vec<Pane> = sessions
        .filter_map(|one| {
            let pane = one.pane_index?;
            Some((one.workspace_id, pane, one.name, one.agent_type, one.project_path))
        })
        .collect();
    panes.sort();
    panes
}

async fn ids(daemon: &Daemon) -> Vec<SessionId> {
    sessions(daemon).await.into_iter().map(|one| one.session_id).collect()
}

fn json(path: &PathBuf) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}
