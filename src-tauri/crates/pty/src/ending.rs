//! Ending a whole process tree: first politely, then less so, and looking again each time,
//! because processes start others while they are being ended. Some cannot be ended: another
//! user's, which may not be signalled, or one that waits for a disk that does not answer. They
//! are let be in the end, so that nobody waits for ever.
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
/// How long a killed process may take to be gone. It takes milliseconds, or seconds for one
/// that has much memory to give back or waits for a slow disk; what takes longer waits for
/// something that may never come.
const KILL: Duration = Duration::from_secs(3);
/// How soon to look again…
const POLL: Duration = Duration::from_millis(20);
/// …but only so long after a signal: what heeds it does so at once…
const BRISK: Duration = Duration::from_secs(1);
/// …and a look reads a file for each process of the machine.
const SLOW_POLL: Duration = Duration::from_millis(200);

/// What to do after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Call [`Ending::step`] again after this long, or as soon as a child ends.
    Again(Duration),
    /// No process of the tree is left but these, which cannot be ended.
    Over(Vec<Process>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    HangUp,
    Terminate,
    Kill,
}

impl Phase {
    fn signal(self) -> Signal {
        match self {
            Self::HangUp => Signal::HUP,
            Self::Terminate => Signal::TERM,
            Self::Kill => Signal::KILL,
        }
    }

    fn limit(self) -> Duration {
        match self {
            Self::HangUp => HANG_UP,
            Self::Terminate => TERMINATE,
            Self::Kill => KILL,
        }
    }

    fn next(self) -> Option<Self> {
        match self {
            Self::HangUp => Some(Self::Terminate),
            Self::Terminate => Some(Self::Kill),
            Self::Kill => None,
        }
    }
}

/// The end of the tree below this process, in progress.
pub struct Ending {
    tree: Tree,
    course: Course,
}

impl Ending {
    /// Prepares to end every process below this one; nothing is sent before the first
    /// step. `session_leader` is the program on the terminal, if it is still alive.
    pub fn new(session_leader: Option<u32>) -> Self {
        Self::of(Tree::of_this_process(session_leader))
    }

    /// Prepares to end the processes of a tree.
    pub fn of(tree: Tree) -> Self {
        Self { tree, course: Course::begin(Phase::HangUp, None) }
    }

    /// Looks who is left and sends what is due: a hang-up at first, SIGTERM after 500 ms,
    /// SIGKILL after 3 more seconds. A process that appears meanwhile gets what the others
    /// got. Those that are left 3 seconds after SIGKILL are let be, and without that wait when
    /// none of them may be signalled.
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
        let untold = self.course.advance(&members, now);
        let phase = self.course.phase;
        let refused = self.tree.signal(&untold, phase.signal());
        if phase != Phase::Kill {
            // A stopped process cannot act on a signal.
            self.tree.signal(&untold, Signal::CONT);
        }
        self.course.refused.extend(refused);
        self.course.verdict(members, now)
    }
}

/// How far an ending has come, apart from looking and signalling.
struct Course {
    phase: Phase,
    /// Start of the phase; `None` before the first step.
    since: Option<Instant>,
    /// Who got this phase's signal already.
    told: HashSet<Process>,
    /// Those of them that may not be signalled.
    refused: HashSet<Process>,
}

impl Course {
    fn begin(phase: Phase, since: Option<Instant>) -> Self {
        Self { phase, since, told: HashSet::new(), refused: HashSet::new() }
    }

    /// Goes on to the next phase if that is due; answers who is to get the phase's signal now.
    fn advance(&mut self, members: &[Process], now: Instant) -> Vec<Process> {
        if self.elapsed(now) >= self.phase.limit()
            && let Some(next) = self.phase.next()
        {
            *self = Self::begin(next, Some(now));
        }
        self.since.get_or_insert(now);
        members.iter().copied().filter(|process| self.told.insert(*process)).collect()
    }

    /// What to do about those that are left.
    fn verdict(&self, mut members: Vec<Process>, now: Instant) -> Step {
        let elapsed = self.elapsed(now);
        let limit = self.phase.limit();
        // Until the others are killed even these have time: they may end because of them.
        let all_refused = members.iter().all(|process| self.refused.contains(process));
        let is_in_vain = self.phase == Phase::Kill && (elapsed >= limit || all_refused);
        if members.is_empty() || is_in_vain {
            members.sort_unstable_by_key(|process| process.pid);
            return Step::Over(members);
        }
        let pause = if elapsed < BRISK { POLL } else { SLOW_POLL };
        Step::Again(pause.min(limit.saturating_sub(elapsed)))
    }

