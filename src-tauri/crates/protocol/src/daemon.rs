//! What travels on the daemon's socket, as control frames.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{error::WireError, event::Event};

/// A client's request: `{"id":7,"command":"session:list","args":{}}`. The name and the
/// arguments are read by [`crate::Request::parse`], so that an unknown command is answered
/// under its own id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientMessage {
    /// Comes back in the answer. Chosen by the client, unique among its open requests.
    pub id: u32,
    /// The command's name.
    pub command: String,
    /// The command's arguments; absent and `null` mean none.
    #[serde(default)]
    pub args: Value,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It worked; the command's reply.
    Ok(Value),
    /// It did not.
    Error(WireError),
}

/// What the daemon sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DaemonMessage {
    /// The answer to a request. No id: the request could not be read at all.
    Answer {
        /// The request's id.
        id: Option<u32>,
        /// `ok` or `error`.
        #[serde(flatten)]
        outcome: Outcome,
    },
    /// An event.
    Event(Event),
}
