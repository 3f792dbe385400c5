//! Giving way while the program floods. What it puts out can wait; a person who types in
//! another pane, or the window that shows it, cannot.
//!
//! Linux gives every session of processes (`setsid`) the same share of the processor, and each
//! shim is one, so that a dozen floods leave the window a small part of it. The niceness of such
//! a group, unlike that of a process, may be taken back by its user: `sched(7)`, “The autogroup
//! feature”. It is no limit: where nobody else wants the processor, a flood is as fast as ever.
//! Where a system shares its processor in another way (cgroups, macOS), nothing is done.

use std::{io, time::Duration};
use tokio::time::Instant;

/// The niceness of a shim whose program floods: a twenty-eighth of the usual share.
const GIVING_WAY: u8 = 15;
/// A program floods when it put out so many bytes…
const FLOOD_BYTES: u64 = 256 * 1024;
/// …in so short a time: more than a viewer follows line by line.
const FLOOD_TIME: Duration = Duration::from_millis(250);
/// The flood is over when there were no more than so many bytes…
const CALM_BYTES: u64 = 64 * 1024;
/// …in so long a time: one that gives way may have been slow only for that.
const CALM_TIME: Duration = Duration::from_secs(1);

/// Whether the program floods, and what was done about it.
#[derive(Debug, Default)]
pub(super) struct Flood {
    /// The time in which output is counted, while there is something to count.
    counting: Option<Counting>,
    floods: bool,
    gives_way: bool,
    /// The system has no niceness for groups.
    cannot: bool,
}

#[derive(Debug)]
struct Counting {
    until: Instant,
    bytes: u64,
}

impl Flood {
    /// The program put something out.
    pub(super) fn heard(&mut self, bytes: usize, now: Instant) {
        if self.cannot {
            return;
        }
        let time = if self.floods { CALM_TIME } else { FLOOD_TIME };
        let counting = self.counting.get_or_insert(Counting { until: now + time, bytes: 0 });
        counting.bytes += bytes as u64;
    }

    pub(super) fn due(&self) -> Option<Instant> {
        self.counting.as_ref().map(|counting| counting.until)
    }

    /// Judges the time that is over, and gives way or not.
    pub(super) fn on_deadline(&mut self, now: Instant) {
        self.judge(now);
        if self.gives_way == self.floods {
            return;
        }
        match set_niceness(if self.floods { GIVING_WAY } else { 0 }) {
            Ok(()) => self.gives_way = self.floods,
            // It may be changed ten times a second, by all that run here: tried again.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => {
                tracing::debug!("a flood does not give way: {error}");
                *self = Self { cannot: true, ..Self::default() };
            }
        }
    }

    fn judge(&mut self, now: Instant) {
        let bytes = self.counting.take().map_or(0, |counting| counting.bytes);
        self.floods = bytes > if self.floods { CALM_BYTES } else { FLOOD_BYTES };
        // Its end is to be noticed, and what could not be done is to be tried again.
        if self.floods || self.gives_way {
            self.counting = Some(Counting { until: now + CALM_TIME, bytes: 0 });
        }
    }
}

#[cfg(target_os = "linux")]
fn set_niceness(niceness: u8) -> io::Result<()> {
    std::fs::write("/proc/self/autogroup", niceness.to_string())
}

#[cfg(not(target_os = "linux"))]
fn set_niceness(_: u8) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it floods after so many bytes in each of these times.
    fn judged(flood: &mut Flood, now: &mut Instant, bytes: u64) -> bool {
        flood.heard(usize::try_from(bytes).unwrap(), *now);
        *now = flood.due().unwrap();
        flood.judge(*now);
        flood.floods
    }

    #[test]
    fn a_flood_begins_fast_and_ends_after_a_calm_second() {
        let (mut flood, mut now) = (Flood::default(), Instant::now());
        assert_eq!(flood.due(), None, "a session at rest costs nothing");
        assert!(!judged(&mut flood, &mut now, FLOOD_BYTES), "a screenful is no flood");
        assert_eq!(flood.due(), None);
        let began = now;
        assert!(judged(&mut flood, &mut now, FLOOD_BYTES + 1));
        assert_eq!(now - began, FLOOD_TIME);
        assert!(judged(&mut flood, &mut now, CALM_BYTES + 1), "it is slow because it gives way");
        let before = now;
        assert!(!judged(&mut flood, &mut now, CALM_BYTES));
        assert_eq!(now - before, CALM_TIME);
    }

    #[test]
    fn the_end_of_a_flood_is_noticed_without_another_byte() {
        let (mut flood, mut now) = (Flood::default(), Instant::now());
        assert!(judged(&mut flood, &mut now, FLOOD_BYTES + 1));
        flood.gives_way = true;
        flood.judge(now + CALM_TIME);
        assert!(!flood.floods);
        assert!(flood.due().is_some(), "until the share is the usual one again");
        flood.gives_way = false;
        flood.judge(now + 2 * CALM_TIME);
        assert_eq!(flood.due(), None);
    }
}
