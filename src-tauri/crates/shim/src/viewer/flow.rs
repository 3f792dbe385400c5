//! How a viewer is kept up to date, and when one that lags is shown the screen. What it has
//! been sent is the viewer's own.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// How often a viewer that lags is shown the screen, at the most.
pub(super) const REDRAW: Duration = Duration::from_millis(100);
/// A viewer that needs longer for a redraw is left alone for so many times that long, so that
/// it spends most of its time on what is not flooded.
const REST: u32 = 3;
/// But never for longer than this: one that was stopped, for however long, is to be brought to
/// the present when it goes on.
const LONGEST_REST: Duration = Duration::from_secs(2);
/// A flood that has been silent for so long stands still: what it left behind is shown, however
/// long its viewer was to rest.
const SILENCE: Duration = Duration::from_millis(50);
/// The flood is over when no more than this was put out since the last redraw: 640 KB/s,
/// which any viewer can follow.
pub(super) const CALM_BYTES: u64 = 64 * 1024;

/// How a viewer is kept up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// It has to start over with a whole snapshot.
    Joining,
    /// By output as it comes.
    Live,
    /// By redraws. The last was sent at `since`, when the session had put out `seen` bytes;
    /// the next is due at `redraw_at`.
    Lagging { since: Instant, redraw_at: Instant, seen: u64 },
}

impl Flow {
    pub(super) fn lagging(now: Instant, offset: u64) -> Self {
        Self::Lagging { since: now, redraw_at: on_the_beat(now + REDRAW), seen: offset }
    }

    /// The viewer has parsed all that it was sent.
    pub(super) fn caught_up(&mut self, now: Instant) {
        if let Self::Lagging { since, redraw_at, .. } = self {
            let rest = (REST * now.duration_since(*since)).min(LONGEST_REST);
            *redraw_at = (*redraw_at).max(on_the_beat(now + rest));
        }
    }

    /// Whether the session, now at `offset`, puts out more than a viewer can follow.
    pub(super) fn is_flooded(self, offset: u64) -> bool {
        matches!(self, Self::Lagging { seen, .. } if offset - seen > CALM_BYTES)
    }
}

/// When a viewer that was shown the screen at `since` is shown it at the latest, should a program
/// that was heard at `heard` put out no more.
pub(super) fn at_rest(since: Instant, heard: Instant) -> Instant {
    (heard + SILENCE).max(since + REDRAW)
}

/// The next full tenth of a second from `at` on. All shims follow the one clock, so that a
/// window with several floods draws them together.
fn on_the_beat(at: Instant) -> Instant {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let then = time + at.saturating_duration_since(Instant::now());
    let past = u32::try_from(then.as_nanos() % REDRAW.as_nanos()).unwrap_or(0);
    at + REDRAW.saturating_sub(Duration::new(0, past))
}
