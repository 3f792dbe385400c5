//! A snapshot brings a fresh xterm.js, and a second model, to the same screen: every cell,
//! every mode, and what can only be seen by writing on.

use alacritty_terminal::grid::Dimensions as _;
use proptest::prelude::*;
use proptest::sample::select;

use super::describe::describe;
use super::picture::Picture;
use super::properties::{HISTORY, live};
use super::streams::{Happening, anything, hostile};
use super::xterm::{Xterm, difference};
use crate::{Scope, Screen};

/// Output that shows what no description can: the saved cursor, margins, tabs, character
/// sets, and what waits below the alternate screen. It writes on an erased screen, and where
/// xterm.js keeps less with a cursor than the model does, with a pen that both keep.
const PROBES: &[&str] = &[
    "wrapped?",
    "\x1b[Hz\x1b[m\u{301}x",
    "\x1b8\x1b[24m\x1b]8;;\x07saved lqk",
    "\x1b8\x1b[24m\x1b]8;;\x07\x1b[K\x1b[Hx\x1b8\x1b[24m\x1b]8;;\x07y",
    "\r\tA\tB\tC\tD\tE",
    "\x1b[9;999H\x1b[Z^",
    "\x1b[m\x1b]8;;\x07\x1b[999;1H\n\n\nscrolled",
    "\x1b[m\x1b]8;;\x07\x1b[H\x1bM\x1bMscrolled back",
    "\x1b[m\x1b[2;2Hinserted\x1b[2;2Hbefore",
    "\x1b[m\x1b[1;5Hlqk\x0elqk\x0flqk",
    "\x1b[3;3Hup\ndown\r\nleft",
    "\x1b[?6l\x1b[2;2Hwithout origin",
    "\x1b[?1049l\x1b[2J\x1b[24m\x1b]8;;\x07back lqk",
    "\x1b[?1049l\x1b[2J\x1b[m\x1b]8;;\x07\x1b[999;1H\n\nscrolled\x1b[1;1H\tA\tB",
    "\x1b[?1049h\x1b[r\x1b[3g\x1b[24m\x1b]8;;\x07alternate",
    "\x1b[4mlined\x1b[K",
    "\x1b[?7h\x1b[4l0123456789012345678901234567890123456789",
    "\x1b[!p\x1b]8;;\x07\x1b[Hreset\x1b8saved",
];

/// Compares all three after a snapshot of `screen`, and once more after `probe`.
pub(super) fn compare(screen: &mut Screen, probe: &[u8]) -> Result<(), String> {
    let term = &screen.model.term;
    let size =
        (u16::try_from(term.columns()).unwrap(), u16::try_from(term.screen_lines()).unwrap());
    // What an open synchronized update holds back is a program's output, not the snapshot's.
    screen.flush_sync();
    let snapshot = screen.snapshot(Scope::Scrollback);
    // An unfinished sequence would swallow the probe, and with the last character of a link
    // xterm.js forgets where it leads.
    let probe = [b"\x07\x18\x1b]8;;\x07\x1b[2J", probe].concat();
    let parts = [&snapshot[..], &probe];
    let shown = Xterm::shared().show(size, HISTORY, &parts);

    let mut copy = Screen::new(size.0, size.1, HISTORY);
    copy.feed(&snapshot);
    let picture = Picture::of(screen);
    if let Some(difference) = Picture::of(&mut copy).difference(&picture) {
        return Err(format!("a second model: {difference}"));
    }
    let expected = describe(screen);
    if let Some(difference) = difference(&expected, &shown[0]) {
        return Err(format!("xterm.js: {difference}\n{}", snapshot.escape_ascii()));
    }
    for terminal in [&mut *screen, &mut copy] {
        terminal.feed(&probe);
        terminal.flush_sync();
        // The two mark lines as wrapped by different rules when they wrap below the margins.
        let [held, shown] = [&describe(terminal), &shown[1]].map(|text| text.replace("\n+", "\n "));
        if let Some(difference) = difference(&held, &shown) {
            return Err(format!("probe {:?}: {difference}", probe.escape_ascii().to_string()));
        }
    }
    Ok(())
}

