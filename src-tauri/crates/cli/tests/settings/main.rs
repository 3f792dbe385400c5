//! The settings: that each has its effect, and that everybody is told of a change.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]
#![cfg(target_os = "linux")]

mod every;
mod logs;
mod pool;
mod sessions;
mod told;
mod worktrees;

#[expect(dead_code, reason = "a part is for the tests of the pool")]
#[path = "../pool/pooled.rs"]
mod pooled;
#[path = "../worktrees/world.rs"]
mod world;

use std::fs;
use synk_testkit::Home;

/// A home without a pool and with these settings besides.
fn home(settings: &str) -> Home {
    let home = Home::without_pool(env!("CARGO_BIN_EXE_synk"));
    let path = home.places().settings();
    let before = fs::read_to_string(&path).unwrap();
    fs::write(path, before + settings).unwrap();
    home
}
