//! Ending a whole process tree: first politely, then less so, and looking again each time,
//! because processes start others while they are being ended.
//!
//! It is a state machine without a clock: the caller says what time it is and waits as
//! long as it is told, or until it hears of a child's end.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::tree::{Process, Tree};

/// How long a hang-up may take before processes are asked to terminate.
const HANG_UP: Duration = Duration::from_millis(500);
/// How long terminating may take before processes are killed.
const TERMINATE: Duration = Duration::from_secs(3);
/// How soon to look again.
const POLL: Duration = Duration::from_millis(20);

/// What to do after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Call [`Ending::step`] again after this long, or as soon as a child ends.
    Again(Duration),
    /// No process of the tree is left.
    Gone,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    HangUp,
    Terminate,
    Kill,
}

/// The end of the tree below this process, in progress.
pub struct Ending {
    tree: Tree,
    phase: Phase,
    /// Start of the phase; `None` before the first step.
    since: Option<Instant>,
    /// Who got this phase's signal already.
    told: HashSet<Process>,
}

impl Ending {
    /// Prepares to end every process below this one; nothing is sent before the first
    /// step. `session_leader` is the program on the terminal, if it is still alive.
    pub fn new(session_leader: Option<u32>) -> Self {
        Self::of(Tree::of_this_process(session_leader))
    }

    /// Prepares to end the processes of a tree.
    pub fn of(tree: Tree) -> Self {
        Self { tree, phase: Phase::HangUp, since: None, told: HashSet::new() }
    }

    /// Looks who is left and sends what is due: a hang-up at first, SIGTERM after 500 ms,
    /// SIGKILL after 3 more seconds. A process that appears meanwhile gets what the others
    /// got.
    pub fn step(&mut self, now: Instant) -> Step {
        // A process can be missed when its parent ends while the list is read; it cannot
        // be missed twice.
        let members = match self.tree.members() {
            Ok(members) if members.is_empty() => self.tree.members(),
            members => members,
        };
        let Ok(members) = members else {
            // Not being able to look is no sign that nobody is left.
            return Step::Again(POLL);
        };
        if members.is_empty() {
            return Step::Gone;
        }
        let since = *self.since.get_or_insert(now);
        let elapsed = now.saturating_duration_since(since);
        let due = match self.phase {
            Phase::HangUp if elapsed >= HANG_UP => Some(Phase::Terminate),
            Phase::Terminate if elapsed >= TERMINATE => Some(Phase::Kill),
            _ => None,
        };
        if let Some(phase) = due {
            self.phase = phase;
            self.since = Some(now);
            self.told.clear();
        }
        let new: Vec<Process> =
            members.into_iter().filter(|process| self.told.insert(*process)).collect();
        match self.phase {
            Phase::HangUp => {
                self.tree.signal(&new, Signal::HUP);
                // A stopped process cannot act on a signal.
                self.tree.signal(&new, Signal::CONT);
            }
            Phase::Terminate => {
                self.tree.signal(&new, Signal::TERM);
                self.tree.signal(&new, Signal::CONT);
            }
            Phase::Kill => self.tree.signal(&new, Signal::KILL),
        }
        Step::Again(POLL)
    }
}
