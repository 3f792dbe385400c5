//! Bringing one prompt to one program: the text as one paste, Enter as a write of its own, and
//! then the proof that it was taken.

use std::time::Duration;
use synk_client::Shim;
use synk_protocol::{
    ErrorCode, Expected, ReceiptState, ShellPlace, StatusSource, StatusState, WireError,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout, timeout_at},
};

use super::{
    Live, Prompt,
    ready::{Ready, ready, waits_for},
};
use crate::{agents::Delivery, time::now_millis};

/// A program changes while it is typed to, for example because it notices the typing. It is
/// looked at again so often.
const ATTEMPTS: usize = 20;
/// How long a change may take to be told.
const NEWS: Duration = Duration::from_millis(500);
/// How long a program may take to read what was pasted: Gemini CLI 0.61 needs up to a second
/// for a megabyte, and takes an Enter before that for a part of it.
const READING_A_BYTE: Duration = Duration::from_micros(1);
/// And so much longer until it works on it.
const TAKING: u32 = 30;
/// A program that reports on itself, and reports nothing for so long after Enter, has perhaps
/// not taken it for one.
const ENTER_AGAIN: Duration = Duration::from_secs(1);

/// What became of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) state: ReceiptState,
    pub(crate) reason: Option<String>,
    /// Something was typed: it must not be tried again by itself.
    pub(crate) typed: bool,
}

impl Outcome {
    pub(super) fn untyped(state: ReceiptState, reason: String) -> Self {
        Self { state, reason: Some(reason), typed: false }
    }

    fn typed(state: ReceiptState, reason: Option<&str>) -> Self {
        Self { state, reason: reason.map(str::to_owned), typed: true }
    }
}

/// Brings prompts to one session.
#[derive(Debug, Clone)]
pub(crate) struct Courier {
    pub(crate) shim: Shim,
    pub(crate) live: watch::Receiver<Live>,
    pub(crate) delivery: Delivery,
    /// What is typed runs as commands.
    pub(crate) shell: bool,
}

impl Courier {
    /// Delivers a prompt; `tell` hears how far it has come.
    pub(crate) async fn deliver(
        mut self,
        prompt: &Prompt,
        mut tell: impl FnMut(ReceiptState),
    ) -> Outcome {
        let (revision, typed_before) = match self.type_text(prompt).await {
            Ok(typed) => typed,
            Err(outcome) => return outcome,
        };
        tell(ReceiptState::Sent);
        if !prompt.submit {
            return Outcome::typed(ReceiptState::Draft, None);
        }
        // Programs tell a paste's end from a key by the time between them, and take a while to
        // read a long one.
        let reading = READING_A_BYTE * u32::try_from(prompt.text.len()).unwrap_or(u32::MAX);
        sleep(self.delivery.settle + reading).await;
        let entered = now_millis();
        let revision = match self.press_enter(revision, typed_before).await {
            Ok(revision) => revision,
            Err(outcome) => return outcome,
        };
        let patience = self.delivery.confirm + reading * TAKING;
        // A command may have opened a menu that nobody reports, and Enter chooses in it.
        let is_command = prompt.text.trim_start().starts_with('/');
        let may_repeat = !self.shell && !is_command;
        let outcome = self.await_taking(entered, revision, patience, may_repeat).await;
        if outcome.state == ReceiptState::Working {
            tell(ReceiptState::Accepted);
        }
        outcome
    }

    /// Types the text into a program that is ready. Answers the revision after it, and when
    /// somebody had last typed before it.
    async fn type_text(&mut self, prompt: &Prompt) -> Result<(u64, Option<u64>), Outcome> {
        for _ in 0..ATTEMPTS {
            let (Ready { bytes, expected }, typed_before) = {
                let live = self.live.borrow_and_update();
                let typed_at = live.signals.as_ref().and_then(|signals| signals.typed_at);
                (ready(&live, prompt, self.shell)?, typed_at)
            };
            match self.shim.type_text(bytes, expected).await {
                Ok(revision) => return Ok((revision, typed_before)),
                Err(error) if error.code == ErrorCode::Conflict => self.await_news().await,
                Err(error) => return Err(gone(&error, false)),
            }
        }
        let why = "it changes all the time; nothing was typed".to_owned();
        Err(Outcome::untyped(ReceiptState::NotReady, why))
    }

