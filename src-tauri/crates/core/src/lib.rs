//! The product behind the daemon's socket: which sessions exist, how they are started, and
//! what is known about agents. It serves nothing itself and shows nothing; [`Core`] answers
//! requests and publishes events, whoever carries them.
//!
//! Terminal bytes never pass through here. A session's shim owns them; this crate holds one
//! connection to each shim, for its record and for requests.

mod agents;
mod cost;
mod dispatch;
mod environment;
mod layouts;
mod process_pool;
mod processes;
mod prompts;
mod session_manager;
mod settings;
mod status;
mod store;
mod time;
mod workspaces;
mod worktree_manager;

pub use process_pool::ProcessPool;
pub use session_manager::SessionManager;
pub use worktree_manager::WorktreeManager;

use std::path::PathBuf;
use synk_client::Places;
use synk_protocol::{
    AgentInfo, Event, OverlapsChanged, PoolStatus, SessionInfo, SettingsChanged, WireError,
    Workspaces,
};
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use layouts::Layouts;
use settings::Settings;
use store::Store;

/// Who asks: one process, however many connections it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// Its process id, as it introduced itself.
    pub pid: u32,
}

/// The product. A clone shares everything.
#[derive(Debug, Clone)]
pub struct Core {
    sessions: SessionManager,
    layouts: Layouts,
    settings: Settings,
    stop: CancellationToken,
}

impl Core {
    /// Adopts the sessions whose shims run, and is ready for requests.
    ///
    /// `binary` is the `synk` program, which new shims are started from.
    ///
    /// # Errors
    /// When the folders cannot be read.
    pub async fn start(places: Places, binary: PathBuf) -> Result<Self, WireError> {
        let settings = Settings::open(places.settings());
        let (store, store_notice) = Store::open(&places.store())?;
        let sessions =
            SessionManager::start(places.clone(), binary, settings.clone(), store).await?;
        if let Some(notice) = store_notice {
            sessions.tell_newcomers(notice);
        }
        let layouts = Layouts::start(&places, sessions.clone(), settings.clone());
        Ok(Self { sessions, layouts, settings, stop: CancellationToken::new() })
    }

    /// The sessions, now and whenever they change.
    pub fn sessions(&self) -> watch::Receiver<Vec<SessionInfo>> {
        self.sessions.list_changes()
    }

    /// The pool of waiting shells, now and whenever it changes.
    pub fn pool_status(&self) -> watch::Receiver<PoolStatus> {
        self.sessions.pool_status()
    }

    /// Which sessions change the same files, now and whenever that changes.
    pub fn overlaps(&self) -> watch::Receiver<OverlapsChanged> {
        self.sessions.overlaps()
    }

    /// The settings and what is wrong with their file, now and whenever either changes.
    pub fn settings(&self) -> watch::Receiver<SettingsChanged> {
        self.settings.changes()
    }

    /// The workspaces, now and whenever they change.
    pub fn workspaces(&self) -> watch::Receiver<Workspaces> {
        self.sessions.workspaces().changes()
    }

    /// The agents as they are known now.
    pub async fn agents(&self) -> Vec<AgentInfo> {
        self.sessions.agents().await
    }

    /// Marked whenever more is known of the agents.
    pub fn agent_changes(&self) -> watch::Receiver<()> {
        self.sessions.agent_changes()
    }

    /// What happens from now on. Who falls behind reads the sessions again.
    pub fn facts(&self) -> broadcast::Receiver<Event> {
        self.sessions.facts()
    }

    /// What went wrong before anybody could listen, for each new subscriber.
    pub fn notices(&self) -> Vec<Event> {
        self.sessions.notices()
    }

    /// Cancelled when `daemon:stop` was answered. Whoever serves this core then ends.
    pub fn stopping(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Ends what runs in the background, and waits for it. Sessions go on.
    pub async fn close(&self) {
        self.stop.cancel();
        self.layouts.close().await;
        self.sessions.close().await;
    }
}
