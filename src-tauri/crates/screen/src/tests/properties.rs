//! A snapshot loses nothing, a viewer that joins anywhere stays in step, and no output can
//! bring the model down.

use alacritty_terminal::grid::Dimensions as _;
use proptest::prelude::*;

use super::picture::Picture;
use super::streams::{Happening, anything, hostile, long_sequence, plain};
use crate::{Scope, Screen};

pub(super) const HISTORY: usize = 40;

pub(super) fn live(happenings: &[Happening], size: &mut (u16, u16)) -> Screen {
    let mut screen = Screen::new(size.0, size.1, HISTORY);
    for happening in happenings {
        match happening {
            Happening::Output(bytes) => screen.feed(bytes),
            Happening::Resize(cols, rows) => {
                *size = (*cols, *rows);
                screen.resize(*cols, *rows);
            }
        }
    }
    screen
}

proptest! {
    #[test]
    fn a_snapshot_brings_everything_across(happenings in anything(), first in (1_u16..60, 1_u16..20)) {
        let mut size = first;
        let mut screen = live(&happenings, &mut size);
        let before = Picture::of(&mut screen);
        let snapshot = screen.snapshot(Scope::Scrollback);
        prop_assert_eq!(Picture::of(&mut screen).difference(&before), None, "taking one changes nothing");

        let mut copy = Screen::new(size.0, size.1, HISTORY);
        copy.feed(&snapshot);
        prop_assert_eq!(Picture::of(&mut copy).difference(&before), None);
        prop_assert_eq!(copy.text(), screen.text());
        prop_assert!(copy.take_replies().is_empty(), "a snapshot asks nothing");
    }

    #[test]
    fn a_snapshot_overrides_whatever_was_there(
        happenings in anything(), others in anything(), size in (1_u16..60, 1_u16..20),
    ) {
        let mut size = size;
        let mut screen = live(&happenings, &mut size);
        let mut used = live(&others, &mut (20, 10));
        used.resize(size.0, size.1);
        // What a viewer shows is whole output; it is not cut inside a sequence.
        used.feed(b"\x18");
        used.flush_sync();
        // A link without a name would get another one in each terminal that it is held for.
        screen.flush_sync();
        used.feed(&screen.snapshot(Scope::Scrollback));
        prop_assert_eq!(Picture::of(&mut used).difference(&Picture::of(&mut screen)), None);
    }

    #[test]
    fn a_screen_snapshot_brings_the_screen_across(happenings in anything(), first in (1_u16..60, 1_u16..20)) {
        let mut size = first;
        let mut screen = live(&happenings, &mut size);
        let mut expected = Picture::of(&mut screen);
        let mut copy = Screen::new(size.0, size.1, HISTORY);
        copy.feed(b"the viewer's own history");
        copy.feed("\r\n".repeat(usize::from(size.1) + 3).as_bytes());
        let history = copy.model.term.grid().history_size();
        copy.feed(&screen.snapshot(Scope::Screen));
        let mut shown = Picture::of(&mut copy);
        if expected.primary.is_none() {
            prop_assert_eq!(copy.model.term.grid().history_size(), history);
        }
        expected.canvas = expected.canvas.without_history();
        shown.canvas = shown.canvas.without_history();
        expected.primary = expected.primary.map(super::picture::Canvas::without_history);
        shown.primary = shown.primary.map(super::picture::Canvas::without_history);
        prop_assert_eq!(shown.difference(&expected), None);
    }

    #[test]
    fn a_viewer_that_joins_anywhere_stays_in_step(
        stream in plain(), cut in any::<prop::sample::Index>(), size in (2_u16..60, 1_u16..20),
    ) {
        let (before, after) = stream.split_at(cut.index(stream.len()));
        let mut screen = Screen::new(size.0, size.1, HISTORY);
        screen.feed(before);
        let mut viewer = Screen::new(size.0, size.1, HISTORY);
        viewer.feed(&screen.snapshot(Scope::Scrollback));
        viewer.feed(after);
        screen.feed(after);
        prop_assert_eq!(viewer.text(), screen.text());
        prop_assert_eq!(Picture::of(&mut viewer).difference(&Picture::of(&mut screen)), None);
    }

    /// Of a sequence that is longer than any that means something, too.
    #[test]
    fn a_viewer_that_joins_in_a_long_sequence_stays_in_step(
        (sequence, cut) in long_sequence(), size in (2_u16..60, 1_u16..20),
    ) {
        let (before, after) = sequence.split_at(cut);
        let mut screen = Screen::new(size.0, size.1, HISTORY);
        screen.feed(b"\x1b[31mone\r\ntwo\r\nthree\x1b[1;2H");
        screen.feed(before);
        let mut viewer = Screen::new(size.0, size.1, HISTORY);
        viewer.feed(&screen.snapshot(Scope::Scrollback));
        for terminal in [&mut screen, &mut viewer] {
            terminal.take_replies();
            terminal.feed(after);
            terminal.feed(b"x");
        }
        prop_assert_eq!(viewer.take_replies(), screen.take_replies());
        prop_assert_eq!(viewer.text(), screen.text());
        prop_assert_eq!(Picture::of(&mut viewer).difference(&Picture::of(&mut screen)), None);
    }

    #[test]
    fn nothing_brings_it_down(
        pieces in prop::collection::vec((hostile(), 1_u16..300, 1_u16..100), 1..6),
        history in 0_usize..50,
    ) {
        let mut screen = Screen::new(pieces[0].1, pieces[0].2, history);
        for (bytes, cols, rows) in &pieces {
            screen.feed(bytes);
            screen.resize(*cols, *rows);
            screen.feed(bytes);
            screen.flush_sync();
            let snapshot = screen.snapshot(Scope::Scrollback);
            let mut copy = Screen::new(*cols, *rows, history);
            copy.feed(&snapshot);
            prop_assert_eq!(Picture::of(&mut copy).difference(&Picture::of(&mut screen)), None);
            prop_assert_eq!(copy.text(), screen.text());
            screen.take_replies();
        }
    }
}
