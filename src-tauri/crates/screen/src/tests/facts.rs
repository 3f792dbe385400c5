//! Single facts, each with its reason to be written down.

use super::picture::Picture;
use crate::{Scope, Screen};

fn fed(cols: u16, rows: u16, bytes: impl AsRef<[u8]>) -> Screen {
    let mut screen = Screen::new(cols, rows, 100);
    screen.feed(bytes.as_ref());
    screen
}

#[test]
fn text_is_what_is_seen() {
    for (bytes, expected) in [
        ("", ""),
        ("hello \x1b[31mred\x1b[m\r\n\r\nx  ", "hello red\n\nx"),
        ("\r\n\r\nlow", "\n\nlow"),
        ("0123456789abc", "0123456789\nabc"),
        ("漢字e\u{301}\t|", "漢字e\u{301}   |"),
        ("one\r\ntwo\x1b[?1049h\x1b[Hfull", "full"),
        ("a\r\nb\r\nc\r\nd\r\ne", "b\nc\nd\ne"),
    ] {
        assert_eq!(fed(10, 4, bytes).text(), expected, "{bytes:?}");
    }
}

#[test]
fn cells_are_equal_where_they_look_alike() {
    let cells = fed(4, 2, "\x1b[1;31ma b\x1b[4m ").cells();
    assert_eq!(cells[..4], [&b"\x1b[1;31ma"[..], b" ", b"\x1b[1;31mb", b"\x1b[1;4;31m "]);
    assert_eq!(fed(4, 2, "漢").cells()[..3], ["漢".as_bytes(), b"", b" "]);
    assert_eq!(fed(4, 2, "\x1b[31m\x1b[2J").cells(), fed(4, 2, "").cells());
    assert_ne!(fed(4, 2, "\x1b[41m\x1b[2J").cells(), fed(4, 2, "").cells());
}

#[test]
fn every_fact_survives_a_snapshot() {
    for bytes in [
        // Looks.
        "\x1b[1;2;3;4;7;8;9mall\x1b[m none \x1b[4:3;58:2::1:2:3mcurl\x1b[4:5;58:5:9mdash",
        "\x1b[31;42mnamed\x1b[91;102mbright\x1b[38;5;200;48;5;17mindexed\x1b[38;2;1;2;3mtrue",
        // Erased with a colour, to the end of the line and of the screen.
        "\x1b[44mblue\x1b[K\r\n\x1b[Jx\x1b[m",
        // A wrapped line that begins with a colour while the screen scrolls.
        "\r\n\r\n\r\n0123456789\x1b[41m0123456789\x1b[42mred\r\n",
        // Wide characters at the margin, and halves.
        "012345678漢字\x1b[1;1H字\x1b[1;2Hx",
        "e\u{301}\u{302}漢\u{300}\x1b[1;5H\u{301}",
        // Links, with and without a name.
        "\x1b]8;id=a;http://a.example/?x;y\x07one\x1b]8;;http://b.example\x07two",
        // The cursor waits behind the last column.
        "0123456789",
        "\x1b[7m012345678漢",
        "0123456789\x1b7\x1b[2;2Hx\x1b8",
        // Margins, origin, insertion, tabs, character sets.
        "\x1b[2;3r\x1b[?6h\x1b[2;4Hx",
        "\x1b[2;3r\x1b[4;4H\x1b7\x1b[?6h\x1b8",
        "\x1b[4h\x1b[3g\x1b[1;4H\x1bH\x1b[1;8H\x1bH",
        "\x1b(0lqk\x1b)0\x0ex",
        // Modes and cursor style.
        "\x1b[?1;25;1002;1004;1006;2004h\x1b=\x1b[?7l\x1b[?25l\x1b[5 q",
        "\x1b]0;title\x07\x1b]4;3;#abcdef\x07\x1b]10;#010203\x07",
        // A full screen program over a shell with history, entered with a pen and a place.
        "a\r\nb\r\nc\r\nd\r\ne\r\n\x1b[31;44m$ vi\x1b[?1049h\x1b[m\x1b[2J\x1b[1;1Hfull\x1b[4;1Hbar",
        "\x1b(0\x1b[?1049hx\x1b(B",
        // A cell that has its fill of combining characters beside one that has some.
        "e\u{301}\ra\u{301}\x1b[20b\r\nx",
        // A cursor that waits to wrap while the rows move away under it.
        "0123456789abc\x1b[1;10Hx\x1b[T",
        "0123456789abcdefghij\x1b[T",
        // In the alternate screen, with margins, tabs and a character set of the primary's.
        "a\x1b[3g\x1b[2;3r\x1b)0\x0e\x1b[?1049hb\x1b[2;2H\x1b7",
        // The mouse in pixels, presses alone, and a cursor that blinks.
        "\x1b[?1003;1016h\x1b[?12h",
        "\x1b[?9;1006h\x1b]7;file:///tmp/project\x07",
    ] {
        let mut screen = fed(10, 4, bytes);
        let mut copy = fed(10, 4, screen.snapshot(Scope::Scrollback));
        assert_eq!(Picture::of(&mut copy).difference(&Picture::of(&mut screen)), None, "{bytes:?}");
    }
}

