//! Measures what is done with logs: writing, searching, and working out a past screen. Run with
//! `cargo run --release -p synk-log --example log_speed`.
#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    reason = "a measurement, printed"
)]

use std::{
    fmt::Write as _,
    fs, io,
    path::Path,
    time::{Duration, Instant},
};

use synk_log::{Query, Size, Writer, screen_at, search};

const BYTES: usize = 100 << 20;
const LIMIT: u64 = 1 << 30;
const CHUNK: usize = 4096;
const ROUNDS: usize = 3;

fn main() -> io::Result<()> {
    let dir = std::env::temp_dir().join(format!("synk-log-speed-{}", std::process::id()));
    for (name, text) in [("plain", plain()), ("coloured", coloured()), ("repaints", repaints())] {
        let text = text.into_bytes();
        let megabytes = text.len() as f64 / 1e6;
        let mut written = Duration::MAX;
        for _ in 0..ROUNDS {
            fs::create_dir(&dir)?;
            let begun = Instant::now();
            write(&dir, &text)?;
            written = written.min(begun.elapsed());
            fs::remove_dir_all(&dir)?;
        }
        fs::create_dir(&dir)?;
        write(&dir, &text)?;
        println!("{name}: write {:.0} MB/s", megabytes / written.as_secs_f64());
        for needle in ["not in there", "überall nicht", "Needle", "e"] {
            let query = Query { text: needle, match_case: None, limit: 200, deadline: None };
            let mut best = Duration::MAX;
            let mut hits = 0;
            for _ in 0..ROUNDS {
                let begun = Instant::now();
                hits = search(&dir, &query)?.hits.len();
                best = best.min(begun.elapsed());
            }
            let speed = megabytes / best.as_secs_f64();
            println!(
                "{name}: search {needle:?} {:.1} ms, {speed:.0} MB/s, {hits} hits",
                best.as_secs_f64() * 1e3
            );
        }
        for offset in [None, Some(8 << 20)] {
            let begun = Instant::now();
            let past = screen_at(&dir, offset, 5000)?;
            println!(
                "{name}: screen at {} in {:.1} ms",
                past.offset,
                begun.elapsed().as_secs_f64() * 1e3
            );
        }
        fs::remove_dir_all(&dir)?;
    }
    Ok(())
}

fn write(dir: &Path, text: &[u8]) -> io::Result<()> {
    let size = Size { cols: 120, rows: 40 };
    let mut log = Writer::open(dir, size, LIMIT, 0)?;
    let mut screen = synk_screen::Screen::new(120, 40, 5000);
    for (at, chunk) in text.chunks(CHUNK).enumerate() {
        if log.take_due().is_some() {
            log.begin_segment(at as u64, size, &screen.snapshot(synk_screen::Scope::Scrollback));
        }
        // The end of what was before is on the screen, which is as much work for a snapshot.
        if at % 64 == 0 {
            screen.feed(chunk);
        }
        log.append(at as u64, chunk);
    }
    log.finish(0);
    Ok(())
}

fn plain() -> String {
    "the quick brown fox jumps over the lazy dog, and then it does so again \r\n".repeat(BYTES / 73)
}

fn coloured() -> String {
    let mut text = String::with_capacity(BYTES + 200);
    let mut line = 0;
    while text.len() < BYTES {
        line += 1;
        write!(
            text,
            "\x1b[1;38;5;33mname{line}\x1b[m \x1b[32m+added\x1b[39m \x1b[48;2;40;40;60mpärt {}\x1b[m\r\n",
            line * 7
        )
        .unwrap();
    }
    text
}

fn repaints() -> String {
    let mut text = String::with_capacity(BYTES + 200);
    let mut count = 0;
    while text.len() < BYTES {
        count += 1;
        for row in 1..40 {
            write!(text, "\x1b[{row};1H\x1b[2K\x1b[3{}mrow {row}\x1b[m of a screen", count % 8)
                .unwrap();
        }
    }
    text
}
