//! Streams of output for the properties: what programs send, in any order.

use std::fmt;

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One thing that happens to a terminal.
#[derive(Clone)]
pub(super) enum Happening {
    Output(Vec<u8>),
    Resize(u16, u16),
}

impl fmt::Debug for Happening {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Output(bytes) => write!(formatter, "{}", bytes.escape_ascii()),
            Self::Resize(cols, rows) => write!(formatter, "{cols}x{rows}"),
        }
    }
}

fn output(bytes: impl Into<Vec<u8>>) -> Happening {
    Happening::Output(bytes.into())
}

/// Text with narrow, wide and combining characters.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        12 => (b' '..b'~').prop_map(|byte| (byte as char).to_string()),
        2 => select(vec!["漢", "字", "😀", "한", "Ａ"]).prop_map(str::to_owned),
        2 => select(vec!["é", "ß", "─", "Ω", "e\u{301}", "\u{301}", "👩\u{200d}💻", "\u{fe0f}", "🫠", "🇩🇪", "שלום", "한글", "\u{ad}", "\u{200b}"])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(character, 1..60).prop_map(|parts| parts.concat())
}

fn attribute() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec![0, 1, 2, 3, 4, 7, 8, 9, 22, 23, 24, 27, 28, 29, 39, 49, 59])
            .prop_map(|code: i32| code.to_string()),
        1 => (0..6).prop_map(|style| format!("4:{style}")),
        2 => (30..38).prop_map(|code: i32| code.to_string()),
        2 => (40..48).prop_map(|code: i32| code.to_string()),
        1 => (90..98).prop_map(|code: i32| code.to_string()),
        1 => (100..108).prop_map(|code: i32| code.to_string()),
        1 => (select(vec![38, 48, 58]), any::<u8>()).prop_map(|(what, n)| format!("{what};5;{n}")),
        1 => (select(vec![38, 48, 58]), any::<[u8; 3]>())
            .prop_map(|(what, [r, g, b])| format!("{what};2;{r};{g};{b}")),
        1 => any::<[u8; 3]>().prop_map(|[r, g, b]| format!("58:2::{r}:{g}:{b}")),
    ]
}

fn mode() -> impl Strategy<Value = String> {
    let private = vec![
        "?1", "?6", "?7", "?12", "?25", "?66", "?1000", "?1002", "?1003", "?1004", "?1005",
        "?1006", "?1007", "?9", "?1016", "?2004", "?1048", "4", "20", "?3", "?2026",
    ];
    (select(private), select(vec!['h', 'l'])).prop_map(|(mode, end)| format!("\x1b[{mode}{end}"))
}

fn sequence() -> impl Strategy<Value = String> {
    prop_oneof![
        // Movement, erasing, inserting, deleting, scrolling, repeating.
        8 => (0..30, select("ABCDEFGdXP@LMSTbIZ`ae".chars().collect::<Vec<_>>()))
            .prop_map(|(n, end)| format!("\x1b[{n}{end}")),
        4 => (0..30, 0..60).prop_map(|(row, column)| format!("\x1b[{row};{column}H")),
        3 => (0..4, select(vec!['J', 'K'])).prop_map(|(n, end)| format!("\x1b[{n}{end}")),
        2 => (0..14, 0..30).prop_map(|(top, bottom)| format!("\x1b[{top};{bottom}r")),
        6 => prop::collection::vec(attribute(), 1..4)
            .prop_map(|codes| format!("\x1b[{}m", codes.join(";"))),
        4 => mode(),
        1 => select(vec!["\x1b[?1049h", "\x1b[?1049l", "\x1b[?47h", "\x1b[?1047l"])
            .prop_map(str::to_owned),
        3 => select(vec![
            "\x1b7", "\x1b8", "\x1b[s", "\x1b[u", "\x1bD", "\x1bM", "\x1bE", "\x1bH", "\x1b[g",
            "\x1b[3g", "\x1b#8", "\x1b=", "\x1b>", "\x1b(0", "\x1b(B", "\x1b)0", "\x1b*0", "\x0e",
            "\x0f", "\x08", "\t",
        ])
        .prop_map(str::to_owned),
        1 => (0..8).prop_map(|n| format!("\x1b[{n} q")),
        1 => select(vec![
            "\x1b]8;;http://a.example/x;y\x1b\\", "\x1b]8;id=k;file:///ü\x07", "\x1b]8;;\x07",
            "\x1b]0;a title\x07", "\x1b]2;ü;b\x1b\\", "\x1b[22t", "\x1b[23t", "\x1b]4;7;#102030\x07",
            "\x1b]11;rgb:10/20/30\x07", "\x1b]104\x07", "\x1b]112\x07", "\x1b]12;#ff0000\x07",
            "\x1b]50;CursorShape=1\x07", "\x1b]7;file:///tmp/a%20b\x07", "\x1b]7;file://far/x\x1b\\", "\x07",
        ])
        .prop_map(str::to_owned),
        1 => select(vec!["\x1bc", "\x1b[!p", "\x1b[?5W"]).prop_map(str::to_owned),
        // Left unfinished, for whatever follows to finish or break.
        1 => select(vec!["\x1b", "\x1b[3", "\x1b]0;cut", "\x1bP1", "\x1b_x"]).prop_map(str::to_owned),
    ]
}

