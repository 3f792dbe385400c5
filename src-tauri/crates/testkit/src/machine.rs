//! How fast this machine is just now, so that a limit in milliseconds means the same on a slow
//! one. It says nothing of the product: what is timed is the system's own start of a program.

use std::{
    process::Command,
    time::{Duration, Instant},
};

/// What starting and reaping `true` takes on the machine on which the limits were set, rounded
/// up: 1.23 to 1.37 ms between claims of the pool, on two processors of an Intel Xeon at rest.
const REFERENCE: Duration = Duration::from_micros(1300);

/// Starts of a small program, taken in turns with what is measured.
#[derive(Debug, Default)]
pub struct MachineSpeed(Vec<Duration>);

impl MachineSpeed {
    /// Takes one more.
    pub fn sample(&mut self) {
        let begin = Instant::now();
        let ended = Command::new("true").status().expect("this machine has no `true`");
        assert!(ended.success(), "`true` failed");
        self.0.push(begin.elapsed());
    }

    /// What a limit is on this machine: as it stands where a program starts as fast as on the
    /// reference, or faster, and longer by as much as it starts slower.
    #[must_use]
    pub fn allows(&self, limit: Duration) -> Duration {
        limit.mul_f64(self.slowness())
    }

    /// How many times longer than on the reference a start takes; at least 1.
    #[must_use]
    pub fn slowness(&self) -> f64 {
        let mut starts = self.0.clone();
        starts.sort_unstable();
        let Some(median) = starts.get(starts.len() / 2) else { return 1.0 };
        median.div_duration_f64(REFERENCE).max(1.0)
    }
}
