//! Real shells with all kinds of start-up files, on real terminals. Debian's bash, zsh, fish
//! and dash, which the test set-up installs.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::missing_panics_doc,
    reason = "tests"
)]

mod behaviour;
mod claims;
mod hostile;
mod prompts;
mod same;
mod session;
mod speed;
