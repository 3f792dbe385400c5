//! Every question, and the one answer.

use crate::{Palette, Screen};

fn answer(question: &str) -> String {
    let mut screen = Screen::new(80, 24, 0);
    screen.feed(b"\x1b[5;7H");
    screen.feed(question.as_bytes());
    String::from_utf8(screen.take_replies()).unwrap()
}

#[test]
fn every_question_has_its_answer() {
    for (question, expected) in [
        ("\x1b[c", "\x1b[?1;2c"),
        ("\x1b[0c", "\x1b[?1;2c"),
        ("\x1bZ", "\x1b[?1;2c"),
        ("\x1b[>c", "\x1b[>0;276;0c"),
        ("\x1b[=c", "\x1bP!|00000000\x1b\\"),
        ("\x1b[>q", concat!("\x1bP>|synk(", env!("CARGO_PKG_VERSION"), ")\x1b\\")),
        ("\x1b[5n", "\x1b[0n"),
        ("\x1b[6n", "\x1b[5;7R"),
        ("\x1b[?6n", "\x1b[?5;7R"),
        ("\x1b[14t", "\x1b[4;384;640t"),
        ("\x1b[16t", "\x1b[6;16;8t"),
        ("\x1b[18t", "\x1b[8;24;80t"),
        ("\x1b[?25$p", "\x1b[?25;1$y"),
        ("\x1b[?2004$p", "\x1b[?2004;2$y"),
        ("\x1b[?2004h\x1b[?2004$p", "\x1b[?2004;1$y"),
        ("\x1b[?2026$p", "\x1b[?2026;2$y"),
        ("\x1b[?1049h\x1b[?1047$p", "\x1b[?1047;1$y"),
        ("\x1b[?9999$p", "\x1b[?9999;0$y"),
        ("\x1b[4$p", "\x1b[4;2$y"),
        ("\x1b]10;?\x07", "\x1b]10;rgb:d8d8/dcdc/e2e2\x07"),
        ("\x1b]11;?\x1b\\", "\x1b]11;rgb:0b0b/0d0d/1010\x1b\\"),
        ("\x1b]12;?\x07", "\x1b]12;rgb:e3e3/e6e6/eaea\x07"),
        ("\x1b]11;#102030\x07\x1b]11;?\x07", "\x1b]11;rgb:1010/2020/3030\x07"),
        ("\x1b]4;1;?\x07", "\x1b]4;1;rgb:f2f2/7777/6f6f\x07"),
        (
            "\x1b]4;16;?;231;?;244;?\x07",
            "\x1b]4;16;rgb:0000/0000/0000\x07\x1b]4;231;rgb:ffff/ffff/ffff\x07\x1b]4;244;rgb:8080/8080/8080\x07",
        ),
        // Keys that no viewer can send are not promised.
        ("\x1b[?u", ""),
        ("\x1b[>1u\x1b[?u", ""),
        // The clipboard is nobody's business here.
        ("\x1b]52;c;?\x07", ""),
        // Who asks whether reports are heard is answered before what it asks next.
        ("\x1b]7501;?\x1b\\\x1b[c", "\x1b]7501;?\x1b\\\x1b[?1;2c"),
        ("\x1b]7501;?\x07", "\x1b]7501;?\x07"),
        ("\x1b]7501;state=idle\x07", ""),
        // Answers are not questions, should one be echoed.
        ("\x1b[?1;2c\x1b[0n\x1b[5;7R", ""),
    ] {
        assert_eq!(answer(question), expected, "{question:?}");
    }
}

#[test]
fn answers_keep_the_order_of_the_questions() {
    let expected =
        concat!("\x1b[5;7R\x1bP>|synk(", env!("CARGO_PKG_VERSION"), ")\x1b\\\x1b[5;10R\x1b[?1;2c",);
    let stream = "\x1b[6n\x1b[>qabc\x1b[6n\x1b[c";
    assert_eq!(answer(stream), expected);
    let mut screen = Screen::new(80, 24, 0);
    screen.feed(b"\x1b[5;7H");
    for byte in stream.bytes() {
        screen.feed(&[byte]);
    }
    assert_eq!(screen.take_replies(), expected.as_bytes());
    assert!(screen.take_replies().is_empty());
}

fn asked(screen: &mut Screen, question: &str) -> String {
    screen.feed(question.as_bytes());
    String::from_utf8(screen.take_replies()).unwrap()
}

#[test]
fn colours_are_the_programs_and_then_the_palettes() {
    let light = Palette::new([0x20; 3], [0xff; 3], None, [[0x11; 3]; 16]);
    let mut screen = Screen::new(80, 24, 0);
    screen.feed(b"\x1b]11;#102030\x07");
    screen.set_palette(light);
    assert_eq!(asked(&mut screen, "\x1b]11;?\x07"), "\x1b]11;rgb:1010/2020/3030\x07");
    screen.feed(b"\x1b]111\x07");
    assert_eq!(asked(&mut screen, "\x1b]11;?\x07"), "\x1b]11;rgb:ffff/ffff/ffff\x07");
    assert_eq!(asked(&mut screen, "\x1b]10;?\x07"), "\x1b]10;rgb:2020/2020/2020\x07");
    // A theme without a cursor colour draws it as text.
    assert_eq!(asked(&mut screen, "\x1b]12;?\x07"), "\x1b]12;rgb:2020/2020/2020\x07");
    assert_eq!(asked(&mut screen, "\x1b]4;7;?\x07"), "\x1b]4;7;rgb:1111/1111/1111\x07");
    screen.set_palette(Palette::default());
    assert_eq!(asked(&mut screen, "\x1b]4;1;?\x07"), "\x1b]4;1;rgb:f2f2/7777/6f6f\x07");
}
