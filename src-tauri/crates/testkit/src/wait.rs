//! Waiting for something to become true: the only sleep that the tests have.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// How long anything may take. Far more than it does, so that a busy machine fails nothing.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// How often is looked.
const STEP: Duration = Duration::from_millis(10);

/// How often a fault is tried: as often as `SYNK_ROUNDS` says, or so often. The fault may hit
/// one moment in a hundred, so there is a long run besides the usual one.
///
/// # Panics
/// When the variable is no number.
pub fn rounds(usual: u32) -> u32 {
    std::env::var("SYNK_ROUNDS").map_or(usual, |said| said.parse().expect("SYNK_ROUNDS"))
}

/// Looks until there is something, and fails the test when nothing came in time.
#[track_caller]
pub fn wait_for<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    wait(look).unwrap_or_else(|| panic!("waited {PATIENCE:?} in vain for {what}"))
}

/// The same, for who has more to say about a failure.
pub(crate) fn wait<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let limit = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if Instant::now() >= limit {
            return None;
        }
        sleep(STEP);
    }
}
