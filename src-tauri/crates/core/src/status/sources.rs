//! What each source says by itself.

use synk_protocol::{
    MAX_STATUS_MESSAGE_CHARS, ProgramReport, ReadyWhen, SessionState, ShellPlace, Signals,
    StatusEvidence, StatusSource, StatusState, WaitingFor, plain_text,
};

use super::Known;

/// What the title means, and since when.
type Title = Option<(StatusState, Option<WaitingFor>, u64)>;

/// What every source says, the most trusted first. One that has nothing to say for this kind
/// of session is left out.
pub(super) fn evidence(
    known: &Known<'_>,
    title: Title,
    command_ended: Option<u64>,
) -> Vec<StatusEvidence> {
    if let Some(own) = session(known) {
        return vec![own];
    }
    let Some(signals) = known.signals else {
        return vec![said(
            StatusSource::Silence,
            None,
            "the session's shim is of a version that observes nothing".to_owned(),
            None,
        )];
    };
    let mut all = Vec::new();
    all.push(program(signals));
    all.extend(hook(known, signals));
    all.extend(known.file.map(|file| StatusEvidence {
        waiting_for: file.waiting_for,
        ..said(
            StatusSource::File,
            Some(file.state),
            "the agent's own file says so".to_owned(),
            Some(file.at),
        )
    }));
    all.extend(signals.title.as_ref().map(|text| {
        let seen = format!("the title is “{text}”");
        match title {
            // Gemini CLI's title says so while its start dialogs are open, where Enter trusts a
            // folder. It calls its first hook once its composer is there.
            Some((StatusState::Idle, _, at))
                if !known.rules.hooks.is_empty() && signals.hook.is_none() =>
            {
                let seen = format!("{seen}, which is not believed before its first hook");
                said(StatusSource::Title, None, seen, Some(at))
            }
            Some((state, waiting_for, at)) => StatusEvidence {
                waiting_for,
                ..said(StatusSource::Title, Some(state), seen, Some(at))
            },
            None => said(StatusSource::Title, None, seen, signals.title_at),
        }
    }));
    all.extend(shell(signals, command_ended));
    all.extend(process(known, signals));
    all.push(silence(known, signals));
    all
}

/// What is shown with the status that this evidence led to.
pub(super) fn message(known: &Known<'_>, decides: &StatusEvidence) -> Option<String> {
    let signals = known.signals?;
    let text = match decides.source {
        StatusSource::Program => speaker(signals)?.message.clone()?,
        StatusSource::Hook => signals.hook.as_ref()?.message.clone()?,
        StatusSource::Shell if decides.state == Some(StatusState::Working) => {
            signals.foreground.clone()?
        }
        StatusSource::Shell => match signals.shell.as_ref()?.exit_code? {
            0 => return None,
            code => format!("exit code {code}"),
        },
        _ => return None,
    };
    Some(plain_text(&text, MAX_STATUS_MESSAGE_CHARS)).filter(|text| !text.is_empty())
}

/// Synk's own knowledge, beside which nothing counts.
fn session(known: &Known<'_>) -> Option<StatusEvidence> {
    let record = known.record;
    let (state, seen, at) = match (record.state, record.exit_code) {
        (SessionState::Running, _) => return None,
        (SessionState::Starting, _) => {
            (StatusState::Starting, "it is being started".to_owned(), Some(record.created_at))
        }
        (SessionState::Lost, _) => {
            (StatusState::Exited, "its program was lost".to_owned(), record.ended_at)
        }
        (SessionState::Exited, code) => {
            let code = code.map_or_else(String::new, |code| format!(" with code {code}"));
            (StatusState::Exited, format!("its program ended{code}"), record.ended_at)
        }
    };
    Some(said(StatusSource::Session, Some(state), seen, at))
}

