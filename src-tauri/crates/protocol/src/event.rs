//! Events: what happens without being asked for. Three classes, each with its own promise:
//!
//! * **bytes** (`session:output`): ordered and bounded; made by the client crate from what
//!   a shim sends, never by the daemon;
//! * **latest** (`session:changed`, `pool:status`, `agent:changed`, `git:overlaps`,
//!   `workspace:changed`, `settings:changed`, `daemon:connection`): the newest replaces the one
//!   before. A late subscriber gets the current list; whether there is a daemon is told by
//!   the client to the one who started it, from the first attempt on;
//! * **facts** (`session:exit`, `dispatch:receipt`, `cost:updated`, `git:event`, `app:error`): sent once; whoever missed one reads the list.
//!   What failed while the daemon started is kept and told to each new subscriber.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    agent::AgentInfo,
    command::{PoolStatus, Receipt, Workspaces},
    cost::CostUpdated,
    git::{GitEvent, Overlap},
    session::{SessionId, SessionInfo},
    settings::SynkSettings,
};

/// Terminal output of an attached session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionOutput {
    /// Which session.
    pub session_id: SessionId,
    /// Base64 of raw terminal bytes. A character may be cut in two between events.
    pub data_b64: String,
    /// Acknowledge this with `session:ack` once the bytes are parsed. The end of these bytes
    /// in all the session has put out.
    #[ts(type = "number")]
    pub offset: u64,
    /// These bytes belong to a snapshot, which replaces all that was on the screen.
    pub snapshot: bool,
}

/// A session's program ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionExit {
    /// Which session.
    pub session_id: SessionId,
    /// The exit code, or 128 + the signal; -1 when the shim was lost and nobody knows.
    pub exit_code: i32,
}

/// The sessions as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionsChanged {
    /// All of them, by id.
    pub sessions: Vec<SessionInfo>,
}

/// The agents as they are known now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AgentsChanged {
    /// All of them, as `agent:list` answers.
    pub agents: Vec<AgentInfo>,
}

/// Which sessions change the same files, as far as that is known now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct OverlapsChanged {
    /// Every pair that does.
    pub overlaps: Vec<Overlap>,
}

/// The settings as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct SettingsChanged {
    /// All of them; the last good ones when their file is wrong.
    pub settings: Box<SynkSettings>,
    /// What is wrong with the file, and in which line.
    pub problem: Option<String>,
}

/// Something went wrong where nobody was waiting for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AppError {
    /// Which part of Synk.
    pub source: String,
    /// What happened and what to do.
    pub message: String,
    /// Whether Synk goes on as before.
    pub recoverable: bool,
}

/// Whether this client has its daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Looking for the daemon, or starting it.
    Connecting,
    /// Connected.
    Connected,
}

/// The connection to the daemon changed. Made by the client itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DaemonConnection {
    /// How it is now.
    pub state: ConnectionState,
    /// Why, when it is not connected and cannot be.
    pub message: Option<String>,
}

macro_rules! events {
    ($( $(#[doc = $doc:literal])* $name:literal => $variant:ident($payload:ty) ),* $(,)?) => {
        /// Every event, by name.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "event", content = "payload")]
        pub enum Event {
            $( $(#[doc = $doc])* #[serde(rename = $name)] $variant($payload), )*
        }

        impl Event {
            /// The event's name on the wire.
            pub fn name(&self) -> &'static str {
                match self { $( Self::$variant(_) => $name, )* }
            }

            /// The event's payload alone, as JSON.
            ///
            /// # Errors
            /// When the payload has no JSON form, which is a fault of Synk's own.
            pub fn payload(&self) -> serde_json::Result<serde_json::Value> {
                match self { $( Self::$variant(payload) => serde_json::to_value(payload), )* }
            }
        }

        /// Calls `visit` with each event's name and payload type.
        pub(crate) fn for_each_event(visit: &mut impl crate::typescript::VisitEvent) {
            $( visit.event::<$payload>($name); )*
        }
    };
}

events! {
    /// Terminal output of an attached session.
    "session:output" => SessionOutput(SessionOutput),
    /// A session's program ended.
    "session:exit" => SessionExit(SessionExit),
    /// The sessions as they are now.
    "session:changed" => SessionsChanged(SessionsChanged),
    /// The pool of waiting shells as it is now.
    "pool:status" => PoolStatus(PoolStatus),
    /// The agents as they are known now.
    "agent:changed" => AgentsChanged(AgentsChanged),
    /// Something became of a prompt.
    "dispatch:receipt" => DispatchReceipt(Receipt),
    /// A session used something.
    "cost:updated" => CostUpdated(CostUpdated),
    /// Something happened in a repository.
    "git:event" => GitEvent(GitEvent),
    /// The workspaces as they are now.
    "workspace:changed" => WorkspaceChanged(Workspaces),
    /// The settings as they are now, whoever changed them.
    "settings:changed" => SettingsChanged(SettingsChanged),
    /// Which sessions change the same files.
    "git:overlaps" => GitOverlaps(OverlapsChanged),
    /// The connection to the daemon changed.
    "daemon:connection" => DaemonConnection(DaemonConnection),
    /// Something went wrong in the background.
    "app:error" => AppError(AppError),
}
