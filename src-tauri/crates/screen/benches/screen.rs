//! Bytes into the screen model, as a terminal's reads bring them: what every byte of every
//! session costs, whoever looks on.
#![allow(missing_docs, reason = "criterion's macros write functions without")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use synk_screen::Screen;

const COLS: u16 = 120;
const ROWS: u16 = 40;
const SCROLLBACK: usize = 5000;
/// What a read of a terminal brings.
const READ_BYTES: usize = 4096;
/// Lines, or pictures of a program that fills the screen.
const LINES: usize = 4000;
const PICTURES: usize = 60;

/// A program that draws the whole screen anew each time, and moves the cursor to each row.
fn tui() -> String {
    let row = |picture: usize, row: u16| {
        let colour = 16 + (picture + usize::from(row)) % 200;
        format!("\x1b[{row};1H\x1b[38;5;{colour}m│ {picture:>6} \x1b[7mrow {row:>3}\x1b[m\x1b[K")
    };
    let picture = |number| (1..=ROWS).map(|at| row(number, at)).collect::<String>();
    let whole = |number| ["\x1b[?2026h", &picture(number), "\x1b[?2026l"].concat();
    (0..PICTURES).map(whole).collect()
}

fn feeding(criterion: &mut Criterion) {
    let streams = [
        (
            "plain",
            "the quick brown fox jumps over the lazy dog, and does so again\r\n".repeat(LINES),
        ),
        (
            "coloured",
            "\x1b[1;38;5;33mname\x1b[m \x1b[32m+added\x1b[39m \x1b[48;2;40;40;60mpart\x1b[m\r\n"
                .repeat(LINES),
        ),
        ("unicode", "Überraschung 東京タワー 👩‍💻 λ → ∞ naïve e\u{301}t\u{e9}\r\n".repeat(LINES)),
        ("tui", tui()),
    ];
    let mut group = criterion.benchmark_group("screen");
    for (name, stream) in &streams {
        group.throughput(Throughput::Bytes(stream.len() as u64));
        group.bench_function(*name, |bencher| {
            bencher.iter_batched_ref(
                || Screen::new(COLS, ROWS, SCROLLBACK),
                |screen| stream.as_bytes().chunks(READ_BYTES).for_each(|read| screen.feed(read)),
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, feeding);
criterion_main!(benches);
