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
/// The longest path of a transcript, in bytes.
const MAX_PATH_BYTES: usize = 4096;

/// Notes what happens and says when that is to be told.
#[derive(Debug, Default)]
pub(super) struct Observer {
    signals: Signals,
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
        self.quiet_at = Some(now + QUIET);
        if !self.signals.busy {
            self.signals.busy = true;
            self.signals.busy_at = Some(now_millis());
            self.changed(now);
        }
    }

    fn look(&mut self, screen: &mut Screen, now: Instant) {
        let pastes = screen.bracketed_paste();
        if pastes != self.signals.bracketed_paste {
            self.signals.bracketed_paste = pastes;
            self.signals.bracketed_paste_at = Some(now_millis());
            self.revised(now);
        }
        let alternate = screen.alternate_screen();
        if alternate != self.signals.alternate_screen {
            self.signals.alternate_screen = alternate;
            self.revised(now);
        }
        if screen.take_bell() {
            self.signals.bell_at = Some(now_millis());
            self.changed(now);
        }
        let title = screen.title().map(|title| plain_text(title, MAX_SIGNAL_CHARS));
        if title != self.signals.title || screen.titles_set() != self.titles_set {
            self.titles_set = screen.titles_set();
            self.signals.title = title;
            self.signals.title_at = Some(now_millis());
            self.changed(now);
        }
    }

    fn report(&mut self, body: &[u8], now: Instant) {
        match report::read(body, now_millis()) {
            Some(Report::Clear { id }) => self.signals.reports.retain(|known| known.id != id),
            Some(Report::Status(report)) => {
                // What Synk typed without Enter is not what it works on.
                if report.state == "working" && !self.signals.prompt_unsent {
                    self.forget_draft();
                }
                let reports = &mut self.signals.reports;
                reports.retain(|known| known.id != report.id);
                if reports.len() == MAX_PROGRAM_REPORTS {
                    reports.remove(0);
                }
                reports.push(report);
            }
            None => return,
        }
        self.revised(now);
    }

    /// A mark of the shell: `A` before its prompt, `B` after it, `C` before a command's
    /// output, `D` and the exit code after it.
    fn mark(&mut self, body: &[u8], now: Instant) {
        let mut words = body.split(|byte| *byte == b';');
        let before = self.signals.shell.take();
        let exit_code = before.as_ref().and_then(|mark| mark.exit_code);
        let at = now_millis();
        self.signals.shell = match words.next() {
            Some(b"A") => {
                // A program that says it works, and has given the terminal back, is gone.
                self.signals
                    .reports
                    .retain(|known| !matches!(known.state.as_str(), "working" | "blocked"));
                self.forget_draft();
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
            Some(b"D") => {
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

    /// Somebody typed.
    pub(super) fn typed(&mut self, bytes: &[u8], now: Instant) {
        if !self.draft.typed(bytes) {
            return;
        }
        self.signals.draft = self.draft.is_there();
        self.signals.prompt_unsent &= self.signals.draft;
        self.signals.typed_at = Some(now_millis());
        self.note_enter(bytes, now);
        self.revised(now + ECHO);
    }

    /// What Synk itself typed stands in the program's composer until Enter.
    pub(super) fn typed_prompt(&mut self, text: &str, now: Instant) -> u64 {
        self.draft.typed(text.as_bytes());
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
            at: now_millis(),
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
        if let Some(mark) = self.signals.shell.as_mut().filter(|_| !own)
            && mark.place == ShellPlace::Prompt
        {
            // It runs a command and did not say so.
            *mark = ShellMark { place: ShellPlace::Command, exit_code: None, at: now_millis() };
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
            self.signals.busy_at = Some(now_millis());
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
mod tests {
    use super::*;

    /// What is known after a program has put this out.
    fn after(output: &str) -> Signals {
        let (mut observer, mut screen) = (Observer::default(), Screen::new(80, 24, 0));
        screen.feed(output.as_bytes());
        observer.heard(&mut screen, Instant::now());
        observer.signals
    }

    #[test]
    fn the_newest_report_of_each_part_is_kept() {
        let signals = after(
            "\x1b]7501;state=working\x07\x1b]7501;state=idle:id=a\x07\
             \x1b]7501;state=blocked:kind=permission\x07\x1b]7501;state=clear:id=a\x07",
        );
        let states: Vec<_> = signals.reports.iter().map(|report| &*report.state).collect();
        assert_eq!(states, ["blocked"]);
        assert_eq!(signals.reports[0].kind.as_deref(), Some("permission"));
        let many: Vec<_> = (0..100).map(|id| format!("\x1b]7501;state=idle:id={id}\x07")).collect();
        assert_eq!(after(&many.concat()).reports.len(), MAX_PROGRAM_REPORTS);
    }

    #[test]
    fn a_prompt_and_a_reset_end_what_was_reported() {
        assert!(after("\x1b]7501;state=working\x07\x1b]133;A\x07").reports.is_empty());
        assert_eq!(after("\x1b]7501;state=idle\x07\x1b]133;A\x07").reports.len(), 1);
        assert!(after("\x1b]7501;state=idle\x07\x1bc").reports.is_empty());
        let killed = after("\x1b]7501;state=idle\x07\x1b]133;A\x07\x1b]133;C\x07");
        assert!(killed.reports.is_empty(), "another command has the terminal");
    }

    #[test]
    fn the_shells_marks_say_where_it_is() {
        let place = |output: &str| after(output).shell.map(|mark| (mark.place, mark.exit_code));
        assert_eq!(place("hello"), None);
        assert_eq!(place("\x1b]133;A\x07$ \x1b]133;B\x07"), Some((ShellPlace::Prompt, None)));
        assert_eq!(place("\x1b]133;A\x07\x1b]133;C\x07"), Some((ShellPlace::Command, None)));
        assert_eq!(place("\x1b]133;D;3\x07"), Some((ShellPlace::Command, Some(3))));
        assert_eq!(
            place("\x1b]133;D;3\x07\x1b]133;A;cl=m\x07"),
            Some((ShellPlace::Prompt, Some(3)))
        );
        assert_eq!(place("\x1b]133;Z\x07"), None);
    }

    #[test]
    fn what_matters_to_a_typist_counts_and_what_only_moves_does_not() {
        let revision = |output: &str| after(output).revision;
        assert_eq!(revision("text\x1b]0;title\x07"), 0);
        for output in ["\x1b]7501;state=idle\x07", "\x1b[?2004h", "\x1b[?1049h", "\x1b]133;A\x07"] {
            assert_eq!(revision(output), 1, "{output:?}");
        }
        let mut observer = Observer::default();
        observer.typed(b"a", Instant::now());
        assert!(!observer.is_as_expected(&Expected::default()));
        assert!(observer.is_as_expected(&Expected { revision: 1, title: None }));
        assert!(!observer.is_as_expected(&Expected { revision: 1, title: Some("x".to_owned()) }));
    }

    #[test]
    fn signals_are_told_at_once_and_then_with_a_pause() {
        let start = Instant::now();
        let mut observer = Observer::default();
        observer.started(start);
        assert!(observer.on_deadline(start));
        observer.started(start);
        assert_eq!(observer.deadline(), Some(start + SPACING));
        assert!(!observer.on_deadline(start) && observer.on_deadline(start + SPACING));
        let mut screen = Screen::new(80, 24, 0);
        observer.heard(&mut screen, start + SPACING);
        assert!(observer.signals.busy);
        observer.on_deadline(start + SPACING + QUIET);
        assert!(!observer.signals.busy);
    }

    #[test]
    fn an_echo_goes_before_the_news_that_somebody_typed() {
        let start = Instant::now();
        let mut observer = Observer::default();
        observer.typed(b"a", start);
        assert_eq!(observer.deadline(), Some(start + ECHO));
        observer.typed(b"b", start + ECHO / 2);
        assert_eq!(observer.deadline(), Some(start + ECHO), "who goes on typing delays nothing");
        observer.foreground(Some("vim".to_owned()), true, start);
        assert!(observer.on_deadline(start), "nor does it delay anything else");
    }
}
