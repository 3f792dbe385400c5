use std::time::{Duration, Instant};

use super::*;
use crate::{Size, Writer};

fn query(text: &str) -> Query<'_> {
    Query { text, match_case: None, limit: 100, deadline: None }
}

fn log(parts: &[(u64, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Writer::open(dir.path(), Size::default(), 1 << 20, 0).unwrap();
    for (at, part) in parts {
        if *at > 0 && part.is_empty() {
            log.begin_segment(*at, Size::default(), b"");
        }
        log.append(*at, part.as_bytes());
    }
    dir
}

fn whole(hit: &Hit) -> String {
    format!("{}[{}]{}", hit.before, hit.found, hit.after)
}

fn found(dir: &tempfile::TempDir, text: &str) -> Vec<String> {
    search(dir.path(), &query(text)).unwrap().hits.iter().map(whole).collect()
}

#[test]
fn newest_first_with_time_and_place() {
    let dir = log(&[(1000, "an apple\r\n"), (2000, "a pear\r\nan Apple pie\r\n")]);
    let hits = search(dir.path(), &query("apple")).unwrap();
    assert!(!hits.more);
    let hits: Vec<_> = hits.hits.iter().map(|hit| (whole(hit), hit.at, hit.offset)).collect();
    assert_eq!(hits, [("an [Apple] pie".to_owned(), 2000, 30), ("an [apple]".to_owned(), 1000, 8)]);
}

#[test]
fn capitals_count_when_there_are_some_or_it_is_asked_for() {
    let dir = log(&[(1, "Straße STRASSE ärger ÄRGER İstanbul\r\nÄrger\r\n")]);
    for (text, match_case, expected) in [
        ("strasse", None, 1),
        ("Strasse", None, 0),
        ("ärger", None, 2),
        ("Ärger", None, 1),
        ("ÄRGER", Some(false), 2),
        ("ärger", Some(true), 1),
        ("stanbul", None, 1),
        ("i\u{307}st", None, 1),
        ("ß", None, 1),
        ("", None, 0),
    ] {
        let hits = search(dir.path(), &Query { match_case, ..query(text) }).unwrap().hits;
        assert_eq!(hits.len(), expected, "{text} {match_case:?}");
    }
    assert_eq!(found(&dir, "i\u{307}st"), ["Straße STRASSE ärger ÄRGER [İst]anbul"]);
    assert_eq!(found(&dir, "är")[1], "Straße STRASSE [är]ger ÄRGER İstanbul");
}

#[test]
fn a_text_with_colours_in_the_middle_is_found() {
    let dir = log(&[(1, "see \x1b[1;31mer\x1b[4mr\x1b[mor\x1b[2C42\x1b]8;;x\x07\r\n")]);
    assert_eq!(found(&dir, "error  42"), ["see [error  42]"]);
    assert!(found(&dir, "31m").is_empty(), "what is not text is not found");
}

#[test]
fn a_line_that_is_painted_again_counts_once() {
    let mut parts = vec![(1, "first: thinking\r\n")];
    for at in 2..200 {
        parts.push((at * 100, "\x1b[2K\rthinking…\x1b[1A"));
        if at == 100 {
            parts.push((at * 100, ""));
        }
    }
    let dir = log(&parts);
    assert_eq!(found(&dir, "thinking"), ["[thinking]…", "first: [thinking]"]);
    let hits = search(dir.path(), &query("thinking")).unwrap().hits;
    assert_eq!(hits[0].at, 19_900, "the last time");
}

#[test]
fn a_line_goes_on_in_the_next_segment() {
    let cut = |byte| {
        let whole = "one\r\nthe 漢needle字 here\r\ntwo\r\n";
        let dir = tempfile::tempdir().unwrap();
        let mut log = Writer::open(dir.path(), Size::default(), 1 << 20, 0).unwrap();
        log.append(1, &whole.as_bytes()[..byte]);
        log.begin_segment(2, Size::default(), b"");
        log.append(2, &whole.as_bytes()[byte..]);
        dir
    };
    for byte in 1..33 {
        assert_eq!(found(&cut(byte), "needle"), ["the 漢[needle]字 here"], "cut at {byte}");
    }
}

#[test]
fn limits_hold_and_are_told() {
    let lines: Vec<_> = (0..500).map(|n| format!("line {n} x\r\n")).collect();
    let parts: Vec<_> = lines.iter().map(|line| (1, line.as_str())).collect();
    let dir = log(&parts);
    let few = search(dir.path(), &Query { limit: 3, ..query("x") }).unwrap();
    assert!(few.more);
    let few: Vec<_> = few.hits.iter().map(whole).collect();
    assert_eq!(few, ["line 499 [x]", "line 498 [x]", "line 497 [x]"]);
    let all = search(dir.path(), &Query { limit: 500, ..query("x") }).unwrap();
    assert_eq!((all.hits.len(), all.more), (500, false));
    let past = Instant::now().checked_sub(Duration::from_secs(1));
    assert!(search(dir.path(), &Query { deadline: past, ..query("x") }).unwrap().more);
    assert_eq!(search(&dir.path().join("none"), &query("x")).unwrap(), Found::default());
}

#[test]
fn hits_are_cut_and_harmless() {
    let line = format!("{}\u{202e}\u{85}need\u{200f}le{}", "é".repeat(300), "漢".repeat(300));
    let dir = log(&[(1, &line)]);
    let hits = search(dir.path(), &query("need\u{200f}le")).unwrap().hits;
    assert_eq!(hits[0].before, "é".repeat(BEFORE_CHARS));
    assert_eq!(hits[0].found, "needle");
    assert_eq!(hits[0].after, "漢".repeat(AFTER_CHARS));
    let dir = tempfile::tempdir().unwrap();
    let mut log = Writer::open(dir.path(), Size::default(), 1 << 20, 0).unwrap();
    log.append(1, b"\xff\xfe needle \xc3\r\n");
    assert_eq!(found(&dir, "needle"), ["\u{fffd}\u{fffd} [needle] \u{fffd}"]);
}
