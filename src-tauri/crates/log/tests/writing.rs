//! A log is written, broken off, found again and cut down, on a real disk.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
};
use synk_log::{
    Change, Event, Events, Origin, Size, Writer, oldest_closed, remove_oldest, screen_at, usage,
};

const SIZE: Size = Size { cols: 80, rows: 24 };
const MIB: u64 = 1 << 20;

fn events(dir: &Path, from: u64) -> Vec<(u64, u64, Event)> {
    let mut events = Events::from(dir, from);
    let mut found = Vec::new();
    while let Some(entry) = events.next().unwrap() {
        found.push((entry.offset, entry.at, entry.event));
    }
    found
}

fn output(dir: &Path) -> Vec<u8> {
    let bytes = events(dir, 0).into_iter().filter_map(|(_, _, event)| match event {
        Event::Output { bytes } => Some(bytes),
        _ => None,
    });
    bytes.flatten().collect()
}

fn text(text: &str) -> Event {
    Event::Output { bytes: text.as_bytes().to_vec() }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Writes `count` numbered lines, a segment's worth of snapshots included.
fn fill(log: &mut Writer, count: u64) {
    for n in 0..count {
        if log.take_due().is_some() {
            log.begin_segment(n, SIZE, b"\x1bcsnapshot");
        }
        log.append(n, format!("line {n:08}\r\n").repeat(64).as_bytes());
    }
}

#[test]
fn what_happened_comes_back_in_order_with_its_times() {
    let dir = tempfile::tempdir().unwrap();
    let wide = Size { cols: 100, rows: 30 };
    let mut log = Writer::open(dir.path(), SIZE, MIB, 1000).unwrap();
    log.started(1000, SIZE);
    log.append(1010, b"one ");
    log.append(1020, b"two ");
    log.append(1100, b"three ");
    log.resized(1150, wide);
    log.append(1160, b"four ");
    log.begin_segment(2000, wide, b"\x1bcsnapshot");
    log.append(2010, b"five");
    log.started(3000, SIZE);
    let begin = Event::Begin { size: SIZE, origin: Origin::Blank };
    assert_eq!(
        events(dir.path(), 0),
        [
            (0, 1000, begin),
            (0, 1000, Event::Start { size: SIZE }),
            (0, 1010, text("one two ")),
            (8, 1100, text("three ")),
            (14, 1150, Event::Resize { size: wide }),
            (14, 1160, text("four ")),
            (19, 2010, text("five")),
            (23, 3000, Event::Start { size: SIZE }),
        ]
    );
    assert_eq!(events(dir.path(), 10)[0], (10, 1100, text("ree ")));
    assert_eq!(
        events(dir.path(), 19)[0].2,
        Event::Begin { size: wide, origin: Origin::Snapshot(b"\x1bcsnapshot".to_vec()) }
    );
    assert_eq!(events(dir.path(), 99), [(23, 3000, Event::Start { size: SIZE })][1..]);
    for entry in fs::read_dir(dir.path()).unwrap().map(Result::unwrap) {
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_log_is_followed_across_segments_while_it_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Writer::open(dir.path(), SIZE, 64 * MIB, 0).unwrap();
    let mut reader = Events::from(dir.path(), 0);
    let mut seen = Vec::new();
    let mut written = Vec::new();
    for n in 0..2000_u64 {
        if n % 70 == 0 {
            log.begin_segment(n, SIZE, b"");
        }
        let line = format!("{n}\r\n");
        log.append(n, line.as_bytes());
        written.extend_from_slice(line.as_bytes());
        if n % 5 == 0 {
            while let Some(entry) = reader.next().unwrap() {
                match entry.event {
                    Event::Output { bytes } => seen.extend(bytes),
                    Event::Begin { .. } => assert_eq!(entry.offset, 0),
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(seen, written);
        }
    }
}

#[test]
fn a_cap_holds_with_all_that_belongs_to_it_and_can_be_changed() {
    for limit in [64 * 1024, MIB, 4 * MIB] {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Writer::open(dir.path(), SIZE, limit, 0).unwrap();
        fill(&mut log, 10_000);
        let used = usage(dir.path()).unwrap();
        assert!(used <= limit, "{used} of {limit}");
        assert!(used > limit / 2, "{used} of {limit}");
        let first = events(dir.path(), 0).remove(0);
        assert!(matches!(first.2, Event::Begin { origin: Origin::Snapshot(_), .. }));
        assert_eq!(first.0 + output(dir.path()).len() as u64, log.offset());
        log.set_limit(limit / 2);
        assert!(usage(dir.path()).unwrap() <= limit / 2);
        assert!(!screen_at(dir.path(), None, 10).unwrap().incomplete);
        assert!(screen_at(dir.path(), Some(0), 10).unwrap().incomplete, "it is gone");
    }
}

#[test]
fn a_cap_holds_for_the_times_of_single_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let limit = 64 * 1024;
    let mut log = Writer::open(dir.path(), SIZE, limit, 0).unwrap();
    for n in 0..10_000 {
        if log.take_due().is_some() {
            log.begin_segment(n * 100, SIZE, b"\x1bcsnapshot");
        }
        log.append(n * 100, b".");
    }
    let used = usage(dir.path()).unwrap();
    assert!(used <= limit, "{used} of {limit}");
    assert!(used > limit / 2, "{used} of {limit}");
    let first = events(dir.path(), 0).remove(0);
    assert_eq!(first.0 + output(dir.path()).len() as u64, log.offset());
}

#[test]
fn the_oldest_can_be_removed_under_writer_and_reader() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Writer::open(dir.path(), SIZE, 4 * MIB, 0).unwrap();
    fill(&mut log, 5000);
    let mut reader = Events::from(dir.path(), 0);
    reader.next().unwrap();
    let first = reader.next().unwrap().unwrap();
    assert!(oldest_closed(dir.path()).unwrap().is_some());
    let before = usage(dir.path()).unwrap();
    let freed = remove_oldest(dir.path(), 2 * MIB).unwrap();
    assert!(freed >= 2 * MIB);
    assert_eq!(usage(dir.path()).unwrap(), before - freed);
    let mut lost = 0;
    let mut read = 0;
    while let Some(entry) = reader.next().unwrap() {
        match entry.event {
            Event::Output { bytes } => read += bytes.len() as u64,
            Event::Gap { lost: bytes, why } => {
                assert_eq!(why, "the log's oldest part was removed");
                lost += bytes;
            }
            _ => {}
        }
    }
    assert!(lost > 0);
    let Event::Output { bytes } = first.event else { panic!("{first:?}") };
    assert_eq!(first.offset + bytes.len() as u64 + read + lost, log.offset());
    fill(&mut log, 5000);
    assert!(usage(dir.path()).unwrap() <= 4 * MIB);
    assert!(remove_oldest(dir.path(), u64::MAX).unwrap() > 0);
    assert_eq!(oldest_closed(dir.path()).unwrap(), None);
    assert!(dir.path().join("console.log").exists(), "what is being written stays");
    let gone = dir.path().join("gone");
    assert_eq!((usage(&gone).unwrap(), remove_oldest(&gone, 1).unwrap()), (0, 0));
    assert_eq!(oldest_closed(&gone).unwrap(), None);
}

#[test]
fn after_a_crash_it_goes_on_where_the_bytes_end() {
    let index = "console.00000000000000000000.index";
    let begun = || {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Writer::open(dir.path(), SIZE, MIB, 1000).unwrap();
        log.append(1000, b"0123456789");
        log.resized(1100, Size { cols: 90, rows: 25 });
        dir
    };
    let again = |dir: &Path| {
        let size = Size { cols: 90, rows: 25 };
        let mut log = Writer::open(dir, size, MIB, 5000).unwrap();
        let offset = log.offset();
        log.append(5000, b"more");
        assert_eq!(log.take_change(), None);
        drop(log);
        assert_eq!(screen_at(dir, None, 0).unwrap().offset, offset + 4);
        offset
    };

    let dir = begun();
    OpenOptions::new()
        .append(true)
        .open(dir.path().join(index))
        .unwrap()
        .write_all(b"t 1")
        .unwrap();
    assert_eq!(again(dir.path()), 10, "a torn line");
    let text = fs::read_to_string(dir.path().join(index)).unwrap();
    assert_eq!(text, "begin 0 1000 80 24 0\nt 0 0\nsize 10 100 90 25\nt 10 4000\n");

    let dir = begun();
    File::options().write(true).open(dir.path().join("console.log")).unwrap().set_len(4).unwrap();
    assert_eq!(again(dir.path()), 4, "bytes that never reached the disk");
    let text = fs::read_to_string(dir.path().join(index)).unwrap();
    assert_eq!(text, "begin 0 1000 80 24 0\nt 0 0\nsize 4 4000 90 25\nt 4 4000\n");

    let dir = begun();
    File::create(dir.path().join(index)).unwrap();
    assert_eq!(again(dir.path()), 10, "an index that never reached the disk");
    let text = fs::read_to_string(dir.path().join(index)).unwrap();
    assert_eq!(text, "begin 0 5000 90 25 0\n");

    let dir = begun();
    fs::remove_file(dir.path().join(index)).unwrap();
    assert_eq!(again(dir.path()), 10, "no index at all");

    // Between the moments at which one segment ends and the next begins.
    for (missing, left) in [
        (&["console.log"][..], "a next segment with an index and no log"),
        (&["console.log", "console.00000000000000000010.index"], "one with a snapshot only"),
        (
            &[
                "console.log",
                "console.00000000000000000010.index",
                "console.00000000000000000010.snapshot",
            ],
            "none",
        ),
    ] {
        let dir = begun();
        let mut log = Writer::open(dir.path(), SIZE, MIB, 2000).unwrap();
        log.begin_segment(2000, SIZE, b"\x1bcsnapshot");
        drop(log);
        for name in missing {
            fs::remove_file(dir.path().join(name)).unwrap();
        }
        assert_eq!(output(dir.path()), b"0123456789", "{left}");
        assert_eq!(again(dir.path()), 10, "{left}");
        assert_eq!(output(dir.path()), b"0123456789more", "{left}");
        assert!(!screen_at(dir.path(), None, 0).unwrap().incomplete, "{left}");
        assert_eq!(
            names(dir.path()),
            [
                "console.00000000000000000000.index",
                "console.00000000000000000000.log",
                "console.00000000000000000010.index",
                "console.log",
            ],
            "{left}"
        );
    }
}

#[test]
fn a_log_without_any_index_can_be_read_and_gone_on_with() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("console.log"), "from before there were any").unwrap();
    assert_eq!(output(dir.path()), b"from before there were any");
    let log = Writer::open(dir.path(), SIZE, MIB, 0).unwrap();
    assert_eq!(log.offset(), 26);
}