/// The facts of a description and the rows that are on the screen, without what a snapshot of
/// the screen alone leaves as it was: history, and what is only told when it is there.
fn on_screen(description: &str, rows: usize) -> Vec<&str> {
    let active = description.split("\nunder it").next().unwrap();
    let lines: Vec<&str> = active.lines().collect();
    let (facts, cells) = lines.split_at(lines.len() - rows);
    let kept = ["history", "title", "directory", "colours"];
    let facts = facts.iter().filter(|fact| !fact.starts_with([' ', '+']));
    facts
        .filter(|fact| !kept.iter().any(|name| fact.starts_with(name)))
        .copied()
        // Whether the first row continues the history is the viewer's own business.
        .chain(cells.iter().enumerate().map(|(row, line)| if row == 0 { &line[1..] } else { line }))
        .collect()
}

proptest! {
    #[test]
    fn xterm_shows_what_the_model_holds(
        happenings in anything(), first in (2_u16..60, 1_u16..20), probe in select(PROBES),
    ) {
        let mut screen = live(&happenings, &mut first.clone());
        if let Err(difference) = compare(&mut screen, probe.as_bytes()) {
            return Err(TestCaseError::fail(difference));
        }
    }

    #[test]
    fn xterm_shows_what_random_bytes_left(bytes in hostile(), size in (2_u16..60, 1_u16..20)) {
        let mut screen = Screen::new(size.0, size.1, HISTORY);
        screen.feed(&bytes);
        // Half a character that is broken off is a mark to one and nothing to the other.
        screen.feed(b"\x18");
        if let Err(difference) = compare(&mut screen, b"\x1b[m\x1b[Hx") {
            return Err(TestCaseError::fail(difference));
        }
    }

    /// A snapshot of the screen alone, over whatever another program left in the viewer.
    #[test]
    fn xterm_shows_the_screen_over_anything(
        happenings in anything(), junk in anything(), size in (2_u16..60, 1_u16..20),
    ) {
        let mut screen = live(&happenings, &mut size.clone());
        screen.flush_sync();
        screen.resize(size.0, size.1);
        // As any output is when a snapshot follows: not cut inside a sequence.
        let mut left: Vec<u8> = junk.iter().flat_map(|happening| match happening {
            Happening::Output(bytes) => bytes.clone(),
            Happening::Resize(..) => Vec::new(),
        }).collect();
        left.extend_from_slice(b"\x07\x18\x1b[?45h\x1b[5;53m\x1b[1\"q\x1bn");
        let snapshot = screen.snapshot(Scope::Screen);
        let shown = Xterm::shared().show(size, HISTORY, &[&left, &snapshot]);
        // Some output of programs is more than xterm.js can take: erasing up to the cursor, say,
        // with that in the last column of the alternate screen's last row.
        prop_assume!(!shown[0].starts_with("xterm.js failed"));
        let expected = describe(&mut screen);
        let rows = usize::from(size.1);
        prop_assert_eq!(on_screen(&shown[1], rows), on_screen(&expected, rows));
    }
}

/// xterm.js takes a synchronized update as it comes, and draws when it ends.
#[test]
fn xterm_holds_an_open_update_back() {
    let size = (20, 3);
    let mut screen = Screen::new(size.0, size.1, HISTORY);
    screen.feed(b"old\x1b[?2026h\rnew");
    let snapshot = screen.snapshot(Scope::Scrollback);
    let parts: [&[u8]; 2] = [&snapshot, b"er\x1b[?2026l"];
    let shown = Xterm::shared().show(size, HISTORY, &parts);
    assert!(shown[0].contains("\nholds back true\n"));
    assert!(shown[1].contains("\nholds back false\n"));
    screen.feed(parts[1]);
    assert_eq!(difference(&describe(&mut screen), &shown[1]), None);
}

/// It goes on with a sequence of which it was given the beginning in fewer bytes.
#[test]
fn xterm_goes_on_with_a_long_sequence() {
    let size = (20, 3);
    for (filling, end) in [("1", "Cx"), ("0", "31mx"), ("$", "mx"), ("?", "mx")] {
        let mut screen = Screen::new(size.0, size.1, HISTORY);
        screen.feed(format!("old\x1b[{}", filling.repeat(10_000)).as_bytes());
        let snapshot = screen.snapshot(Scope::Scrollback);
        let shown = Xterm::shared().show(size, HISTORY, &[&snapshot, end.as_bytes()]);
        screen.feed(end.as_bytes());
        assert_eq!(difference(&describe(&mut screen), &shown[1]), None, "{filling:?}");
    }
}
