//! What a session's program does: every source is heard, the most trusted one that says
//! anything decides, and what was weighed can be shown. Pure: nothing here reads or waits.
//!
//! A status is never a guess. Where no source speaks, it is `unknown`.

mod rules;
mod sources;

pub(crate) use rules::{HookRule, StatusRules, TitleRule};

use synk_protocol::{
    SessionRecord, SessionState, SessionStatus, Signals, StatusEvidence, StatusSource, StatusState,
    WaitingFor,
};

/// A less trusted source that has said for so long that an agent is idle is right.
const OVERRULED_AFTER_MS: u64 = 2000;
/// An agent that has said nothing for so long after its start is not starting any more.
const STARTING_MS: u64 = 30_000;
/// A shell's command that took so long is something that a person may have waited for.
const LONG_COMMAND_MS: u64 = 10_000;

/// What an agent's own files say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileStatus {
    pub(crate) state: StatusState,
    pub(crate) waiting_for: Option<WaitingFor>,
    /// Milliseconds since 1970.
    pub(crate) at: u64,
}

/// All that is known of a session at one moment.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    pub(crate) record: &'a SessionRecord,
    pub(crate) rules: &'a StatusRules,
    /// Absent for a shim that observes nothing.
    pub(crate) signals: Option<&'a Signals>,
    pub(crate) file: Option<&'a FileStatus>,
    /// Milliseconds since 1970.
    pub(crate) now: u64,
}

/// Remembers of a session what the present moment does not tell.
#[derive(Debug, Default)]
pub(crate) struct Status {
    current: SessionStatus,
    evidence: Vec<StatusEvidence>,
    /// What the title means, and when it said so.
    title: Option<(StatusState, Option<WaitingFor>, u64)>,
    /// When the shell's command began.
    command_began: Option<u64>,
    /// When a long command ended.
    command_ended: Option<u64>,
    /// The program, by its start, that has said something of itself.
    spoke: Option<u64>,
    /// When a person last looked.
    seen_at: u64,
    /// When a dialog last closed, by the clock of who types: what was typed before was an answer.
    answered_at: u64,
    /// When a dialog opened over something in the composer, which nobody has seen to since.
    behind_dialog: Option<u64>,
    /// When the agent was interrupted and put its prompt back into its composer.
    put_back: Option<u64>,
}

impl Status {
    pub(crate) fn current(&self) -> &SessionStatus {
        &self.current
    }

    /// What each source says, the most trusted first.
    pub(crate) fn evidence(&self) -> &[StatusEvidence] {
        &self.evidence
    }

    /// Something stands in the program's composer that was not sent.
    pub(crate) fn has_draft(&self, signals: &Signals) -> bool {
        let typed_at = signals.typed_at.unwrap_or_default();
        // What Synk typed was no answer to anything.
        (signals.draft && typed_at > self.answered_at)
            || signals.prompt_unsent
            || self.put_back.is_some()
            || self.behind_dialog.is_some()
    }

    /// A person looks at the session. What is done has been seen.
    pub(crate) fn seen(&mut self, now: u64) {
        self.seen_at = now;
    }

    /// Weighs what is known; answers whether the status is another now.
    pub(crate) fn weigh(&mut self, known: &Known<'_>) -> bool {
        self.remember(known);
        let mut evidence = sources::evidence(known, self.title, self.command_ended);
        let decides = decide(&evidence, known.now);
        if let Some(index) = decides {
            evidence[index].decides = true;
        }
        let mut next = match decides.map(|index| &evidence[index]) {
            Some(one) => SessionStatus {
                state: one.state.unwrap_or_default(),
                waiting_for: one.waiting_for,
                source: one.source,
                since: one.at.unwrap_or(known.now),
                message: sources::message(known, one),
            },
            None => SessionStatus {
                state: if is_starting(known) && self.spoke != known.record.started_at {
                    StatusState::Starting
                } else {
                    StatusState::Unknown
                },
                source: StatusSource::Silence,
                since: began(known.record).unwrap_or(known.now),
                ..SessionStatus::default()
            },
        };
        if decides.is_some() {
            self.spoke = known.record.started_at;
        }
        if next.state == StatusState::Done && self.seen_at >= next.since {
            next.state = StatusState::Idle;
            next.since = self.seen_at;
        }
        let is_same =
            next.state == self.current.state && next.waiting_for == self.current.waiting_for;
        if is_same && next.state != StatusState::Done {
            // It is as it was, however often and by whomever it is said; a new turn that ends is
            // news.
            next.since = self.current.since;
        }
        self.evidence = evidence;
        self.note_dialog(&next, known);
        self.note_put_back(&next, known);
        let changed = next != self.current;
        self.current = next;
        changed
    }

    /// When the status may become another one by itself: milliseconds since 1970.
    pub(crate) fn due(&self, record: &SessionRecord, now: u64) -> Option<u64> {
        if self.current.state == StatusState::Starting {
            return began(record).map(|at| at + STARTING_MS);
        }
        let best = self.evidence.iter().find(|one| one.decides)?;
        let from = self.evidence.iter().filter_map(|later| contradicts(later, best));
        from.filter(|from| *from > now).min()
    }