#[test]
fn a_log_that_is_not_there_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let error = screen_at(dir.path(), None, 0).err().unwrap();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    assert_eq!(events(&dir.path().join("gone"), 0), []);
    assert!(Writer::open(&dir.path().join("gone"), SIZE, MIB, 0).is_err());
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_once_and_tried_again() {
    // Nobody, not even root, can make a file in a folder that is gone.
    let dir = tempfile::tempdir().unwrap();
    let session = dir.path().join("session");
    fs::create_dir(&session).unwrap();
    let mut log = Writer::open(&session, SIZE, MIB, 0).unwrap();
    log.append(1, b"kept ");
    fs::rename(&session, dir.path().join("away")).unwrap();
    log.begin_segment(2, SIZE, b"\x1bcsnapshot");
    assert!(matches!(log.take_change(), Some(Change::Lost { .. })));
    let due = log.take_due().unwrap();
    for _ in 0..100 {
        log.append(3, b"lost ");
    }
    assert_eq!((log.take_change(), log.take_due()), (None, None));
    assert_eq!(log.offset(), 505);
    fs::rename(dir.path().join("away"), &session).unwrap();
    assert!(due > std::time::Instant::now(), "not at once");
    log.begin_segment(4, SIZE, b"\x1bcsnapshot");
    log.append(5, b"kept again");
    assert_eq!(log.take_change(), None, "not yet believed");
    log.finish(6);
    assert_eq!(log.take_change(), Some(Change::Resumed { lost: 500 }));
    let found = events(&session, 0);
    let reason = std::io::Error::from_raw_os_error(2).to_string();
    assert_eq!(
        found[1..],
        [
            (0, 1, text("kept ")),
            (505, 4, Event::Gap { lost: 500, why: reason }),
            (
                505,
                4,
                Event::Begin { size: SIZE, origin: Origin::Snapshot(b"\x1bcsnapshot".to_vec()) }
            ),
            (505, 5, text("kept again")),
        ]
    );
    assert!(screen_at(&session, Some(100), 0).unwrap().incomplete, "amid what is missing");
    assert!(!screen_at(&session, Some(5), 0).unwrap().incomplete);
    assert!(!screen_at(&session, Some(505), 0).unwrap().incomplete);
    assert_eq!(screen_at(&session, None, 0).unwrap().screen.text(), "snapshotkept again");
}

#[test]
fn a_session_that_put_out_nothing_has_its_size() {
    let dir = tempfile::tempdir().unwrap();
    drop(Writer::open(dir.path(), SIZE, MIB, 0).unwrap());
    drop(Writer::open(dir.path(), SIZE, MIB, 0).unwrap());
    assert_eq!(events(dir.path(), 0), [(0, 0, Event::Begin { size: SIZE, origin: Origin::Blank })]);
}
