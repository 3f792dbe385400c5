//! Whether a program is ready for a prompt, and what has to stay so while it is typed. Pure.

use synk_protocol::{Expected, ReceiptState, SessionStatus, StatusSource, StatusState, WaitingFor};

use super::{Live, Outcome, Prompt, text};

/// What is to be typed, and what is expected to be so.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ready {
    pub(super) bytes: String,
    pub(super) expected: Expected,
}

/// Why a prompt cannot be typed now; none when it can.
pub(crate) fn refusal(live: &Live, prompt: &Prompt, shell: bool) -> Option<Outcome> {
    ready(live, prompt, shell).err()
}

/// Whether a prompt can be typed now. `shell` says that it would run as a command.
pub(super) fn ready(live: &Live, prompt: &Prompt, shell: bool) -> Result<Ready, Outcome> {
    let refuse = |state, reason: String| Err(Outcome::untyped(state, reason));
    let Some(signals) = &live.signals else {
        let why = "its shim is of an older version of Synk; restart it to move it to this one";
        return refuse(ReceiptState::NotReady, why.to_owned());
    };
    match live.status.state {
        StatusState::Idle | StatusState::Done => {}
        StatusState::Exited => {
            return refuse(ReceiptState::Exited, "its program does not run".to_owned());
        }
        StatusState::Waiting => return refuse(ReceiptState::Blocked, waits_for(&live.status)),
        StatusState::Working => {
            return refuse(ReceiptState::NotReady, "it is at work".to_owned());
        }
        StatusState::Starting => {
            return refuse(
                ReceiptState::NotReady,
                "it has not said yet that it is ready".to_owned(),
            );
        }
        StatusState::Unknown => {
            let why = "nothing says whether it is ready; type into its pane";
            return refuse(ReceiptState::NotReady, why.to_owned());
        }
    }
    if live.draft {
        let why = "something stands in its composer that was not sent";
        return refuse(ReceiptState::NotReady, why.to_owned());
    }
    let lines = prompt.text.lines().count();
    if shell && lines > 1 && !prompt.confirmed {
        let why = format!("{lines} lines would run as commands");
        return refuse(ReceiptState::Unconfirmed, why);
    }
    let bytes = text::typed(&prompt.text, signals.bracketed_paste)
        .map_err(|why| Outcome::untyped(ReceiptState::Refused, why.to_owned()))?;
    // A title that moves all the time guards nothing; one that says that the program is ready
    // says so until it is another one.
    let title = signals.title.clone().filter(|_| live.status.source == StatusSource::Title);
    Ok(Ready { bytes, expected: Expected { revision: signals.revision, title } })
}

/// For people: what a program waits for.
pub(super) fn waits_for(status: &SessionStatus) -> String {
    let what = match status.waiting_for {
        Some(WaitingFor::Permission) => "it waits for a permission",
        Some(WaitingFor::Question) => "it waits for an answer",
        Some(WaitingFor::Auth) => "it waits to be signed in",
        None => "it waits for a person",
    };
    match &status.message {
        Some(message) => format!("{what}: {message}"),
        None => what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use synk_protocol::{SessionId, Signals};

    fn prompt(text: &str) -> Prompt {
        Prompt {
            id: 1,
            session: SessionId(1),
            text: text.to_owned(),
            submit: true,
            confirmed: false,
            at: 0,
            held: false,
        }
    }

    fn live(state: StatusState) -> Live {
        let signals = Signals { revision: 7, bracketed_paste: true, ..Signals::default() };
        Live {
            status: SessionStatus { state, ..SessionStatus::default() },
            signals: Some(signals),
            ..Live::default()
        }
    }

    #[test]
    fn only_who_says_so_is_ready() {
        use ReceiptState::{Blocked, Exited, NotReady};
        for (state, expected) in [
            (StatusState::Idle, None),
            (StatusState::Done, None),
            (StatusState::Working, Some(NotReady)),
            (StatusState::Starting, Some(NotReady)),
            (StatusState::Unknown, Some(NotReady)),
            (StatusState::Waiting, Some(Blocked)),
            (StatusState::Exited, Some(Exited)),
        ] {
            let outcome = ready(&live(state), &prompt("hi"), false);
            assert_eq!(outcome.err().map(|outcome| outcome.state), expected, "{state:?}");
        }
        let blind = Live { signals: None, ..live(StatusState::Idle) };
        assert_eq!(ready(&blind, &prompt("hi"), false).unwrap_err().state, NotReady);
    }

    #[test]
    fn what_somebody_types_is_not_mixed_with_a_prompt() {
        let live = Live { draft: true, ..live(StatusState::Idle) };
        assert_eq!(ready(&live, &prompt("hi"), false).unwrap_err().state, ReceiptState::NotReady);
    }

    #[test]
    fn several_commands_are_to_be_confirmed() {
        let live = live(StatusState::Idle);
        let lines = prompt("rm -r a\nrm -r b");
        assert_eq!(ready(&live, &lines, true).unwrap_err().state, ReceiptState::Unconfirmed);
        assert!(ready(&live, &Prompt { confirmed: true, ..lines.clone() }, true).is_ok());
        assert!(ready(&live, &lines, false).is_ok(), "an agent's prompt has many lines");
    }

    #[test]
    fn a_title_guards_only_where_it_is_what_is_believed() {
        let mut live = live(StatusState::Idle);
        if let Some(signals) = &mut live.signals {
            signals.title = Some("◇ Ready".to_owned());
        }
        let expected = |live: &Live| ready(live, &prompt("hi"), false).unwrap().expected;
        assert_eq!(expected(&live), Expected { revision: 7, title: None });
        live.status.source = StatusSource::Title;
        assert_eq!(expected(&live).title.as_deref(), Some("◇ Ready"));
    }
}
