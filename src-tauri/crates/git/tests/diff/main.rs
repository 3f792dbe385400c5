//! What `diff` says is what git says: a table of repositories, each compared with the output of
//! the user's git.
#![expect(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is how it fails")]

#[path = "../common/mod.rs"]
mod common;
mod files;
mod git_says;
mod odd;
mod sides;
