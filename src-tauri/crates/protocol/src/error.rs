//! Errors as they cross a process boundary: a code for programs, a sentence for people.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, for whoever branches on it. A code exists because some consumer does
/// something of its own with it (an exit code, a toast, a retry).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The grid is full.
    MaxSessions,
    /// No such session.
    NotFound,
    /// The arguments are wrong; the message says which and how.
    Invalid,
    /// Another session has that name, or another daemon runs.
    Conflict,
    /// Other clients are attached to the session; it can be ended by force.
    Attached,
    /// There are changes that are in no commit.
    DirtyWorktree,
    /// The branch is checked out, and its files would change with it.
    CheckedOut,
    /// A project wants to run something that nobody has agreed to yet; the message says what.
    Untrusted,
    /// The program could not be started.
    SpawnFailed,
    /// The agent is not installed.
    AgentNotFound,
    /// The two sides speak different major versions.
    VersionMismatch,
    /// A socket or folder belongs to somebody else, or others can reach it.
    Denied,
    /// The daemon or the session's shim cannot be reached.
    Unavailable,
    /// A fault of Synk's own. The log has more.
    Internal,
    /// A code of a later version of Synk.
    #[serde(other)]
    Unknown,
}

impl ErrorCode {
    /// The exit code of the command line for this error. 2 is clap's own, for usage.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Internal | Self::Unknown => 1,
            Self::Invalid => 2,
            Self::NotFound => 3,
            Self::MaxSessions => 4,
            Self::Conflict | Self::Attached | Self::DirtyWorktree | Self::CheckedOut => 5,
            Self::SpawnFailed | Self::AgentNotFound => 6,
            Self::Unavailable | Self::VersionMismatch => 7,
            Self::Denied | Self::Untrusted => 8,
        }
    }
}

/// An error on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
pub struct WireError {
    /// For programs.
    pub code: ErrorCode,
    /// For people: what happened and what to do.
    pub message: String,
}

impl WireError {
    /// An error with this code and message.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The arguments are wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid, message)
    }

    /// There is no such session.
    pub fn no_session(id: impl std::fmt::Display) -> Self {
        Self::new(
            ErrorCode::NotFound,
            format!("there is no session {id}; `synk ls` lists those that exist"),
        )
    }

    /// The other side is gone.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Unavailable, message)
    }

    /// A fault of Synk's own.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Internal, message)
    }
}
