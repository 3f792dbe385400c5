//! What is observed of the program besides its screen: its own reports, its hooks, its shell's
//! marks, its terminal's modes, and who types. Everything is noted; nothing is judged here.

mod draft;
mod report;

use std::time::Duration;
use synk_protocol::{
    Expected, HookReport, MAX_PROGRAM_REPORTS, MAX_SIGNAL_CHARS, ShellMark, ShellPlace,
    ShimMessage, Signals, plain_text,
};
use synk_screen::{Screen, Told};
use tokio::time::Instant;

use super::{ECHO, upkeep::now_millis};
use draft::Draft;
use report::Report;

/// Signals are sent no more often than this.
const SPACING: Duration = Duration::from_millis(50);
/// A program that has put nothing out for so long is quiet.
const QUIET: Duration = Duration::from_millis(1500);
/// When after an Enter is looked who has the terminal: not every shell marks that it runs a
/// command, and then this is the only sign.
const LOOK_AFTER_ENTER: [Duration; 3] =
    [Duration::from_millis(20), Duration::from_millis(100), Duration::from_millis(500)];
/// By how much what was noted may be later than the clock: much was typed in one millisecond.
const MAX_AHEAD_MS: u64 = 1000;
/// The longest path of a transcript, in bytes.
const MAX_PATH_BYTES: usize = 4096;

/// Notes what happens and says when that is to be told.
#[derive(Debug, Default)]
pub(super) struct Observer {
    signals: Signals,
    /// The newest moment that was noted.
    latest: u64,
    draft: Draft,
    /// How often the title was set, as far as was looked.
    titles_set: u64,
    /// When the program will have been quiet for long enough.
    quiet_at: Option<Instant>,
    /// The last Enter, and how often was looked since.
    enter: Option<(Instant, usize)>,
    sent_at: Option<Instant>,
    due: Option<Instant>,
}

impl Observer {
    /// Another program was started: nothing is known of it.
    pub(super) fn started(&mut self, now: Instant) {
        let revision = self.signals.revision + 1;
        self.signals = Signals { revision, ..Signals::default() };
        self.draft = Draft::default();
        self.quiet_at = None;
        self.changed(now);
    }

    /// The program put something out, and this is the screen now.
    pub(super) fn heard(&mut self, screen: &mut Screen, now: Instant) {
        self.catch_up(screen, now);
        self.quiet_at = Some(now + QUIET);
        if !self.signals.busy {
            self.signals.busy = true;
            self.signals.busy_at = Some(self.moment());
            self.changed(now);
        }
    }

    /// Notes what the screen was told, whoever told it.
    pub(super) fn catch_up(&mut self, screen: &mut Screen, now: Instant) {
        for told in screen.take_told() {
            match told {
                Told::Report(body) => self.report(&body, now),
                Told::Shell(body) => self.mark(&body, now),
                Told::Reset => {
                    self.signals.reports.clear();
                    self.revised(now);
                }
            }
        }
        self.look(screen, now);
    }

    /// Now: milliseconds since 1970, and not before what was noted.
    fn moment(&mut self) -> u64 {
        let now = now_millis();
        // The clock may have been put back.
        if self.latest > now + MAX_AHEAD_MS || self.latest < now {
            self.latest = now;
        }
        self.latest
    }

    /// Later than all that was noted, so that a key is told from the answer to what it answers.
    fn moment_of_typing(&mut self) -> u64 {
        let before = self.latest;
        if self.moment() == before {
            self.latest += 1;
        }
        self.latest
    }

    fn look(&mut self, screen: &mut Screen, now: Instant) {
        let pastes = screen.bracketed_paste();
        if pastes != self.signals.bracketed_paste {
            self.signals.bracketed_paste = pastes;
            self.signals.bracketed_paste_at = Some(self.moment());
            self.revised(now);
        }
        let alternate = screen.alternate_screen();
        if alternate != self.signals.alternate_screen {
            self.signals.alternate_screen = alternate;
            self.revised(now);
        }
        if screen.take_bell() {
            self.signals.bell_at = Some(self.moment());
            self.changed(now);
        }
        let title = screen.title().map(|title| plain_text(title, MAX_SIGNAL_CHARS));
        if title != self.signals.title || screen.titles_set() != self.titles_set {
            self.titles_set = screen.titles_set();
            self.signals.title = title;
            self.signals.title_at = Some(self.moment());
            self.changed(now);
        }
    }

