//! Output for a terminal that answers for itself.

use proptest::prelude::*;

use crate::{QueryFilter, Screen};

const QUESTIONS: &[&str] = &[
    "\x1b[c",
    "\x1b[0c",
    "\x1b[>c",
    "\x1b[>0c",
    "\x1b[=c",
    "\x1bZ",
    "\x1b[5n",
    "\x1b[6n",
    "\x1b[?6n",
    "\x1b[?25$p",
    "\x1b[4$p",
    "\x1b[>q",
    "\x1b[>0q",
    "\x1b[14t",
    "\x1b[14;2t",
    "\x1b[18t",
    "\x1b[?u",
    "\x1b[>1u",
    "\x1b[<1u",
    "\x1b[=5;1u",
    "\x1b[>4;1m",
    "\x1b[?4m",
    "\x1b[>4n",
    "\x1b[?1;1;0S",
    "\x1b[?2;1S",
    "\x1b]10;?\x07",
    "\x1b]11;?\x1b\\",
    "\x1b]4;1;?\x07",
    "\x1b]52;c;?\x07",
    "\x1b]7501;?\x1b\\",
    "\x1bP$qm\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\",
    "\x1b_Ga=q\x1b\\",
];

const STATEMENTS: &[&str] = &[
    "text",
    "é日🚀",
    "\x1b[m",
    "\x1b[1;31m",
    "\x1b[2J",
    "\x1b[?2004h",
    "\x1b[2 q",
    "\x1b[22;0t",
    "\x1b[8;24;80t",
    "\x1b[u",
    "\x1b[S",
    "\x1b[3S",
    "\x1b]0;what?\x07",
    "\x1b]11;#102030\x07",
    "\x1b]8;;https://example.org/?\x1b\\",
    "\x1b]52;c;aGk=\x07",
    "\x1bM",
    "\x1b7",
    "\x1b(B",
    "\x1bPq#0;2;0;0;0\x1b\\",
    "\x1b_Ga=T,f=100,m=1;aGk=\x1b\\",
    "\x1b_Gm=0;a=q\x1b\\",
    "\x1b_Ga=d,d=q\x1b\\",
    "\x1b_a=q\x1b\\",
    "\r\n",
];

#[test]
fn questions_go_and_everything_else_stays() {
    for question in QUESTIONS {
        let mut filter = QueryFilter::default();
        assert_eq!(filter.filter(format!("a{question}b").as_bytes()), b"ab", "{question:?}");
    }
    for statement in STATEMENTS {
        let mut filter = QueryFilter::default();
        let output = format!("a{statement}b");
        assert_eq!(filter.filter(output.as_bytes()), output.as_bytes(), "{statement:?}");
    }
}

#[test]
fn what_is_broken_off_swallows_nothing() {
    for (output, expected) in [
        ("\x1b[12\x1b[cc", "c"),
        ("\x1b]0;title\x1b[ctext", "\x1b]0;title\x1b\\text"),
        ("\x1b]11;?\x1b[mtext", "\x1b[mtext"),
        ("\x1b[12\x18text", "\x18text"),
        ("\x1b[1\n2m", "\n\x1b[12m"),
        ("\x1b_Ga=T;AAAA\x1b[mtext", "\x1b_Ga=T;AAAA\x1b\\\x1b[mtext"),
        ("\x1b_Ga=q;AAAA\x1b[mtext", "\x1b[mtext"),
        // The bell does not end this one.
        ("\x1b_Ga=q;\x07text\x1b\\text", "text"),
    ] {
        let shown = QueryFilter::default().filter(output.as_bytes());
        assert_eq!(String::from_utf8_lossy(&shown), expected, "{output:?}");
    }
}

#[test]
fn what_is_too_long_for_a_question_passes_while_it_is_written() {
    for (opening, end) in [("\x1b]0;", "\x07after"), ("\x1b_Ga=T;", "\x1b\\after")] {
        let mut filter = QueryFilter::default();
        let long = opening.to_owned() + &"x".repeat(10_000);
        assert_eq!(filter.filter(long.as_bytes()), long.as_bytes());
        assert_eq!(filter.filter(end.as_bytes()), end.as_bytes());
    }
}

#[test]
fn what_is_too_long_and_no_statement_goes_as_a_whole() {
    let long = "1".repeat(10_000);
    for (output, expected) in [
        (format!("a\x1b[{long}mb"), "ab"),
        (format!("a\x1b[{long};6nb"), "ab"),
        (format!("a\x1b[{long}\nmb"), "a\nb"),
        (format!("a\x1b[{long}\x1b[mb"), "a\x1b[mb"),
        (format!("a\x1b[{long}\x18mb"), "a\x18mb"),
        (format!("a\x1b_Ga=q;{long}\x1b\\b"), "ab"),
        (format!("a\x1bP+q{long}\x1b\\b"), "ab"),
        (format!("a\x1bP$q{long}\x1b[mb"), "a\x1b[mb"),
        (format!("a\x1b]4;1;?;{long}\x07b"), "ab"),
    ] {
        for size in [1, 7, 1000, output.len()] {
            let mut filter = QueryFilter::default();
            let parts = output.as_bytes().chunks(size);
            let shown: Vec<u8> = parts.flat_map(|part| filter.filter(part)).collect();
            assert_eq!(String::from_utf8_lossy(&shown), expected, "{:?}", &output[..8]);
            assert!(filter.filter(b"\x1b").is_empty());
            assert_eq!(filter.filter(b"[31m"), b"\x1b[31m", "nothing is left of it");
        }
    }
}

/// Also where a string is just too long to be held.
#[test]
fn a_question_that_breaks_a_string_off_goes() {
    for length in 200..300 {
        let string = "\x1b]0;".to_owned() + &"x".repeat(length);
        let output = format!("{string}\x1b[6nb");
        let shown = QueryFilter::default().filter(output.as_bytes());
        assert_eq!(String::from_utf8_lossy(&shown), format!("{string}\x1b\\b"));
    }
}

proptest! {
    /// However the output is cut, statements come through whole and in order.
    #[test]
    fn cuts_change_nothing(
        choices in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..40),
        cut in 1..9_usize,
    ) {
        let mut output = String::new();
        let mut expected = String::new();
        for (is_question, index) in choices {
            let from = if is_question { QUESTIONS } else { STATEMENTS };
            let piece = from[index.index(from.len())];
            output.push_str(piece);
            output.push('.');
            expected.push_str(if is_question { "" } else { piece });
            expected.push('.');
        }
        let mut filter = QueryFilter::default();
        let shown: Vec<u8> = output.as_bytes().chunks(cut).flat_map(|part| filter.filter(part)).collect();
        prop_assert_eq!(String::from_utf8_lossy(&shown), expected);
    }

    /// What is left after the filter asks nothing of a second model.
    #[test]
    fn a_second_terminal_stays_silent(bytes in prop::collection::vec(
        prop_oneof![Just(0x1b_u8), Just(b'['), Just(b']'), Just(b'?'), Just(b'c'), Just(b'n'), Just(b'6'), any::<u8>()],
        0..200,
    )) {
        let mut filter = QueryFilter::default();
        let shown = filter.filter(&bytes);
        let mut screen = Screen::new(80, 24, 0);
        screen.feed(&shown);
        let replies = screen.take_replies();
        prop_assert_eq!(String::from_utf8_lossy(&replies), "");
    }
}
