//! What is noted of a program, and when that is told.

use super::*;

/// What is known after a program has put this out.
fn after(output: &str) -> Signals {
    after_turns(&[(output, "")])
}

/// The same, where somebody types something after each output.
fn after_turns(turns: &[(&str, &str)]) -> Signals {
    let (mut observer, mut screen) = (Observer::default(), Screen::new(80, 24, 0));
    for (output, typed) in turns {
        screen.feed(output.as_bytes());
        observer.heard(&mut screen, Instant::now());
        observer.typed(typed.as_bytes(), Instant::now());
    }
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
    let after_failure = place("\x1b]133;D;3\x07\x1b]133;A;cl=m\x07");
    assert_eq!(after_failure, Some((ShellPlace::Prompt, Some(3))));
    assert_eq!(place("\x1b]133;Z\x07"), None);
}

#[test]
fn what_stands_in_a_composer_stands_there_until_it_is_sent() {
    let (idle, working) = ("\x1b]7501;state=idle\x07", "\x1b]7501;state=working\x07");
    let (done, blocked) = ("\x1b]7501;state=done\x07", "\x1b]7501;state=blocked\x07");
    let (clear, part) = ("\x1b]7501;state=clear\x07", "\x1b]7501;state=working:id=a\x07");
    let cases: &[(&[(&str, &str)], bool)] = &[
        // That it works may be said again, and by its parts as well.
        (&[(working, "half"), (working, ""), (done, "")], true),
        (&[(idle, "half"), (part, "")], true),
        // By a key that nobody knows; and what was typed after Enter.
        (&[(idle, "sent"), (working, "")], false),
        (&[(idle, "sent\rhalf"), (working, "")], true),
        // Ctrl-J adds a line to an agent's composer.
        (&[(idle, "half\n")], true),
        // What is typed into a dialog is no draft, and the draft behind it stays.
        (&[(working, ""), (blocked, "y"), (working, ""), (done, "")], false),
        (&[(working, "half"), (blocked, "y"), (working, ""), (done, "")], true),
        (&[(working, "half"), (blocked, "\r"), (working, ""), (done, "")], true),
        (&[(blocked, "1"), (clear, ""), (idle, "")], false),
    ];
    for (turns, is_draft) in cases {
        assert_eq!(after_turns(turns).draft, *is_draft, "{turns:?}");
    }
}

#[test]
fn what_came_first_can_be_told_however_fast_it_went() {
    let (mut observer, mut screen) = (Observer::default(), Screen::new(80, 24, 0));
    let mut last = 0;
    for _ in 0..100 {
        screen.feed(b"\x1b]7501;state=idle\x07\x1b]0;title\x07");
        observer.heard(&mut screen, Instant::now());
        let told = (observer.signals.reports[0].at, observer.signals.title_at.unwrap());
        assert!(told.0 >= last && told.1 >= last, "what answers a key is not before it");
        observer.typed(b"a", Instant::now());
        last = observer.signals.typed_at.unwrap();
        assert!(last > told.0 && last > told.1, "a key is after what it answers");
    }
    observer.latest += 3_600_000;
    observer.typed(b"a", Instant::now());
    assert!(observer.signals.typed_at.unwrap() < last + 60_000, "the clock was put back");
}

#[test]
fn a_prompt_that_is_drawn_again_is_the_same_prompt() {
    let (mut observer, mut screen) = (Observer::default(), Screen::new(80, 24, 0));
    let mut draw = |observer: &mut Observer| {
        screen.feed(b"\x1b]133;D;0\x07\x1b]133;A\x07$ \x1b]133;B\x07");
        observer.heard(&mut screen, Instant::now());
    };
    draw(&mut observer);
    let mark = ShellMark { place: ShellPlace::Prompt, exit_code: Some(0), at: 1 };
    observer.signals.shell = Some(mark.clone());
    for typed in ["echo half", "\x1b[200~two\rlines\x1b[201~"] {
        observer.typed(typed.as_bytes(), Instant::now());
        draw(&mut observer);
        assert!(observer.signals.draft, "{typed:?}");
        assert_eq!(observer.signals.shell.as_ref(), Some(&mark), "{typed:?}");
    }
    observer.typed(b"\rahead", Instant::now());
    draw(&mut observer);
    assert!(!observer.signals.draft, "nobody knows who read it");
    assert_ne!(observer.signals.shell, Some(mark), "it is another prompt");
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