#[test]
fn a_wrapped_line_can_be_wrapped_anew_by_the_viewer() {
    let mut screen = fed(10, 4, "0123456789abcdef\r\nnext");
    let mut copy = fed(10, 4, screen.snapshot(Scope::Scrollback));
    copy.resize(20, 4);
    assert_eq!(copy.text(), "0123456789abcdef\nnext");
}

#[test]
fn a_screen_snapshot_clears_no_history() {
    let mut screen = fed(10, 4, "one\r\ntwo\x1b[?1049hfull");
    let snapshot = String::from_utf8(screen.snapshot(Scope::Screen)).unwrap();
    assert!(!snapshot.contains("\x1bc") && !snapshot.contains("\x1b[3J"));
    assert!(String::from_utf8(screen.snapshot(Scope::Scrollback)).unwrap().starts_with("\x1bc"));
}

#[test]
fn leaving_the_alternate_screen_after_a_snapshot_shows_the_shell() {
    let mut screen = fed(20, 4, "$ one\r\n$ vi\x1b[?1049h\x1b[2Jfull");
    let mut copy = fed(20, 4, screen.snapshot(Scope::Scrollback));
    copy.feed(b"\x1b[?1049l\r\n$ two");
    assert_eq!(copy.text(), "$ one\n$ vi\n$ two");
}

#[test]
fn an_open_synchronized_update_is_never_shown_in_part() {
    let mut screen = fed(20, 2, "old\x1b[?2026h\rnew");
    assert_eq!(screen.text(), "old");
    assert!(screen.sync_deadline().is_some());
    let mut copy = fed(20, 2, screen.snapshot(Scope::Scrollback));
    assert_eq!(copy.text(), "old", "the viewer holds back what the model holds back");
    assert!(screen.sync_deadline().is_some(), "taking a snapshot changes nothing");
    screen.feed(b"er\x1b[?2026l");
    copy.feed(b"er\x1b[?2026l");
    assert_eq!((screen.text(), copy.text()), ("newer".into(), "newer".into()));
    assert!(screen.held.is_empty() && screen.held.capacity() == 0);

    // One update after the other, cut anywhere.
    let stream =
        b"a\x1b[?2026hb\x1b[31m\x1b[?2026hc\x1b[?2026l\x1b[?2026hd\x1b[?2026le\x1b[?2026hf";
    for size in 1..stream.len() {
        for cut in 0..stream.len() {
            let mut screen = Screen::new(20, 2, 10);
            stream[..cut].chunks(size).for_each(|chunk| screen.feed(chunk));
            let mut copy = fed(20, 2, screen.snapshot(Scope::Scrollback));
            assert_eq!(copy.text(), screen.text(), "cut at {cut} in chunks of {size}");
            for terminal in [&mut screen, &mut copy] {
                terminal.feed(&stream[cut..]);
                terminal.flush_sync();
            }
            assert_eq!(Picture::of(&mut copy).difference(&Picture::of(&mut screen)), None);
        }
    }
}

#[test]
fn a_sequence_cut_by_the_snapshot_goes_on_behind_it() {
    for (before, after) in
        [("a\x1b[3", "1mb"), ("a\x1b]0;ti", "tle\x07b"), ("a\x1b", "[mb"), ("a\x1bPq#0", "\x1b\\b")]
    {
        let mut screen = fed(10, 2, before);
        let mut copy = fed(10, 2, screen.snapshot(Scope::Scrollback));
        screen.feed(after.as_bytes());
        copy.feed(after.as_bytes());
        assert_eq!(copy.text(), "ab", "{before:?}");
        assert_eq!(Picture::of(&mut copy).difference(&Picture::of(&mut screen)), None);
    }
    let (before, after) = "漢".as_bytes().split_at(1);
    let mut screen = fed(10, 2, before);
    let mut copy = fed(10, 2, screen.snapshot(Scope::Scrollback));
    copy.feed(after);
    assert_eq!(copy.text(), "漢");
}

