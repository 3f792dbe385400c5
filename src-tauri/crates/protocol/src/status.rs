//! What a session's program does, as far as that is known, and why it is believed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::session::SessionId;

/// The longest message of a status, in characters. It is an agent's own text.
pub const MAX_STATUS_MESSAGE_CHARS: usize = 200;

/// What a session's program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StatusState {
    /// It was started and has not said anything yet.
    Starting,
    /// It works on something.
    Working,
    /// It waits for a person; see [`WaitingFor`].
    Waiting,
    /// It has finished something that nobody has looked at yet.
    Done,
    /// It is ready for input.
    Idle,
    /// It does not run any more.
    Exited,
    /// Nothing says what it does.
    #[default]
    Unknown,
}

/// What a waiting program waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WaitingFor {
    /// To be allowed something.
    Permission,
    /// An answer.
    Question,
    /// To be signed in.
    Auth,
}

/// Where knowledge of a status comes from, the most trusted first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum StatusSource {
    /// Synk's own: it was started, it ended, it was lost.
    Session,
    /// The program reports it to its terminal (OSC 7501).
    Program,
    /// The agent calls a hook that Synk passed to it at its start.
    Hook,
    /// A file that the agent keeps.
    File,
    /// The title of its terminal.
    Title,
    /// The marks that a shell puts around prompts and commands (OSC 133).
    Shell,
    /// Which process has the terminal, and how it set it.
    Process,
    /// Whether it puts anything out.
    #[default]
    Silence,
}

/// A session's status.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionStatus {
    /// What it does.
    pub state: StatusState,
    /// What it waits for, when it waits and that is known.
    pub waiting_for: Option<WaitingFor>,
    /// Where this is known from.
    pub source: StatusSource,
    /// Since when it is so: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub since: u64,
    /// What the program says of it: plain text, without control characters, of at most
    /// [`MAX_STATUS_MESSAGE_CHARS`].
    pub message: Option<String>,
}

/// Arguments of `session:status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GetStatus {
    /// Which session.
    pub session_id: SessionId,
}

/// Reply of `session:status`: the status, and all that was weighed for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StatusReport {
    /// What came of it.
    pub status: SessionStatus,
    /// What each source says, the most trusted first.
    pub evidence: Vec<StatusEvidence>,
}

/// What one source says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusEvidence {
    /// Which source.
    pub source: StatusSource,
    /// What it says, where it says anything.
    pub state: Option<StatusState>,
    /// What it says of waiting.
    pub waiting_for: Option<WaitingFor>,
    /// What was seen, for people: plain text.
    pub seen: String,
    /// When: milliseconds since 1970, UTC.
    #[ts(type = "number | null")]
    pub at: Option<u64>,
    /// The status was taken from here.
    pub decides: bool,
}

/// Arguments of `session:seen`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MarkSeen {
    /// Sessions that a person looks at now. What is `done` there becomes `idle`.
    pub session_ids: Vec<SessionId>,
}

/// Text of a program as people may be shown it: without control characters, without what
/// turns the direction of text or hides in it, of at most so many characters.
pub fn plain_text(text: &str, most: usize) -> String {
    let hides = |c: char| {
        matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
    };
    let words = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut plain = String::new();
    for c in words.filter(|c| !hides(*c)).take(4 * most) {
        if !(c == ' ' && (plain.is_empty() || plain.ends_with(' '))) {
            plain.push(c);
        }
    }
    plain.truncate(plain.trim_end().len());
    if plain.chars().count() > most {
        plain = plain.chars().take(most.saturating_sub(1)).collect();
        plain.push('…');
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_are_shown_is_plain() {
        for (text, plain) in [
            ("approve Bash: touch x", "approve Bash: touch x"),
            ("\u{1b}[31mred\u{7}", "[31mred"),
            ("  a\n\n\tb  ", "a b"),
            ("\u{202e}gpj.exe\u{2066}", "gpj.exe"),
            ("a\u{200b}\u{e0041}b", "ab"),
            ("<b>&amp;", "<b>&amp;"),
            ("漢字 ✳ é", "漢字 ✳ é"),
            ("", ""),
        ] {
            assert_eq!(plain_text(text, 50), plain);
        }
        assert_eq!(plain_text(&"x".repeat(1000), 5), "xxxx…");
        assert_eq!(plain_text("12345", 5), "12345");
    }
}
