//! Sessions on branches of their own, through the real daemon.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

#[cfg(target_os = "linux")]
mod folders;
mod removing;
mod scripts;
mod sessions;
mod watching;
mod world;
