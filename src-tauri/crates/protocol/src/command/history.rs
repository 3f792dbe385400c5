//! What commands about the past take and answer: searching the logs, looking at a screen as
//! it was, and clearing away what is old.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::session::SessionId;

/// Arguments of `session:search`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct SearchSessions {
    /// What to find within one line, as text.
    pub text: String,
    /// Only in this session.
    #[serde(default)]
    pub session_id: Option<SessionId>,
    /// Tell capital letters from small ones. By default only a text with a capital does.
    #[serde(default)]
    pub match_case: Option<bool>,
    /// The most hits to answer with; 200 by default and at the most 1,000.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// Reply of `session:search`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundText {
    /// What was found, newest first. A line that was printed again and again counts once,
    /// where it was printed last.
    pub hits: Vec<SearchHit>,
    /// There is more than the limit allows, or may be, since not all could be read or not in time.
    pub more: bool,
}

/// One line with what was searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// Whose output.
    pub session_id: SessionId,
    /// The session's name.
    pub name: String,
    /// The session was closed; only its log is left.
    pub closed: bool,
    /// Where the line ends in all that the session has put out; see `session:replay`.
    #[ts(type = "number")]
    pub offset: u64,
    /// When it was printed: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub at: u64,
    /// The line before the match; its beginning may be cut.
    pub before: String,
    /// What was found, as it is written there.
    pub found: String,
    /// The line after the match; its end may be cut.
    pub after: String,
}

/// Arguments of `session:replay`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReplaySession {
    /// Which session; it may be closed.
    pub session_id: SessionId,
    /// How far in all that it has put out. Beyond the end means the end.
    #[ts(type = "number")]
    pub offset: u64,
}

/// Reply of `session:replay`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PastScreen {
    /// Base64 of escape sequences that bring a fresh terminal of this size to that screen,
    /// with its scrollback.
    pub data_b64: String,
    /// The terminal's size then.
    pub cols: u16,
    /// The terminal's size then.
    pub rows: u16,
    /// When that was: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub at: u64,
    /// The part of the log that is needed to know all of it was not there: it begins later,
    /// or bytes were lost. What is shown may differ from what was.
    pub incomplete: bool,
}

/// Arguments of `session:clean`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct CleanSessions {
    /// How long nobody was attached, in seconds.
    pub older_than_seconds: u32,
    /// Only say which they are.
    #[serde(default)]
    pub dry_run: Option<bool>,
}

/// Reply of `session:clean`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CleanedSessions {
    /// The sessions that were removed, by id.
    pub removed: Vec<CleanedSession>,
    /// Bytes on disk that are free again.
    #[ts(type = "number")]
    pub freed_bytes: u64,
}

/// A session that `session:clean` removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CleanedSession {
    /// Which session.
    pub session_id: SessionId,
    /// What it was called.
    pub name: String,
    /// Its program ran until now.
    pub was_running: bool,
}
