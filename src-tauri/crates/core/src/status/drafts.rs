//! Whether something stands in a composer, where keys alone do not tell.

use synk_protocol::{AgentType, HookReport};

use super::{
    tests::{START, hook, record, report, title},
    *,
};
use crate::agents;

/// Gemini CLI says by its title what it does, and its shim knows of no dialog.
struct Gemini {
    rules: StatusRules,
    record: SessionRecord,
    status: Status,
}

impl Gemini {
    fn new() -> Self {
        let rules = agents::built_in(&AgentType::GeminiCli).status;
        Self { rules, record: record(), status: Status::default() }
    }

    /// Whether there is a draft, at a time since the start, after somebody has last typed
    /// something at another, and has left characters without Enter by that or has not.
    fn has_draft(&mut self, text: &str, at: u64, characters: bool, typed_at: u64) -> bool {
        self.has_draft_when_told(text, at, characters, typed_at, at)
    }

    /// The same, where that is told a while later.
    fn has_draft_when_told(
        &mut self,
        text: &str,
        at: u64,
        characters: bool,
        typed_at: u64,
        now: u64,
    ) -> bool {
        let signals = Signals {
            hook: Some(hook("SessionStart", 0)),
            draft: characters,
            typed_at: Some(START + typed_at),
            ..title(text, at)
        };
        self.status.weigh(&Known {
            record: &self.record,
            rules: &self.rules,
            signals: Some(&signals),
            file: None,
            now: START + now,
        });
        self.status.has_draft(&signals)
    }
}

#[test]
fn what_answers_a_dialog_is_no_draft() {
    let mut gemini = Gemini::new();
    assert!(gemini.has_draft("◇", 1, true, 1), "somebody types");
    assert!(!gemini.has_draft("✦", 3, false, 2), "and presses Enter");
    assert!(!gemini.has_draft("✋", 10, false, 2));
    assert!(gemini.has_draft("✋", 10, true, 11));
    assert!(!gemini.has_draft("✦", 12, true, 11), "the answer was taken");
    assert!(!gemini.has_draft("✋", 20, true, 11), "nor is it one in the next dialog");
    assert!(!gemini.has_draft("✦", 22, true, 21));
    assert!(!gemini.has_draft("◇", 3000, true, 21));
    assert!(gemini.has_draft("◇", 3001, true, 3001), "somebody types again");
    let left = Signals { draft: true, prompt_unsent: true, ..Signals::default() };
    assert!(Gemini::new().status.has_draft(&left), "Synk typed it, and it was not sent");
}

#[test]
fn what_stood_in_the_composer_before_a_dialog_is_there_after_it() {
    // The answer is Enter, or a key that leaves a character.
    for left in [false, true] {
        let mut gemini = Gemini::new();
        assert!(gemini.has_draft("✦", 1, true, 1), "somebody types while it works");
        assert!(gemini.has_draft("✋", 10, true, 1));
        assert!(gemini.has_draft("✋", 10, left, 11));
        assert!(gemini.has_draft("✦", 12, left, 11), "a dialog takes nothing out of a composer");
        assert!(gemini.has_draft("◇", 3000, left, 11));
        assert!(!gemini.has_draft("◇", 3000, false, 2999), "a person has seen to it");
    }
    let mut gemini = Gemini::new();
    assert!(gemini.has_draft("✦", 1, true, 1) && gemini.has_draft("✋", 10, true, 1));
    gemini.record.started_at = Some(START + 20);
    assert!(!gemini.has_draft("◇", 30, false, 11), "another program has another composer");
}

#[test]
fn what_an_interrupted_agent_puts_back_is_a_draft_until_somebody_has_seen_to_it() {
    let rules = agents::built_in(&AgentType::ClaudeCode).status;
    let (mut status, record) = (Status::default(), record());
    let has_draft = |status: &mut Status, state, at, typed_at: Option<u64>| {
        let signals = Signals {
            reports: vec![report(state, None, at)],
            typed_at: typed_at.map(|at| START + at),
            ..Signals::default()
        };
        status.weigh(&Known {
            record: &record,
            rules: &rules,
            signals: Some(&signals),
            file: None,
            now: START + at,
        });
        status.has_draft(&signals)
    };
    assert!(!has_draft(&mut status, "idle", 1, None));
    assert!(!has_draft(&mut status, "working", 2, None));
    assert!(!has_draft(&mut status, "done", 3, None), "it has done what was asked");
    assert!(!has_draft(&mut status, "working", 4, Some(5)));
    assert!(has_draft(&mut status, "idle", 6, Some(5)), "Escape was pressed before");
    assert!(!has_draft(&mut status, "idle", 6, Some(7)), "and Ctrl-U after");
    assert!(!has_draft(&mut status, "working", 8, Some(7)));
    assert!(has_draft(&mut status, "idle", 9, Some(7)));
    assert!(!has_draft(&mut status, "working", 10, Some(7)));
}

#[test]
fn what_is_typed_once_a_dialog_has_closed_is_no_answer_to_it() {
    let mut gemini = Gemini::new();
    assert!(!gemini.has_draft("✦", 1, false, 0) && !gemini.has_draft("✋", 10, false, 0));
    assert!(gemini.has_draft_when_told("✦", 12, true, 13, 60), "a second y goes to the composer");
    let mut gemini = Gemini::new();
    assert!(gemini.has_draft("✦", 1, true, 1) && gemini.has_draft("✋", 10, true, 1));
    assert!(
        !gemini.has_draft_when_told("◇", 12, false, 13, 13),
        "Ctrl-U, in the moment it is seen"
    );
}

#[test]
fn a_dialog_that_another_source_tells_of_as_well_is_the_same_dialog() {
    let mut gemini = Gemini::new();
    gemini.has_draft("✋", 10, false, 0);
    let asked = Signals {
        hook: Some(HookReport {
            subject: Some("ToolPermission".to_owned()),
            ..hook("Notification", 20)
        }),
        ..title("✋", 10)
    };
    gemini.status.weigh(&Known {
        record: &gemini.record,
        rules: &gemini.rules,
        signals: Some(&asked),
        file: None,
        now: START + 20,
    });
    let status = gemini.status.current();
    assert_eq!((status.state, status.source), (StatusState::Waiting, StatusSource::Hook));
    assert_eq!(status.since, START + 10);
}