    fn report(&mut self, body: &[u8], now: Instant) {
        match report::read(body, self.moment()) {
            Some(Report::Clear { id }) => self.signals.reports.retain(|known| known.id != id),
            Some(Report::Status(report)) => {
                let reports = &mut self.signals.reports;
                let known = reports.iter().position(|known| known.id == report.id);
                let before = known.map(|index| reports.remove(index).state);
                if reports.len() == MAX_PROGRAM_REPORTS {
                    reports.remove(0);
                }
                // Its parts have no composer, and it may say again and again that it works.
                let begins = report.id.is_empty()
                    && report.state == "working"
                    && !matches!(before.as_deref(), Some("working" | "blocked"));
                reports.push(report);
                if begins && !self.is_at_prompt() {
                    self.begins_to_work();
                }
            }
            None => return,
        }
        self.revised(now);
    }

    /// The program takes what stands in its composer, unless it was typed after the Enter that
    /// it works on, or by Synk without Enter.
    fn begins_to_work(&mut self) {
        if !std::mem::take(&mut self.draft.entered) && !self.signals.prompt_unsent {
            self.forget_draft();
        }
    }

    /// A mark of the shell: `A` before its prompt, `B` after it, `C` before a command's
    /// output, `D` and the exit code after it. `A` and `D` may stand in the prompt itself, which
    /// a shell draws again when its terminal gets another size, and at some keys: without Enter
    /// it is the same prompt, and what was typed stands there.
    fn mark(&mut self, body: &[u8], now: Instant) {
        let mut words = body.split(|byte| *byte == b';');
        let is_drawn_again = self.is_at_prompt() && !self.draft.entered;
        let before = self.signals.shell.take();
        let exit_code = before.as_ref().and_then(|mark| mark.exit_code);
        let at = self.moment();
        self.signals.shell = match words.next() {
            Some(b"A") => {
                // A program that says it works, and has given the terminal back, is gone.
                self.signals
                    .reports
                    .retain(|known| !matches!(known.state.as_str(), "working" | "blocked"));
                if !is_drawn_again {
                    self.forget_draft();
                }
                let at = match &before {
                    Some(mark) if mark.place == ShellPlace::Prompt => mark.at,
                    _ => at,
                };
                Some(ShellMark { place: ShellPlace::Prompt, exit_code, at })
            }
            Some(b"C") => {
                // Whoever reported on itself before has given the terminal back, or was killed and
                // could not say so.
                self.signals.reports.clear();
                Some(ShellMark { place: ShellPlace::Command, exit_code: None, at })
            }
            Some(b"D") if !is_drawn_again => {
                let code = words.next().and_then(|code| std::str::from_utf8(code).ok());
                let exit_code = code.and_then(|code| code.parse().ok());
                // The prompt is yet to come, and until then nothing can be typed to it.
                Some(ShellMark { place: ShellPlace::Command, exit_code, at })
            }
            _ => {
                self.signals.shell = before;
                return;
            }
        };
        self.revised(now);
    }

    fn is_at_prompt(&self) -> bool {
        self.signals.shell.as_ref().is_some_and(|mark| mark.place == ShellPlace::Prompt)
    }

    /// Somebody typed.
    pub(super) fn typed(&mut self, bytes: &[u8], now: Instant) {
        let before = self.draft;
        if !self.draft.typed(bytes, self.is_at_prompt()) {
            return;
        }
        let is_dialog = self.signals.reports.iter().any(|report| report.state == "blocked");
        if is_dialog && !self.is_at_prompt() {
            // It answers that, and the composer behind it has what it had.
            self.draft.back_to(before);
        }
        self.signals.draft = self.draft.is_there();
        self.signals.prompt_unsent &= self.signals.draft;
        self.signals.typed_at = Some(self.moment_of_typing());
        self.note_enter(bytes, now);
        self.revised(now + ECHO);
    }

