//! Whatever a session does, its log brings back the screen that was seen, at its end and at
//! every moment before.

use proptest::{prelude::*, sample::select};
use synk_log::{Size, Writer, screen_at};
use synk_screen::{Scope, Screen};

const SCROLLBACK: usize = 50;

/// What happens to a session.
#[derive(Debug, Clone)]
enum Happening {
    Output(Vec<u8>),
    Resize(Size),
    Start,
    /// The shim dies and the log is opened again.
    Crash,
}

/// What a snapshot brings across without any loss; segments begin anywhere.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[ -~]{1,50}",
        2 => "[é─Ω漢😀]{1,10}",
        4 => Just("\r\n".to_owned()),
        3 => (0..8, 30..38).prop_map(|(style, color)| format!("\x1b[{style};{color}m")),
        2 => (1..20).prop_map(|row| format!("\r\x1b[{row}A\x1b[2K")),
        2 => (1..20, 1..60).prop_map(|(row, column)| format!("\x1b[{row};{column}H")),
        1 => select(vec![
            "\x1b[?2026hsynchronized\x1b[?2026l", "\x1b]0;title\x07", "\x1b[?25l", "\x1b[2J",
            "\x1b]8;id=a;http://b.example\x1b\\link\x1b]8;;\x1b\\", "\x1b[3;9r"
        ])
        .prop_map(str::to_owned),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        20 => prop::collection::vec(part(), 1..6)
            .prop_map(|parts| Happening::Output(parts.concat().into_bytes())),
        2 => (5_u16..70, 3_u16..25).prop_map(|(cols, rows)| Happening::Resize(Size { cols, rows })),
        1 => Just(Happening::Start),
        1 => Just(Happening::Crash),
    ]
}

/// The output of a whole session is one stream; it is cut anywhere, also in a character.
fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let all = prop::collection::vec((happening(), any::<prop::sample::Index>()), 1..40);
    all.prop_map(|all| {
        let mut cut = Vec::new();
        for (happening, index) in all {
            match happening {
                Happening::Output(mut bytes) if bytes.len() > 1 => {
                    let rest = bytes.split_off(index.index(bytes.len()));
                    cut.extend(
                        [bytes, rest].into_iter().filter(|b| !b.is_empty()).map(Happening::Output),
                    );
                }
                other => cut.push(other),
            }
        }
        cut
    })
}

fn assert_same(logged: &mut Screen, live: &mut Screen) -> Result<(), TestCaseError> {
    prop_assert_eq!(logged.text(), live.text());
    let (logged, live) = (logged.snapshot(Scope::Scrollback), live.snapshot(Scope::Scrollback));
    prop_assert_eq!(logged.escape_ascii().to_string(), live.escape_ascii().to_string());
    Ok(())
}

proptest! {
    #[test]
    fn the_screen_comes_back_as_it_was(
        happenings in happenings(), limit in 400_u64..20_000, moments in any::<[prop::sample::Index; 3]>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut size = Size { cols: 40, rows: 10 };
        // A log that keeps everything, and one that forgets.
        let kept = dir.path().join("kept");
        let capped = dir.path().join("capped");
        std::fs::create_dir(&kept).unwrap();
        std::fs::create_dir(&capped).unwrap();
        let open = |size| [
            Writer::open(&kept, size, 1 << 20, 0).unwrap(),
            Writer::open(&capped, size, limit, 0).unwrap(),
        ];
        let mut logs = open(size);
        let blank = |size: Size| Screen::new(size.cols, size.rows, SCROLLBACK);
        let mut live = blank(size);
        // A snapshot says how the screen is, and not how each line of it would be wrapped anew.
        // So with other sizes it is the text that comes back, up to the next size.
        let mut is_exact = true;
        let resizes = happenings.iter().any(|one| matches!(one, Happening::Resize(_)));
        // Every moment after output, with the screen that was seen.
        let mut seen = Vec::new();
        for (at, happening) in happenings.iter().enumerate() {
            let at = at as u64;
            match happening {
                Happening::Output(bytes) => {
                    for log in &mut logs {
                        if live.sync_deadline().is_none() && log.take_due().is_some() {
                            log.begin_segment(at, size, &live.snapshot(Scope::Scrollback));
                            is_exact = true;
                        }
                        log.append(at, bytes);
                    }
                    live.feed(bytes);
                    live.take_replies();
                    if live.sync_deadline().is_none() {
                        seen.push((logs[0].offset(), live.text()));
                    }
                }
                Happening::Resize(new) => {
                    is_exact = false;
                    size = *new;
                    live.flush_sync();
                    live.resize(size.cols, size.rows);
                    for log in &mut logs {
                        log.resized(at, size);
                    }
                }
                Happening::Start => {
                    is_exact = true;
                    live = blank(size);
                    for log in &mut logs {
                        log.started(at, size);
                    }
                }
                Happening::Crash => logs = open(size),
            }
        }
        live.flush_sync();
        for dir in [&kept, &capped] {
            let mut past = screen_at(dir, None, SCROLLBACK).unwrap();
            prop_assert_eq!(past.offset, logs[0].offset());
            prop_assert_eq!(past.size, size);
            if past.incomplete {
                continue;
            }
            if dir == &kept || !resizes {
                assert_same(&mut past.screen, &mut live)?;
            } else if is_exact {
                prop_assert_eq!(past.screen.text(), live.text());
            }
        }
        prop_assert!(!screen_at(&kept, None, SCROLLBACK).unwrap().incomplete);
        for moment in moments.iter().filter(|_| !seen.is_empty()) {
            let (offset, text) = moment.get(&seen);
            let past = screen_at(&kept, Some(*offset), SCROLLBACK).unwrap();
            prop_assert_eq!((past.offset, past.incomplete), (*offset, false));
            prop_assert_eq!(&past.screen.text(), text);
            let past = screen_at(&capped, Some(*offset), SCROLLBACK).unwrap();
            if !resizes && !past.incomplete {
                prop_assert_eq!(&past.screen.text(), text);
            }
        }
    }
}
