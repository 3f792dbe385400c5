//! What `merge` makes is what git makes by hand, and nothing else in the repository changes.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

mod branches;
mod by_hand;
#[path = "../common/mod.rs"]
mod common;
mod programs;