    /// What is typed in a dialog answers that, and what stood in the composer is there when the
    /// dialog has closed, until a person has seen to it.
    fn note_dialog(&mut self, next: &SessionStatus, known: &Known<'_>) {
        let Some(signals) = known.signals else { return };
        let was_open = self.current.state == StatusState::Waiting;
        let is_open = next.state == StatusState::Waiting;
        if is_open {
            if !was_open {
                self.behind_dialog = self.has_draft(signals).then_some(next.since);
            }
            return;
        }
        if was_open {
            // The shim's own clock tells a key behind the dialog from the answer to it. Where
            // nothing newer was noted than the dialog itself, all that was typed answers it.
            let says = self.evidence.iter().filter(|one| one.source != StatusSource::Silence);
            let newest = says.filter_map(|one| one.at).max();
            let closed_at = newest.filter(|at| *at > self.current.since);
            self.answered_at = closed_at.or(signals.typed_at).unwrap_or_default();
        }
        if !signals.draft && signals.typed_at.is_some_and(|at| at > self.answered_at) {
            self.behind_dialog = None;
        }
    }

    /// An agent that stops to work without having done anything was interrupted. What it has
    /// put back is there until it works again, or a person has seen to it.
    fn note_put_back(&mut self, next: &SessionStatus, known: &Known<'_>) {
        if !known.rules.puts_back {
            return;
        }
        if self.current.state == StatusState::Working && next.state == StatusState::Idle {
            self.put_back = Some(next.since);
        }
        let typed = known.signals.filter(|signals| !signals.draft);
        let typed = typed.and_then(|signals| signals.typed_at);
        let was_seen_to = self.put_back.zip(typed).is_some_and(|(at, typed)| typed > at);
        if was_seen_to || !matches!(next.state, StatusState::Idle) {
            self.put_back = None;
        }
    }

    fn remember(&mut self, known: &Known<'_>) {
        // What was so of a program before a restart is not so of this one.
        let began = began(known.record).unwrap_or_default();
        for at in [&mut self.command_began, &mut self.command_ended, &mut self.behind_dialog] {
            *at = at.filter(|at| *at >= began);
        }
        let Some(signals) = known.signals else { return };
        let meaning = signals.title.as_deref().and_then(|title| known.rules.title(title));
        self.title = meaning.map(|(state, waiting_for)| match self.title {
            // One that only moves says nothing new; one that says again that it is ready does.
            Some(before)
                if (before.0, before.1) == (state, waiting_for) && state != StatusState::Idle =>
            {
                before
            }
            _ => (state, waiting_for, signals.title_at.unwrap_or(known.now)),
        });
        match &signals.shell {
            Some(mark) if mark.place == synk_protocol::ShellPlace::Prompt => {
                if let Some(began) = self.command_began.take()
                    && mark.at.saturating_sub(began) >= LONG_COMMAND_MS
                {
                    self.command_ended = Some(mark.at);
                }
            }
            Some(mark) if mark.exit_code.is_none() => {
                self.command_began.get_or_insert(mark.at);
                self.command_ended = None;
            }
            _ => {}
        }
    }
}

/// Which piece of evidence decides.
fn decide(evidence: &[StatusEvidence], now: u64) -> Option<usize> {
    let mut says = evidence.iter().enumerate().filter(|(_, one)| one.state.is_some());
    let (mut index, mut best) = says.next()?;
    for (other, later) in says {
        if overrules(later, best, now) {
            (index, best) = (other, later);
        }
    }
    Some(index)
}

/// Whether a less trusted source knows better, because it speaks of a later moment. Hooks are
/// not called for everything: not for every dialog, and not when a person interrupts or
/// something fails.
fn overrules(later: &StatusEvidence, best: &StatusEvidence, now: u64) -> bool {
    contradicts(later, best).is_some_and(|from| now >= from)
}

/// From when on a later word of a less trusted source counts more, if it ever does.
fn contradicts(later: &StatusEvidence, best: &StatusEvidence) -> Option<u64> {
    let lasts = matches!(best.source, StatusSource::Hook | StatusSource::File);
    let speaks = matches!(
        later.source,
        StatusSource::Hook | StatusSource::File | StatusSource::Title | StatusSource::Shell
    );
    let (before, after) = (best.at?, later.at?);
    if !lasts || !speaks || later.state == best.state || after <= before {
        return None;
    }
    match (best.state, later.state) {
        // What is done is idle for a title.
        (Some(StatusState::Done), Some(StatusState::Idle)) => None,
        (_, Some(StatusState::Working | StatusState::Waiting)) => Some(after),
        // The hook that says how it ended may be on its way.
        _ => Some(after + OVERRULED_AFTER_MS),
    }
}

/// When a session's program began to be that: one that waited in the pool was there before its
/// session was.
fn began(record: &SessionRecord) -> Option<u64> {
    record.started_at.map(|at| at.max(record.created_at))
}

/// Whether it has just been started and is of a kind that will say when it is ready: an agent
/// that reports, or a shell.
fn is_starting(known: &Known<'_>) -> bool {
    let age = began(known.record).map(|at| known.now.saturating_sub(at));
    known.record.state == SessionState::Running
        && (known.rules.reports || known.record.command.is_empty())
        && age.is_some_and(|age| age < STARTING_MS)
}

#[cfg(test)]
mod drafts;
#[cfg(test)]
mod recorded;
#[cfg(test)]
pub(crate) mod tests;
