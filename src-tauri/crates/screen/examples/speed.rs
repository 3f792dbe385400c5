//! Measures what a session does with its screen: taking output, writing a snapshot, and
//! holding memory. Run with `cargo run --release -p synk-screen --example speed`.
#![allow(clippy::print_stdout, clippy::cast_precision_loss, reason = "a measurement, printed")]

use std::time::Instant;

use synk_screen::{Scope, Screen};

const ROWS: u16 = 40;
const SCROLLBACK: usize = 5000;
const ROUNDS: usize = 15;
/// Screens that are held at once, so that one is measured well.
const SCREENS: usize = 50;

fn main() {
    feeding();
    for cols in [120, 200] {
        snapshots(cols);
    }
    memory();
}

fn feeding() {
    let plain =
        "the quick brown fox jumps over the lazy dog, and then it does so again \r\n".repeat(8192);
    let coloured =
        "\x1b[1;38;5;33mname\x1b[m \x1b[32m+added\x1b[39m \x1b[48;2;40;40;60mpart\x1b[m\r\n"
            .repeat(8192);
    for (name, stream) in [("plain", &plain), ("coloured", &coloured)] {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let mut screen = Screen::new(120, ROWS, SCROLLBACK);
            let begun = Instant::now();
            for _ in 0..16 {
                for chunk in stream.as_bytes().chunks(4096) {
                    screen.feed(chunk);
                }
            }
            times.push(begun.elapsed().as_secs_f64());
        }
        let megabytes = (stream.len() * 16) as f64 / 1e6;
        println!("feed, {name}: {:.0} MB/s", megabytes / best(times));
    }
}

fn snapshots(cols: u16) {
    let words = usize::from(cols) / 10;
    let coloured = |line: usize| {
        let words =
            (line..line + words).map(|word| format!("\x1b[38;5;{}mword{line:05} ", word % 256));
        words.collect::<Vec<_>>().concat()
    };
    let full = |line: usize| format!("word{line:05} ").repeat(words);
    let short = |line: usize| format!("word{line:05} ").repeat(words / 3);
    let kinds: [(&str, &dyn Fn(usize) -> String); 3] =
        [("coloured", &coloured), ("plain", &full), ("plain, a third filled", &short)];
    for (name, text) in kinds {
        let mut screen = Screen::new(cols, ROWS, SCROLLBACK);
        for line in 0..SCROLLBACK + usize::from(ROWS) {
            screen.feed(text(line).as_bytes());
            screen.feed(b"\r\n");
        }
        for scope in [Scope::Scrollback, Scope::Screen] {
            let mut bytes = 0;
            let times = (0..ROUNDS)
                .map(|_| {
                    let begun = Instant::now();
                    bytes = screen.snapshot(scope).len();
                    begun.elapsed().as_secs_f64()
                })
                .collect();
            let milliseconds = best(times) * 1e3;
            println!(
                "snapshot, {cols} columns, {name}, {scope:?}: {milliseconds:.2} ms, {bytes} bytes"
            );
        }
    }
}

/// Resident memory of the process in bytes, where the system tells (Linux).
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(status.split(' ').nth(1)?.parse::<usize>().ok()? * 4096)
}

fn memory() {
    let kinds: [(&str, usize); 3] =
        [("nothing", 0), ("one line of history", 24), ("5,000 lines of history", 5024)];
    for (name, lines) in kinds {
        let Some(before) = resident() else { return };
        let screens: Vec<Screen> = (0..SCREENS)
            .map(|_| {
                let mut screen = Screen::new(80, 24, SCROLLBACK);
                screen.feed("word\r\n".repeat(lines).as_bytes());
                screen
            })
            .collect();
        let Some(after) = resident() else { return };
        let each = (after.saturating_sub(before)) / screens.len();
        println!(
            "memory, 80x24, {name}: {} KiB, {:.1} bytes a cell",
            each / 1024,
            each as f64 / (80 * (24 + lines.saturating_sub(23))) as f64
        );
    }
}

/// The round that was disturbed least, on a machine that does other things as well.
fn best(times: Vec<f64>) -> f64 {
    times.into_iter().fold(f64::MAX, f64::min)
}
