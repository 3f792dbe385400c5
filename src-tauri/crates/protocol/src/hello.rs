//! The first frame in either direction on every connection: who speaks, and which version.

use serde::{Deserialize, Serialize};

use crate::error::{ErrorCode, WireError};

/// Changes when something old peers rely on is removed or changes its meaning.
pub const PROTOCOL_MAJOR: u32 = 1;
/// Changes when something is added.
pub const PROTOCOL_MINOR: u32 = 3;
/// The first minor whose shims observe signals and type with a guard.
pub const SIGNALS_MINOR: u32 = 2;
/// The first minor whose shims know workspaces, and say the environment that they were given.
pub const WORKSPACES_MINOR: u32 = 3;

/// What to do about a client and a daemon that cannot talk to each other.
const SAME_VERSION: &str = "run the same version on both sides (`synk stop` ends the daemon and \
                            keeps every session)";

/// Which kind of process is speaking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A window, the CLI, or a daemon talking to a shim.
    Client,
    /// The daemon.
    Daemon,
    /// A session's shim.
    Shim,
}

/// The handshake. Both sides send one at once and read one before anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// [`PROTOCOL_MAJOR`] of the sender.
    pub major: u32,
    /// [`PROTOCOL_MINOR`] of the sender.
    pub minor: u32,
    /// Synk's version, for people.
    pub version: String,
    /// The sender's process id.
    pub pid: u32,
    /// What the sender is.
    pub role: Role,
    /// To the daemon: send me events.
    #[serde(default)]
    pub subscribe: bool,
}

impl Hello {
    /// This process's handshake.
    pub fn new(role: Role) -> Self {
        Self {
            major: PROTOCOL_MAJOR,
            minor: PROTOCOL_MINOR,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            role,
            subscribe: false,
        }
    }

    /// Whether this process can talk to the sender of `self`.
    ///
    /// # Errors
    /// [`ErrorCode::VersionMismatch`], saying both versions and what to do.
    pub fn check(&self) -> Result<(), WireError> {
        if self.major == PROTOCOL_MAJOR {
            return Ok(());
        }
        let (what, remedy) = match self.role {
            Role::Client => ("this client", SAME_VERSION),
            Role::Daemon => ("the running daemon", SAME_VERSION),
            Role::Shim => (
                "this session's shim",
                "the session goes on, and restarting it, at once or when it is idle, moves it to \
                 this version",
            ),
        };
        Err(WireError::new(
            ErrorCode::VersionMismatch,
            format!(
                "{what} is Synk {} and speaks protocol {}, but this is Synk {} with protocol \
                 {PROTOCOL_MAJOR}; {remedy}",
                self.version,
                self.major,
                env!("CARGO_PKG_VERSION"),
            ),
        ))
    }
}