/// Megabytes of one sequence, and a viewer that joins in the middle of them.
#[test]
fn an_endless_sequence_takes_no_room_and_goes_on_behind_the_snapshot() {
    for (opening, filling, end, expected) in [
        // As far to the right as it goes, and no further than it says.
        ("\x1b[", "1", "C", "a        b"),
        ("\x1b[", "0", "3C", "a   b"),
        // Nowhere, with more parameters or more of anything else than are taken.
        ("\x1b[", "1;", "C", "ab"),
        ("\x1b[3", ":1", "C", "ab"),
        ("\x1b[3", "$", "C", "ab"),
        ("\x1b[3", "$1", "C", "ab"),
        ("\x1b[?", ">", "C", "ab"),
        ("\x1b(", "(", "0", "ab"),
        ("\x1bP", "1;", "q#0\x1b\\", "ab"),
        ("\x1bP", "+", "q544e\x1b\\", "ab"),
    ] {
        let before = format!("a{opening}{}", filling.repeat((2 << 20) / filling.len()));
        let mut screen = fed(10, 2, &before);
        let snapshot = screen.snapshot(Scope::Scrollback);
        assert!(snapshot.len() < 4_000, "{opening:?} {filling:?}: {}", snapshot.len());
        let mut viewer = fed(10, 2, &snapshot);
        for terminal in [&mut screen, &mut viewer] {
            terminal.feed(format!("{filling}{end}b").as_bytes());
            assert_eq!(terminal.text(), expected, "{opening:?} {filling:?}");
            assert!(terminal.take_replies().is_empty());
        }
        assert_eq!(Picture::of(&mut viewer).difference(&Picture::of(&mut screen)), None);
    }
}

#[test]
fn what_could_grow_without_bound_does_not() {
    let mut screen = Screen::new(10, 2, 10);
    screen.feed(b"e");
    screen.feed("\u{301}".repeat(10_000).as_bytes());
    screen.feed("漢".as_bytes());
    screen.feed("\u{301}".repeat(10_000).as_bytes());
    for _ in 0..100 {
        screen.feed(format!("\x1b]0;{}\x07\x1b[22t", "t".repeat(20_000)).as_bytes());
    }
    screen.feed(format!("\x1b]8;;http://{}\x07x", "u".repeat(20_000)).as_bytes());
    assert!(screen.title().unwrap().len() <= 1024);
    assert!(screen.model.titles.len() <= 10);
    assert!(screen.snapshot(Scope::Scrollback).len() < 3_000);
    // A size no display has.
    let mut screen = Screen::new(u16::MAX, u16::MAX, 0);
    screen.resize(0, 0);
    screen.feed("漢".as_bytes());
    assert_eq!(screen.text(), "漢");
}

#[test]
fn what_a_program_says_beside_its_picture_is_told() {
    let mut screen = fed(10, 2, "\x1b]7;file:///tmp/my%20project\x1b\\\x1b]0;title\x07");
    assert_eq!(screen.current_dir(), Some(std::path::Path::new("/tmp/my project")));
    assert!(!screen.take_bell(), "the end of a title is no bell");
    screen.feed(b"\x07");
    assert!(screen.take_bell() && !screen.take_bell());
    screen.feed(b"\x1b]7;file://elsewhere.example.org/srv\x07");
    assert_eq!(screen.current_dir(), None);
    let copy = fed(10, 2, screen.snapshot(Scope::Scrollback));
    assert_eq!(copy.model.directory, screen.model.directory);
    screen.feed(b"\x1b]7;\x07");
    assert_eq!(screen.model.directory, None);
}

#[test]
fn titles_are_stacked_and_clean() {
    let mut screen = fed(10, 2, "\x1b]0;one\x07\x1b[22t\x1b]2;two;three\x07");
    assert_eq!(screen.title(), Some("two;three"));
    screen.feed(b"\x1b[23t");
    assert_eq!(screen.title(), Some("one"));
    screen.feed("\x1b]0;a\u{9c}b\x07".as_bytes());
    assert_eq!(screen.title(), Some("ab"));
    screen.feed(b"\x1bc");
    assert_eq!(screen.title(), None);
}

/// Coloured blanks that were wrapped by another width, and a wide character in front of the last
/// column that may not wrap: the cursor waits there, on a row that ran on.
#[test]
fn a_row_on_which_the_cursor_waits_does_not_run_on() {
    let mut screen = fed(28, 2, "\x1b[?7l\x1b[40m漢\x1b[4L");
    screen.resize(27, 2);
    screen.feed("漢".repeat(14).as_bytes());
    let mut copy = fed(27, 2, screen.snapshot(Scope::Scrollback));
    assert_eq!(Picture::of(&mut copy).difference(&Picture::of(&mut screen)), None);
}
