//! A screen with its history as escape sequences: what a viewer that comes costs a session.
#![allow(missing_docs, reason = "criterion's macros write functions without")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use synk_screen::{Scope, Screen};

const COLS: u16 = 120;
const ROWS: u16 = 40;
const SCROLLBACK: usize = 5000;
/// Words of ten characters that fill a line.
const WORDS: usize = 12;

/// A screen all of whose lines are full, history included.
fn full(word: impl Fn(usize) -> String) -> Screen {
    let mut screen = Screen::new(COLS, ROWS, SCROLLBACK);
    for line in 0..SCROLLBACK + usize::from(ROWS) {
        screen.feed((line..line + WORDS).map(&word).collect::<String>().as_bytes());
        screen.feed(b"\r\n");
    }
    screen
}

fn writing(criterion: &mut Criterion) {
    let screens = [
        ("plain", full(|word| format!("word{word:05} "))),
        ("coloured", full(|word| format!("\x1b[38;5;{}mword{word:05} ", word % 256))),
    ];
    let mut group = criterion.benchmark_group("snapshot");
    for (name, mut screen) in screens {
        for scope in [Scope::Scrollback, Scope::Screen] {
            group.throughput(Throughput::Bytes(screen.snapshot(scope).len() as u64));
            group.bench_function(format!("{name}, {scope:?}"), |bencher| {
                bencher.iter(|| screen.snapshot(scope));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, writing);
criterion_main!(benches);