    fn elapsed(&self, now: Instant) -> Duration {
        self.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Process = Process { pid: 71, started: 1 };
    const OTHER: Process = Process { pid: 72, started: 1 };

    /// The ending of processes that nothing ends.
    struct Stuck {
        course: Course,
        start: Instant,
        /// Who may not be signalled.
        foreign: &'static [Process],
        /// Who is sent what.
        sent: Vec<(Process, Signal)>,
    }

    impl Stuck {
        fn new(foreign: &'static [Process]) -> Self {
            let course = Course::begin(Phase::HangUp, None);
            Self { course, start: Instant::now(), foreign, sent: Vec::new() }
        }

        /// A step so many milliseconds after the first, with these left.
        fn step(&mut self, milliseconds: u64, members: &[Process]) -> Step {
            let now = self.start + Duration::from_millis(milliseconds);
            self.sent.clear();
            for process in self.course.advance(members, now) {
                self.sent.push((process, self.course.phase.signal()));
                if self.foreign.contains(&process) {
                    self.course.refused.insert(process);
                }
            }
            self.course.verdict(members.to_vec(), now)
        }

        /// Steps as often as told, until it is over; answers when that was, what was sent on the
        /// way and who was left.
        fn run(&mut self, members: &[Process]) -> (u64, Vec<Signal>, Vec<Process>) {
            let (mut at, mut signals) = (0, Vec::new());
            loop {
                let step = self.step(at, members);
                signals.extend(self.sent.iter().map(|(_, signal)| *signal));
                match step {
                    Step::Again(after) => at += u64::try_from(after.as_millis()).unwrap(),
                    Step::Over(left) => return (at, signals, left),
                }
            }
        }
    }

    const ALL: [Signal; 3] = [Signal::HUP, Signal::TERM, Signal::KILL];

    #[test]
    fn what_a_kill_does_not_end_is_let_be_after_three_seconds() {
        let (took, signals, left) = Stuck::new(&[]).run(&[ONE]);
        assert_eq!((took, left), (6500, vec![ONE]));
        assert_eq!(signals, ALL, "each once");
    }

    #[test]
    fn what_may_not_be_signalled_is_let_be_with_the_kill() {
        let (took, signals, left) = Stuck::new(&[OTHER, ONE]).run(&[OTHER, ONE]);
        assert_eq!((took, left), (3500, vec![ONE, OTHER]));
        assert_eq!(signals, [ALL[0], ALL[0], ALL[1], ALL[1], ALL[2], ALL[2]]);
    }

    #[test]
    fn what_was_killed_is_waited_for_beside_what_may_not_be_signalled() {
        let mut stuck = Stuck::new(&[ONE]);
        for at in [0, 500, 3500, 3600] {
            assert!(matches!(stuck.step(at, &[ONE, OTHER]), Step::Again(_)), "{at}");
        }
        assert_eq!(stuck.step(3620, &[ONE]), Step::Over(vec![ONE]), "the killed one is gone");
        assert_eq!(Stuck::new(&[ONE]).run(&[ONE, OTHER]).0, 6500, "it does not go");
    }

    #[test]
    fn it_is_over_at_once_when_nobody_is_left() {
        assert_eq!(Stuck::new(&[]).step(0, &[]), Step::Over(vec![]));
        let mut stuck = Stuck::new(&[]);
        stuck.step(0, &[ONE]);
        assert_eq!(stuck.step(20, &[]), Step::Over(vec![]));
    }

    #[test]
    fn one_that_appears_gets_what_the_others_got() {
        let mut stuck = Stuck::new(&[]);
        stuck.step(0, &[ONE]);
        stuck.step(20, &[ONE, OTHER]);
        assert_eq!(stuck.sent, [(OTHER, Signal::HUP)]);
        stuck.step(500, &[ONE]);
        assert_eq!(stuck.sent, [(ONE, Signal::TERM)]);
        stuck.step(520, &[ONE, OTHER]);
        assert_eq!(stuck.sent, [(OTHER, Signal::TERM)]);
    }

    #[test]
    fn it_looks_often_at_first_and_never_beyond_a_phase() {
        let mut stuck = Stuck::new(&[]);
        assert_eq!(stuck.step(0, &[ONE]), Step::Again(POLL));
        assert_eq!(stuck.step(495, &[ONE]), Step::Again(Duration::from_millis(5)));
        assert_eq!(stuck.step(500, &[ONE]), Step::Again(POLL), "another signal");
        assert_eq!(stuck.step(1499, &[ONE]), Step::Again(POLL));
        assert_eq!(stuck.step(1500, &[ONE]), Step::Again(SLOW_POLL));
        assert_eq!(stuck.step(3400, &[ONE]), Step::Again(Duration::from_millis(100)));
        assert_eq!(stuck.step(3500, &[ONE]), Step::Again(POLL), "another signal");
        assert_eq!(stuck.step(4500, &[ONE]), Step::Again(SLOW_POLL));
    }
}
