//! What the agent tells its terminal of itself: reports (OSC 7501) and titles, as the agent does
//! whose manners it has.

use base64::{Engine, prelude::BASE64_STANDARD};
use synk_testkit::fake_agent::AgentState;

use crate::options::{Personality, Reports};

/// The question whether reports are heard. Who hears them answers with the same bytes.
pub(crate) const ASKS: &str = "\x1b]7501;?\x07";

/// Says what the agent does.
#[derive(Debug)]
pub(crate) struct Voice {
    personality: Personality,
    /// It has not asked, or has been answered.
    reports: bool,
    titles: bool,
}

impl Voice {
    /// As it is before anything was answered.
    pub(crate) fn new(personality: Personality, reports: Reports) -> Self {
        Self {
            personality,
            reports: reports == Reports::Unasked,
            titles: reports != Reports::Nothing,
        }
    }

    /// The terminal listens.
    pub(crate) fn is_heard(&mut self) {
        self.reports = true;
    }

    /// The bytes that say so. `message` goes with a dialog.
    pub(crate) fn say(&self, state: AgentState, message: &str) -> String {
        let report = if self.reports { self.report(state, message) } else { None };
        let title = if self.titles { self.title(state) } else { None };
        [report, title].into_iter().flatten().collect()
    }

    /// The bytes that say something new of the same state: a message, and a title that moves.
    pub(crate) fn news(&self, state: AgentState, number: u32) -> String {
        let report =
            if self.reports { self.report(state, &format!("step {number}")) } else { None };
        let sign = ['◐', '◓', '◑', '◒'][number as usize % 4];
        let title =
            if self.titles { format!("\x1b]0;{sign} step {number}\x07") } else { String::new() };
        format!("{}{title}", report.unwrap_or_default())
    }

    /// The bytes that take all of it back, at the end.
    pub(crate) fn last_words(&self) -> String {
        let clear = if self.reports {
            format!("\x1b]7501;state=clear{}", self.end())
        } else {
            String::new()
        };
        let title = if self.titles { "\x1b]0;\x07" } else { "" };
        format!("{clear}{title}")
    }

    fn report(&self, state: AgentState, message: &str) -> Option<String> {
        let word = match state {
            AgentState::Starting => return None,
            // Codex says nothing before its composer is there, and Claude not of what kind.
            AgentState::Trust if self.personality == Personality::Codex => return None,
            AgentState::Trust => "blocked",
            AgentState::Idle => "idle",
            AgentState::Working => "working",
            AgentState::Permission => "blocked:kind=permission",
            AgentState::Question => "blocked:kind=question",
            AgentState::Auth => "blocked:kind=auth",
            AgentState::Done => "done",
            AgentState::Failed => "error",
        };
        let (state, kind) = word.split_once(':').map_or((word, ""), |(state, kind)| (state, kind));
        let app = match self.personality {
            Personality::Claude => "claude-code",
            Personality::Codex => "codex",
            Personality::Gemini => "gemini-cli",
            Personality::Plain => "plain",
        };
        let kind = if kind.is_empty() { String::new() } else { format!(":{kind}") };
        let message = if message.is_empty() {
            String::new()
        } else {
            format!(":msg={}", BASE64_STANDARD.encode(message))
        };
        Some(format!("\x1b]7501;state={state}:app={app}{kind}{message}{}", self.end()))
    }

    /// How its reports end: either way is right.
    fn end(&self) -> &'static str {
        if self.personality == Personality::Claude { "\x07" } else { "\x1b\\" }
    }

    fn title(&self, state: AgentState) -> Option<String> {
        let title = match (self.personality, state) {
            // Codex has no title before its composer is there.
            (_, AgentState::Starting)
            | (Personality::Plain, _)
            | (Personality::Codex, AgentState::Trust) => return None,
            // It says so while its start dialogs are open.
            (Personality::Gemini, AgentState::Trust) => format!("{:<80}", "◇  Ready (work)"),
            (Personality::Gemini, AgentState::Working) => format!("{:<80}", "✦  Working… (work)"),
            (Personality::Gemini, state) if state.is_dialog() => {
                format!("{:<80}", "✋  Action Required (work)")
            }
            (Personality::Gemini, _) => format!("{:<80}", "◇  Ready (work)"),
            (Personality::Codex, AgentState::Working) => "⠋ work".to_owned(),
            (Personality::Codex, state) if state.is_dialog() => {
                "[ ! ] Action Required | work".to_owned()
            }
            (Personality::Codex, _) => "work".to_owned(),
            // Once its reports are heard its title says no more than its name.
            (Personality::Claude, _) if self.reports => "Claude Code".to_owned(),
            (Personality::Claude, AgentState::Working) => "◐ Claude Code".to_owned(),
            (Personality::Claude, _) => "✳ Claude Code".to_owned(),
        };
        Some(format!("\x1b]0;{title}\x07"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_speaks_its_own_way() {
        let say = |personality, reports, state| Voice::new(personality, reports).say(state, "hm");
        assert_eq!(
            say(Personality::Codex, Reports::Unasked, AgentState::Permission),
            "\x1b]7501;state=blocked:app=codex:kind=permission:msg=aG0=\x1b\\\
             \x1b]0;[ ! ] Action Required | work\x07"
        );
        let claude = say(Personality::Claude, Reports::Asked, AgentState::Idle);
        assert_eq!(claude, "\x1b]0;✳ Claude Code\x07");
        assert!(
            say(Personality::Gemini, Reports::Titles, AgentState::Done).contains("◇  Ready (work)")
        );
        let trust = say(Personality::Gemini, Reports::Titles, AgentState::Trust);
        assert!(trust.contains("◇  Ready (work)"), "as Gemini CLI, it says too much");
        assert_eq!(say(Personality::Plain, Reports::Nothing, AgentState::Working), "");
    }
}
