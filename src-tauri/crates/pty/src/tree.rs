//! Which processes belong to this one: everything it started, however far it has strayed.
//! Process groups and sessions are no help, because shells and agents give their children
//! groups and sessions of their own; ancestry is, because on Linux this process adopts
//! whatever loses its parent (see [`crate::become_session_leader_and_subreaper`]).
//!
//! Where orphans are not adopted, a process once seen in the tree stays in it, and the
//! session of the program counts as well.
//!
//! Finding processes is left to `sysinfo`, which knows both systems: asked for nothing but
//! the list it reads one small file per process (a few milliseconds for a hundred). It
//! tells start times by the second, which is fine enough: a process id comes round again
//! within one second only after tens of thousands of others.

use std::collections::{HashMap, HashSet};
use std::io;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};
use sysinfo::{ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System};

/// A process, told apart from a later one with the same id by its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// When it started, in seconds since 1970.
    pub started: u64,
}

/// The processes below this one.
#[derive(Debug)]
pub struct Tree {
    /// `None` until the system has told about itself.
    system: Option<System>,
    own: u32,
    session: Option<u32>,
    known: HashSet<Process>,
}

/// What a scan says about one process.
struct Seen {
    process: Process,
    parent: Option<u32>,
    alive: bool,
    in_session: bool,
}

impl Tree {
    /// The tree below this process. `session_leader` is the program on the terminal; it
    /// matters only where this process does not adopt orphans.
    pub fn of_this_process(session_leader: Option<u32>) -> Self {
        Self {
            system: None,
            own: std::process::id(),
            session: session_leader.filter(|_| !adopts_orphans()),
            known: HashSet::new(),
        }
    }

    /// Looks up the living processes of the tree. Those that have ended and only wait to
    /// be reaped are not among them; neither are this process and its ancestors.
    ///
    /// An error means that nothing is known: the list could not be read this time.
    pub fn members(&mut self) -> io::Result<Vec<Process>> {
        let seen = self.scan()?;
        let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
        for one in seen.values() {
            children.entry(one.parent.unwrap_or(0)).or_default().push(one.process.pid);
        }
        let ancestors = self.ancestors(&seen);
        let strays = seen.values().filter(|one| self.is_stray(one)).map(|one| one.process.pid);
        let mut queue: Vec<u32> = strays.chain([self.own]).collect();
        let mut reached: HashSet<u32> = HashSet::new();
        while let Some(pid) = queue.pop() {
            if !ancestors.contains(&pid) && reached.insert(pid) {
                queue.extend(children.get(&pid).into_iter().flatten());
            }
        }
        reached.remove(&self.own);
        let living = reached.iter().filter_map(|pid| seen.get(pid)).filter(|one| one.alive);
        let members: Vec<Process> = living.map(|one| one.process).collect();
        self.known = members.iter().copied().collect();
        Ok(members)
    }

    /// Sends `signal` to those of `processes` that are still the ones they were at the
    /// last [`Tree::members`].
    pub fn signal(&self, processes: &[Process], signal: Signal) {
        for process in processes.iter().filter(|process| self.known.contains(process)) {
            let Some(pid) = i32::try_from(process.pid).ok().and_then(Pid::from_raw) else {
                continue;
            };
            match kill_process(pid, signal) {
                // It has ended by itself, or it is another user's and the next scan, which
                // decides when the tree is gone, finds it still there.
                Ok(()) | Err(Errno::SRCH | Errno::PERM) => {}
                Err(error) => debug_assert!(false, "kill {pid:?}: {error}"),
            }
        }
    }

    fn scan(&mut self) -> io::Result<HashMap<u32, Seen>> {
        let system = match &mut self.system {
            Some(system) => system,
            none => none.insert(System::new().map_err(io::Error::other)?),
        };
        let kind = ProcessRefreshKind::nothing().without_tasks();
        system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
        let session = self.session.map(sysinfo::Pid::from_u32);
        let seen: HashMap<u32, Seen> = system
            .processes()
            .values()
            .map(|process| {
                let pid = process.pid().as_u32();
                let seen = Seen {
                    process: Process { pid, started: process.start_time() },
                    parent: process.parent().map(sysinfo::Pid::as_u32),
                    alive: !matches!(process.status(), ProcessStatus::Zombie | ProcessStatus::Dead),
                    in_session: session.is_some() && process.session_id() == session,
                };
                (pid, seen)
            })
            .collect();
        // A list that could not be read is an empty one.
        if seen.contains_key(&self.own) {
            Ok(seen)
        } else {
            Err(io::Error::other("the list of processes cannot be read"))
        }
    }

    /// This process's parent, that one's parent, and so on.
    fn ancestors(&self, seen: &HashMap<u32, Seen>) -> HashSet<u32> {
        let mut ancestors = HashSet::new();
        let mut next = seen.get(&self.own).and_then(|one| one.parent);
        while let Some(pid) = next.filter(|pid| ancestors.insert(*pid)) {
            next = seen.get(&pid).and_then(|one| one.parent);
        }
        ancestors
    }

    /// Whether a process belongs here whoever its parent is now.
    fn is_stray(&self, one: &Seen) -> bool {
        one.in_session || self.known.contains(&one.process)
    }
}

/// Whether orphans come back to this process.
fn adopts_orphans() -> bool {
    #[cfg(target_os = "linux")]
    return rustix::process::child_subreaper().is_ok_and(|subreaper| subreaper.is_some());
    #[cfg(not(target_os = "linux"))]
    false
}
