//! What an agent's words mean, as data: its titles and its hooks. One table an agent, in the
//! agent's own file.

use regex::Regex;
use synk_protocol::{HookReport, ReadyWhen, StatusState, WaitingFor};

/// How an agent's status is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct StatusRules {
    /// It says by itself what it does; until it does, it is starting.
    pub(crate) reports: bool,
    /// What its titles mean; the first that matches counts.
    pub(crate) titles: Vec<TitleRule>,
    /// What its hooks mean; the first that matches counts.
    pub(crate) hooks: &'static [HookRule],
    /// Interrupted, it puts the prompt back into its composer.
    pub(crate) puts_back: bool,
    /// What says that it is ready, where neither it nor its title does.
    pub(crate) ready_when: ReadyWhen,
}

/// A title, and what it means.
#[derive(Debug, Clone)]
pub(crate) struct TitleRule {
    pub(crate) pattern: Regex,
    pub(crate) state: StatusState,
    pub(crate) waiting_for: Option<WaitingFor>,
}

/// A hook, and what it means that it was called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HookRule {
    pub(crate) event: &'static str,
    /// What it is about; empty for anything.
    pub(crate) subject: &'static str,
    pub(crate) state: StatusState,
    pub(crate) waiting_for: Option<WaitingFor>,
}

impl StatusRules {
    /// Rules for titles that are written in code and therefore right; one that is not is left
    /// out, and the tests of its agent fail.
    pub(crate) fn titles(rules: &[(&str, StatusState, Option<WaitingFor>)]) -> Vec<TitleRule> {
        let rule = |(pattern, state, waiting_for): &(&str, StatusState, Option<WaitingFor>)| {
            let pattern = Regex::new(pattern).ok()?;
            Some(TitleRule { pattern, state: *state, waiting_for: *waiting_for })
        };
        rules.iter().filter_map(rule).collect()
    }

    pub(super) fn title(&self, title: &str) -> Option<(StatusState, Option<WaitingFor>)> {
        let rule = self.titles.iter().find(|rule| rule.pattern.is_match(title))?;
        Some((rule.state, rule.waiting_for))
    }

    pub(super) fn hook(&self, hook: &HookReport) -> Option<(StatusState, Option<WaitingFor>)> {
        let subject = hook.subject.as_deref().unwrap_or_default();
        let rule = self.hooks.iter().find(|rule| {
            rule.event == hook.event && (rule.subject.is_empty() || rule.subject == subject)
        })?;
        Some((rule.state, rule.waiting_for))
    }
}