/// The program's own reports: what it waits for counts most, then what it says of itself, then
/// the newest word of any of its parts.
fn program(signals: &Signals) -> StatusEvidence {
    let Some(report) = speaker(signals) else {
        return said(
            StatusSource::Program,
            None,
            "it reports nothing to its terminal".to_owned(),
            None,
        );
    };
    let (state, waiting_for) = match (report.state.as_str(), report.kind.as_deref()) {
        ("working", _) => (Some(StatusState::Working), None),
        ("idle", _) => (Some(StatusState::Idle), None),
        ("done" | "error", _) => (Some(StatusState::Done), None),
        ("blocked", kind) => (
            Some(StatusState::Waiting),
            match kind {
                Some("permission") => Some(WaitingFor::Permission),
                Some("question") => Some(WaitingFor::Question),
                Some("auth") => Some(WaitingFor::Auth),
                _ => None,
            },
        ),
        _ => (None, None),
    };
    let kind = report.kind.as_ref().map_or_else(String::new, |kind| format!(" ({kind})"));
    let app = report.app.as_deref().unwrap_or("it");
    let seen = format!("{app} reports “{}”{kind}", report.state);
    StatusEvidence { waiting_for, ..said(StatusSource::Program, state, seen, Some(report.at)) }
}

fn speaker(signals: &Signals) -> Option<&ProgramReport> {
    let reports = &signals.reports;
    let blocked = reports.iter().find(|report| report.state == "blocked");
    let own = reports.iter().find(|report| report.id.is_empty());
    blocked.or(own).or_else(|| reports.iter().max_by_key(|report| report.at))
}

fn hook(known: &Known<'_>, signals: &Signals) -> Option<StatusEvidence> {
    let hook = signals.hook.as_ref()?;
    let meaning = known.rules.hook(hook);
    let about =
        hook.subject.as_ref().map_or_else(String::new, |subject| format!(" for “{subject}”"));
    Some(StatusEvidence {
        waiting_for: meaning.and_then(|(_, waiting_for)| waiting_for),
        ..said(
            StatusSource::Hook,
            meaning.map(|(state, _)| state),
            format!("the hook {} was called{about}", hook.event),
            Some(hook.at),
        )
    })
}

fn shell(signals: &Signals, command_ended: Option<u64>) -> Option<StatusEvidence> {
    let mark = signals.shell.as_ref()?;
    let (state, seen, at) = match (mark.place, command_ended) {
        // However often it shows its prompt since.
        (ShellPlace::Prompt, Some(ended)) => {
            (StatusState::Done, "the shell shows its prompt after a long command", ended)
        }
        (ShellPlace::Prompt, None) => (StatusState::Idle, "the shell shows its prompt", mark.at),
        (ShellPlace::Command, _) => (StatusState::Working, "the shell runs a command", mark.at),
    };
    Some(said(StatusSource::Shell, Some(state), seen.to_owned(), Some(at)))
}

fn process(known: &Known<'_>, signals: &Signals) -> Option<StatusEvidence> {
    if known.rules.ready_when == ReadyWhen::Paste {
        let (state, seen) = if signals.bracketed_paste {
            (StatusState::Idle, "it asks for pastes to be bracketed, so it reads a line")
        } else {
            (StatusState::Working, "it does not ask for pastes to be bracketed")
        };
        let at = signals.bracketed_paste_at;
        return Some(said(StatusSource::Process, Some(state), seen.to_owned(), at));
    }
    let name = signals.foreground.as_ref()?;
    Some(said(StatusSource::Process, None, format!("“{name}” has the terminal"), None))
}

fn silence(known: &Known<'_>, signals: &Signals) -> StatusEvidence {
    let (state, seen) = match (signals.busy, known.rules.ready_when) {
        (true, _) => (Some(StatusState::Working), "it puts something out"),
        // Before its first word it is not there yet.
        (false, ReadyWhen::Silent) if signals.busy_at.is_some() => {
            (Some(StatusState::Idle), "it is silent, which is said to mean that it is ready")
        }
        (false, _) => (None, "it is silent"),
    };
    // Output says nothing about an agent that has better ways, since most redraw while they
    // wait; and what a shell puts out while it starts is no work.
    let state = state.filter(|_| !known.rules.reports && !super::is_starting(known));
    said(StatusSource::Silence, state, seen.to_owned(), signals.busy_at)
}

fn said(
    source: StatusSource,
    state: Option<StatusState>,
    seen: String,
    at: Option<u64>,
) -> StatusEvidence {
    StatusEvidence { source, state, waiting_for: None, seen, at, decides: false }
}
