//! What commands about the daemon and the agents take and answer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `agent:list`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct ListAgents {}

/// Arguments of `daemon:status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct GetDaemonStatus {}

/// Reply of `daemon:status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DaemonStatus {
    /// Synk's version.
    pub version: String,
    /// The daemon's process.
    pub pid: u32,
    /// Sessions that it knows.
    pub sessions: u32,
    /// The folder that `~` stands for, where a session starts when nobody says where.
    pub home_dir: String,
}

/// Arguments of `daemon:stop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct StopDaemon {
    /// End every session first.
    #[serde(default)]
    pub all: Option<bool>,
}

/// Reply of `daemon:stop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StoppedDaemon {
    /// Sessions that go on without a daemon.
    pub kept: u32,
    /// Sessions that were ended.
    pub ended: u32,
}
