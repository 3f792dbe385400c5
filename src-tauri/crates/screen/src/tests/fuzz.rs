//! Random bytes and damaged recordings, with resizes and snapshots between: nothing fails,
//! and nothing that a program can make grow grows without bound.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::picture::Picture;
use super::properties::HISTORY;
use super::recordings::{self, Recording};
use super::streams::hostile;
use crate::model::{LINK_LIMIT, TITLE_LIMIT, TITLE_STACK_LIMIT};
use crate::scan::STRING_LIMIT;
use crate::{Scope, Screen};

/// Bytes of one recording that are taken at a time.
const PIECE: usize = 4000;
/// What the parser may hold back of a synchronized update, after which it gives up.
const SYNC_LIMIT: usize = 2 << 20;

/// One way to damage output.
#[derive(Clone, Debug)]
enum Damage {
    Flip(Index, u8),
    Cut(Index, Index),
    Double(Index, Index),
    /// Puts a part of another recording in.
    Splice(Index, Index, usize),
    Insert(Index, Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = any::<Index>;
    prop_oneof![
        4 => (place(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        2 => (place(), place()).prop_map(|(at, to)| Damage::Cut(at, to)),
        1 => (place(), place()).prop_map(|(at, to)| Damage::Double(at, to)),
        2 => (place(), place(), any::<usize>()).prop_map(|(at, from, which)| Damage::Splice(at, from, which)),
        2 => (place(), hostile()).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

fn damaged(recordings: &[Recording], bytes: &mut Vec<u8>, damage: &Damage) {
    if bytes.is_empty() {
        return;
    }
    let range = |at: &Index, to: &Index| {
        let (a, b) = (at.index(bytes.len()), to.index(bytes.len()));
        a.min(b)..a.max(b)
    };
    match damage {
        Damage::Flip(at, bit) => {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        Damage::Cut(at, to) => {
            bytes.drain(range(at, to));
        }
        Damage::Double(at, to) => {
            let range = range(at, to);
            let (end, copy) = (range.end, bytes[range].to_vec());
            bytes.splice(end..end, copy);
        }
        Damage::Splice(at, from, which) => {
            let other = &recordings[which % recordings.len()].bytes;
            let from = from.index(other.len());
            let part = other[from..(from + PIECE / 4).min(other.len())].to_vec();
            let at = at.index(bytes.len());
            bytes.splice(at..at, part);
        }
        Damage::Insert(at, part) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, part.iter().copied());
        }
    }
}

/// The bounds that hold whatever was fed.
fn assert_bounded(screen: &mut Screen, size: (u16, u16)) {
    let model = &screen.model;
    assert!(model.title.as_ref().is_none_or(|title| title.chars().count() <= TITLE_LIMIT));
    assert!(model.titles.len() <= TITLE_STACK_LIMIT);
    assert!(screen.scanner.unfinished().len() <= STRING_LIMIT + 64);
    assert!(screen.held.len() < SYNC_LIMIT);
    let cells = usize::from(size.0.max(2)) * (2 * usize::from(size.1) + HISTORY);
    // A cell has at most 16 combining characters, a full change of looks and a link.
    let most = cells * (16 * 4 + 80 + LINK_LIMIT) + 4 * STRING_LIMIT + screen.held.len();
    assert!(screen.snapshot(Scope::Scrollback).len() <= most);
}

proptest! {
    #[test]
    fn damaged_recordings_bring_nothing_down(
        which in any::<Index>(), from in any::<Index>(),
        damages in prop::collection::vec(damage(), 0..8),
        sizes in prop::collection::vec((1_u16..150, 1_u16..50), 1..4),
        chunk in select(vec![1_usize, 7, 64, 4096]),
    ) {
        let recordings = recordings::all();
        let recording = &recordings[which.index(recordings.len())];
        let from = from.index(recording.bytes.len());
        let to = (from + PIECE).min(recording.bytes.len());
        let mut bytes = recording.bytes[from..to].to_vec();
        for damage in &damages {
            damaged(recordings, &mut bytes, damage);
        }
        let mut screen = Screen::new(sizes[0].0, sizes[0].1, HISTORY);
        let part = (bytes.len() / sizes.len()).max(1);
        for (part, size) in bytes.chunks(part).zip(sizes.iter().cycle()) {
            screen.resize(size.0, size.1);
            part.chunks(chunk).for_each(|chunk| screen.feed(chunk));
            assert_bounded(&mut screen, *size);
            screen.flush_sync();
            let snapshot = screen.snapshot(Scope::Scrollback);
            let mut copy = Screen::new(size.0, size.1, HISTORY);
            copy.feed(&snapshot);
            prop_assert_eq!(Picture::of(&mut copy).difference(&Picture::of(&mut screen)), None);
            prop_assert!(screen.take_replies().len() <= 64 * part.len().max(64));
        }
    }
}

#[test]
fn what_is_said_over_and_over_takes_no_more_room() {
    let mut screen = Screen::new(80, 24, HISTORY);
    let long = "x".repeat(3 * STRING_LIMIT);
    for round in 0..50 {
        for said in [
            format!("\x1b]0;{long}\x07\x1b[22t"),
            format!("\x1b]7;file:///{long}\x07"),
            format!("\x1b]8;id={round};http://example.org/{long}\x07x\x1b]8;;\x07"),
            format!("\x1bP{long}\x1b\\\x1b_{long}\x1b\\\x1b^{long}\x1b\\\x1bX{long}\x1b\\"),
            "\x1b[>1u\x1b[=1;1u".repeat(1000),
            format!("\x1b]52;c;{long}\x07"),
        ] {
            screen.feed(said.as_bytes());
        }
    }
    // Held back until it is too much.
    screen.feed(b"\x1b[?2026h");
    for _ in 0..50 {
        screen.feed(long.as_bytes());
    }
    assert_bounded(&mut screen, (80, 24));
    assert!(screen.snapshot(Scope::Scrollback).len() < 2 * SYNC_LIMIT);
    screen.flush_sync();
    assert!(screen.snapshot(Scope::Scrollback).len() < 64 * 1024);
}
