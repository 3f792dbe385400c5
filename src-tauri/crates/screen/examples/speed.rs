//! Measures the two things a session does with its screen: taking output, and writing a
//! snapshot. Run with `cargo run --release -p synk-screen --example speed`.
#![allow(clippy::print_stdout, clippy::cast_precision_loss, reason = "a measurement, printed")]

use std::time::Instant;

use synk_screen::{Scope, Screen};

const COLS: u16 = 120;
const ROWS: u16 = 40;
const SCROLLBACK: usize = 5000;
const ROUNDS: usize = 5;

fn main() {
    let plain =
        "the quick brown fox jumps over the lazy dog, and then it does so again \r\n".repeat(8192);
    let coloured =
        "\x1b[1;38;5;33mname\x1b[m \x1b[32m+added\x1b[39m \x1b[48;2;40;40;60mpart\x1b[m\r\n"
            .repeat(8192);
    for (name, stream) in [("plain", &plain), ("coloured", &coloured)] {
        let mut best = f64::MAX;
        for _ in 0..ROUNDS {
            let mut screen = Screen::new(COLS, ROWS, SCROLLBACK);
            let begun = Instant::now();
            for _ in 0..16 {
                for chunk in stream.as_bytes().chunks(4096) {
                    screen.feed(chunk);
                }
            }
            best = best.min(begun.elapsed().as_secs_f64());
        }
        let megabytes = (stream.len() * 16) as f64 / 1e6;
        println!("feed, {name}: {:.0} MB/s", megabytes / best);
    }
    let mut screen = Screen::new(COLS, ROWS, SCROLLBACK);
    for line in 0..SCROLLBACK + usize::from(ROWS) {
        for word in 0..12 {
            screen.feed(format!("\x1b[38;5;{}mword{:05} ", (line + word) % 256, line).as_bytes());
        }
        screen.feed(b"\r\n");
    }
    for scope in [Scope::Scrollback, Scope::Screen] {
        let mut best = f64::MAX;
        let mut bytes = 0;
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            bytes = screen.snapshot(scope).len();
            best = best.min(begun.elapsed().as_secs_f64());
        }
        println!("snapshot, {scope:?}: {:.2} ms, {bytes} bytes", best * 1e3);
    }
}