    /// What Synk itself typed stands in the program's composer until Enter.
    pub(super) fn typed_prompt(&mut self, text: &str, now: Instant) -> u64 {
        self.draft.typed(text.as_bytes(), self.is_at_prompt());
        self.signals.draft = self.draft.is_there();
        self.signals.prompt_unsent = self.signals.draft;
        self.note_enter(text.as_bytes(), now);
        self.revised(now);
        self.signals.revision
    }

    /// The program takes what stood in its composer, or begins with an empty one.
    fn forget_draft(&mut self) {
        self.draft = Draft::default();
        self.signals.draft = false;
        self.signals.prompt_unsent = false;
    }

    /// An agent's hook was called. Its words are as untrusted as its output.
    pub(super) fn hook(&mut self, report: HookReport, now: Instant) {
        let plain = |text: &str| plain_text(text, MAX_SIGNAL_CHARS);
        let before = self.signals.hook.take();
        let known = |of: fn(HookReport) -> Option<String>| before.clone().and_then(of);
        self.signals.hook = Some(HookReport {
            event: plain(&report.event),
            subject: report.subject.as_deref().map(plain),
            message: report.message.as_deref().map(plain),
            conversation: report
                .conversation
                .as_deref()
                .map(plain)
                .or_else(|| known(|hook| hook.conversation)),
            transcript: report
                .transcript
                .filter(|path| path.len() <= MAX_PATH_BYTES)
                .or_else(|| known(|hook| hook.transcript)),
            at: self.moment(),
        });
        self.revised(now);
    }

    fn note_enter(&mut self, bytes: &[u8], now: Instant) {
        if bytes.contains(&b'\r') {
            self.enter = Some((now, 0));
        }
    }

    /// When it is time to look who has the terminal.
    fn look_at(&self) -> Option<Instant> {
        let (enter, looked) = self.enter?;
        LOOK_AFTER_ENTER.get(looked).map(|after| enter + *after)
    }

    /// Whether it is time to look who has the terminal, which is then expected to be done.
    pub(super) fn is_to_look(&mut self, now: Instant) -> bool {
        let is_due = self.look_at().is_some_and(|at| at <= now);
        if let Some((_, looked)) = self.enter.as_mut().filter(|_| is_due) {
            *looked += 1;
        }
        is_due
    }

    /// Which process has the terminal; `own` says that it is the session's first.
    pub(super) fn foreground(&mut self, name: Option<String>, own: bool, now: Instant) {
        let name = name.map(|name| plain_text(&name, MAX_SIGNAL_CHARS));
        if name != self.signals.foreground {
            self.signals.foreground = name;
            self.changed(now);
        }
        if !own && self.is_at_prompt() {
            // It runs a command and did not say so.
            let at = self.moment();
            self.signals.shell =
                Some(ShellMark { place: ShellPlace::Command, exit_code: None, at });
            self.revised(now);
        }
    }

    /// Whether what somebody saw is still so.
    pub(super) fn is_as_expected(&self, expected: &Expected) -> bool {
        expected.revision == self.signals.revision
            && (expected.title.is_none() || expected.title == self.signals.title)
    }

    /// Something changed that says whether the program can be typed to, and that is to be told
    /// from then on.
    fn revised(&mut self, from: Instant) {
        self.signals.revision += 1;
        self.changed(from);
    }

    fn changed(&mut self, from: Instant) {
        let earliest = self.sent_at.map_or(from, |sent| sent + SPACING);
        let at = earliest.max(from);
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// When something is to be done by itself.
    pub(super) fn deadline(&self) -> Option<Instant> {
        [self.due, self.quiet_at, self.look_at()].into_iter().flatten().min()
    }

    /// Does what is due; answers whether the signals are to be told now.
    pub(super) fn on_deadline(&mut self, now: Instant) -> bool {
        if self.quiet_at.is_some_and(|at| at <= now) {
            self.quiet_at = None;
            self.signals.busy = false;
            self.signals.busy_at = Some(self.moment());
            self.changed(now);
        }
        let is_due = self.due.is_some_and(|at| at <= now);
        if is_due {
            self.due = None;
            self.sent_at = Some(now);
        }
        is_due
    }

    /// As they are told.
    pub(super) fn message(&self) -> ShimMessage {
        ShimMessage::Signals { signals: Box::new(self.signals.clone()) }
    }
}

#[cfg(test)]
mod tests;
