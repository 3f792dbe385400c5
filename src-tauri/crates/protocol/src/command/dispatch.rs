//! What commands about prompts take and answer: sending one to several sessions at once, and
//! those that wait for their session.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::session::SessionId;

/// The longest prompt, in bytes.
pub const MAX_PROMPT_BYTES: usize = 1 << 20;
/// The most prompts that wait for one session.
pub const MAX_QUEUED_PROMPTS: usize = 64;

/// Arguments of `dispatch:send`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct SendPrompt {
    /// To whom. Each session once.
    pub session_ids: Vec<SessionId>,
    /// 1 byte to 1 MiB of text. Of control characters only tab and line feed: what a terminal
    /// could not pass on exactly is refused.
    pub text: String,
    /// Press Enter after it; so by default.
    #[serde(default)]
    pub submit: Option<bool>,
    /// What cannot go now waits in the session's queue and goes when the session is idle.
    #[serde(default)]
    pub queue: Option<bool>,
    /// Several lines are to run as commands in a shell.
    #[serde(default)]
    pub confirmed: Option<bool>,
}

/// What became of a prompt, so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptState {
    /// It waits in the session's queue.
    Queued,
    /// The program's terminal has all of it.
    Sent,
    /// The program has taken it.
    Accepted,
    /// The program works on it. Final.
    Working,
    /// A dialog is open; nothing was typed. Final.
    Blocked,
    /// The program is not ready for a prompt; nothing was typed. Final.
    NotReady,
    /// The program does not run; nothing was typed. Final.
    Exited,
    /// The text stands in the program's composer and was not submitted. Final.
    Draft,
    /// It was sent and nothing says that it was taken. Final.
    Timeout,
    /// Several lines would run as commands: to be confirmed; nothing was typed. Final.
    Unconfirmed,
    /// It cannot be passed on exactly; nothing was typed. Final.
    Refused,
    /// It was taken out of the queue. Final.
    Withdrawn,
}

impl ReceiptState {
    /// Whether nothing more becomes of the prompt by itself.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Sent | Self::Accepted)
    }
}

/// What became of one prompt in one session: an answer of `dispatch:send`, and the payload of
/// `dispatch:receipt`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// Names the prompt in this session. Never used twice.
    pub prompt_id: u32,
    /// Which session.
    pub session_id: SessionId,
    /// What became of it.
    pub state: ReceiptState,
    /// Why, for people, when it went no further.
    pub reason: Option<String>,
    /// Since when: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub at: u64,
}

/// Arguments of `dispatch:queue`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListQueue {
    /// Which session.
    pub session_id: SessionId,
}

/// A prompt that waits for its session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueuedPrompt {
    /// Which one.
    pub prompt_id: u32,
    /// For whom.
    pub session_id: SessionId,
    /// What it says.
    pub text: String,
    /// Enter will be pressed after it.
    pub submit: bool,
    /// When it was queued: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub at: u64,
    /// It may have been typed already, when the daemon went down. It stays until it is edited
    /// or taken out.
    #[serde(default)]
    pub held: bool,
}

/// Arguments of `dispatch:edit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct EditQueued {
    /// A prompt that waits.
    pub prompt_id: u32,
    /// What it is to say. Absent: it is taken out of the queue.
    #[serde(default)]
    pub text: Option<String>,
}