/// Everything a program can do, and resizes between.
pub(super) fn anything() -> impl Strategy<Value = Vec<Happening>> {
    let happening = prop_oneof![
        6 => text().prop_map(output),
        4 => select(vec!["\r\n", "\n", "\r\n\r\n", "\r"]).prop_map(output),
        10 => sequence().prop_map(output),
        1 => (1_u16..70, 1_u16..30).prop_map(|(cols, rows)| Happening::Resize(cols, rows)),
    ];
    prop::collection::vec(happening, 1..80)
}

/// What survives a snapshot without any loss, so that two terminals stay in step for good.
pub(super) fn plain() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        6 => "[ -~]{1,50}",
        2 => "[é─Ω漢😀]{1,10}",
        4 => Just("\r\n".to_owned()),
        4 => prop::collection::vec(attribute(), 1..4)
            .prop_map(|codes| format!("\x1b[{}m", codes.join(";"))),
        2 => (1..20).prop_map(|row| format!("\r\x1b[{row}A\x1b[2K")),
        1 => Just("\x1b]8;id=a;http://b.example\x1b\\link\x1b]8;;\x1b\\".to_owned()),
        1 => Just("\x1b]0;title\x07".to_owned()),
        1 => Just("\x1b[?2026hsynchronized\x1b[?2026l".to_owned()),
    ];
    prop::collection::vec(part, 1..40).prop_map(|parts| parts.concat().into_bytes())
}

/// One sequence, most often far too long, and a place in it. What it says is the same to two
/// terminals of which one was made by a snapshot.
pub(super) fn long_sequence() -> impl Strategy<Value = (Vec<u8>, usize)> {
    let opening = select(vec!["\x1b[", "\x1b[", "\x1b[?", "\x1b[>", "\x1b(", "\x1b#", "\x1bP"]);
    let filling = select(vec!["0", "1", "9", ";", ":", "0;", "1:", "3;", " ", "!", "$", "?", ">"]);
    let part = (filling, prop_oneof![4 => 1..4_usize, 1 => 1..40_usize, 1 => 1..3000_usize])
        .prop_map(|(filling, count)| filling.repeat(count));
    let end = select("ABCDEFGHIJKLMPSTXZ@`acdfghlmnpqr0".chars().collect::<Vec<_>>());
    let sequence = (opening, prop::collection::vec(part, 1..10), end);
    (sequence, any::<Index>()).prop_map(|((opening, parts, end), cut)| {
        let sequence = format!("{opening}{}{end}", parts.concat());
        let cut = cut.index(sequence.len());
        // What ends a DCS ends nothing elsewhere.
        ((sequence + "\x1b\\").into_bytes(), cut)
    })
}

/// Bytes that lean towards the ones that mean something.
pub(super) fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => any::<u8>(),
        3 => select(b"\x1b\x1b\x1b[[]]?;:0123456789hlmrHJKLMPXSTbdqtuncgpP_\x07\\\x18\x1a\t\r\n\x0e\x0f".to_vec()),
    ];
    let piece = prop_oneof![
        3 => prop::collection::vec(byte, 1..200),
        2 => sequence().prop_map(String::into_bytes),
        2 => (select("ABCDEFGHIJKLMPSTXZ@bdfgrtuqnc`ae".chars().collect::<Vec<_>>()), any::<(u16, u16)>())
            .prop_map(|(end, (a, b))| format!("\x1b[{a};{b}{end}").into_bytes()),
        1 => (0_u16..3000, select(vec!['h', 'l'])).prop_map(|(mode, end)| format!("\x1b[?{mode}{end}").into_bytes()),
        1 => (0_u16..120, "[0-9a-f:;/?#rgb]{0,40}").prop_map(|(number, rest)| format!("\x1b]{number};{rest}\x07").into_bytes()),
        1 => text().prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 1..30).prop_map(|pieces| pieces.concat())
}
