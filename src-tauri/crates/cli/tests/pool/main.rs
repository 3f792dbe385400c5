//! Shells that wait for their session, through the real program: Debian's bash, zsh, fish and
//! dash, which the test set-up installs, with start-up files of all kinds.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]
#![cfg(target_os = "linux")]

mod claims;
mod cold;
mod faults;
mod isolation;
#[expect(dead_code, reason = "a part is for the tests of speed alone")]
mod pooled;
mod startup;

use pooled::{Pooled, SHELLS};