    /// Presses Enter behind the text, unless something else has come between.
    async fn press_enter(
        &mut self,
        revision: u64,
        typed_before: Option<u64>,
    ) -> Result<u64, Outcome> {
        let draft = |why: &str| Err(Outcome::typed(ReceiptState::Draft, Some(why)));
        let mut revision = revision;
        for _ in 0..ATTEMPTS {
            let expected = Expected { revision, title: None };
            match self.shim.type_text("\r".to_owned(), expected).await {
                Ok(revision) => return Ok(revision),
                Err(error) if error.code == ErrorCode::Conflict => {}
                Err(error) => return Err(gone(&error, true)),
            }
            self.await_news().await;
            let live = self.live.borrow_and_update();
            let Some(signals) = &live.signals else { return draft("it cannot be watched") };
            // Not a question of clocks: an answer to a dialog and the prompt that waited for it
            // may come in one millisecond.
            if signals.typed_at != typed_before {
                return draft("somebody typed into it at the same time; Enter was not pressed");
            }
            match live.status.state {
                StatusState::Idle | StatusState::Done => {}
                StatusState::Exited => {
                    return Err(Outcome::typed(ReceiptState::Exited, Some("its program ended")));
                }
                StatusState::Waiting => {
                    return draft(&format!("{}; Enter was not pressed", waits_for(&live.status)));
                }
                _ => return draft("it began to work meanwhile; Enter was not pressed"),
            }
            revision = signals.revision;
        }
        draft("it changes all the time; Enter was not pressed")
    }

    /// Waits for the proof that what was sent at `entered` was taken. `may_repeat` says that
    /// Enter may be pressed once more.
    async fn await_taking(
        &mut self,
        entered: u64,
        revision: u64,
        patience: Duration,
        may_repeat: bool,
    ) -> Outcome {
        let deadline = Instant::now() + patience;
        let mut again = may_repeat.then(|| Instant::now() + ENTER_AGAIN);
        loop {
            if let Some(outcome) = self.taken(entered) {
                return outcome;
            }
            let until = again.map_or(deadline, |again| again.min(deadline));
            match timeout_at(until, self.live.changed()).await {
                Ok(Ok(())) => {}
                // The session's own end is told by its status; this is the daemon's.
                Ok(Err(_)) => {
                    return Outcome::typed(ReceiptState::Timeout, Some("Synk's daemon stopped"));
                }
                Err(_) if until == deadline => break,
                Err(_) => {
                    again = None;
                    self.press_again(revision).await;
                }
            }
        }
        let live = self.live.borrow();
        match live.status.state {
            StatusState::Idle | StatusState::Done => Outcome::typed(
                ReceiptState::Draft,
                Some("Enter was pressed, and it still waits for input; look at its pane"),
            ),
            _ => Outcome::typed(ReceiptState::Timeout, Some("nothing says that it was taken")),
        }
    }

    /// Enter may have been taken for a part of the paste. Once more, if the program says that
    /// it is ready and nothing at all has changed since: an empty composer ignores it.
    async fn press_again(&self, revision: u64) {
        let is_ready = {
            let live = self.live.borrow();
            matches!(live.status.source, StatusSource::Program | StatusSource::Hook)
                && matches!(live.status.state, StatusState::Idle | StatusState::Done)
        };
        if !is_ready {
            return;
        }
        let expected = Expected { revision, title: None };
        if let Err(error) = self.shim.type_text("\r".to_owned(), expected).await {
            tracing::debug!("Enter was not pressed again: {error}");
        }
    }

    /// Whether the program has shown that it took what was sent at `entered`.
    fn taken(&mut self, entered: u64) -> Option<Outcome> {
        let live = self.live.borrow_and_update();
        let working = Outcome::typed(ReceiptState::Working, None);
        let signals = live.signals.as_ref()?;
        let moved = live.status.since >= entered;
        match live.status.state {
            StatusState::Working | StatusState::Waiting | StatusState::Done if moved => {
                Some(working)
            }
            // A command may end its shell, and be over before anybody has seen it run.
            StatusState::Exited if self.shell => Some(working),
            StatusState::Exited => {
                Some(Outcome::typed(ReceiptState::Exited, Some("its program ended")))
            }
            _ => {
                let mark = signals.shell.as_ref().filter(|mark| mark.at >= entered)?;
                (mark.place == ShellPlace::Prompt || mark.exit_code.is_none()).then_some(working)
            }
        }
    }

    /// Waits for something to change, or for the time in which a change is told.
    async fn await_news(&mut self) {
        // Whichever comes first; what is so then is looked at next.
        timeout(NEWS, self.live.changed()).await.ok();
    }
}

/// Why a shim typed nothing.
fn gone(error: &WireError, typed: bool) -> Outcome {
    let state = match error.code {
        ErrorCode::Unavailable => ReceiptState::Exited,
        _ => ReceiptState::Refused,
    };
    Outcome { state, reason: Some(error.message.clone()), typed }
}
