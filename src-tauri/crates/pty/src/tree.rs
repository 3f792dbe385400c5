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
use std::path::PathBuf;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, getpgid, kill_process};
use sysinfo::{ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System, UpdateKind};

/// How far a process's start may lie from when it was noted, in seconds: both are rounded,
/// and the system's own idea of when it was booted wavers by one.
const START_TOLERANCE: u64 = 2;

/// A process, told apart from a later one with the same id by its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// When it started, in seconds since 1970.
    pub started: u64,
}

/// A program on a terminal whose owner is gone, as its record tells of it. Its id may have
/// been used again since, above all when the machine was started anew.
#[derive(Clone, Copy, Debug)]
pub struct Former<'a> {
    /// Its process id, which was that of its session too.
    pub pid: u32,
    /// When it was started, in milliseconds since 1970.
    pub started_at: u64,
    /// A variable, as `NAME=value`, that nothing but this program's processes has.
    pub variable: &'a str,
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

    /// The tree below this process, and what is left of a program that another process
    /// started: it, its terminal's session and all below them. Only what is certain counts:
    /// the program itself by its start or, when it has ended, the members of its session by
    /// their environment.
    pub fn with_former(former: Former<'_>) -> io::Result<Self> {
        let mut tree = Self { session: Some(former.pid), ..Self::of_this_process(None) };
        let seen = tree.scan()?;
        let certain = match seen.get(&former.pid).filter(|leader| leader.alive) {
            Some(leader) => {
                let started = leader.process.started;
                let certain = started.abs_diff(former.started_at / 1000) <= START_TOLERANCE;
                // Whoever it is that leads the session.
                tree.known.extend(certain.then_some(leader.process));
                certain
            }
            None => seen.values().any(|one| {
                one.in_session && one.alive && tree.has_variable(one.process.pid, former.variable)
            }),
        };
        // For as long as a session has a member the system gives its id to nobody else.
        tree.session = tree.session.filter(|_| certain);
        Ok(tree)
    }

    /// Whether a process was started with a variable.
    fn has_variable(&mut self, pid: u32, variable: &str) -> bool {
        let Some(system) = &mut self.system else { return false };
        let pid = sysinfo::Pid::from_u32(pid);
        let kind = ProcessRefreshKind::nothing().without_tasks().with_environ(UpdateKind::Always);
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, kind);
        let process = system.process(pid);
        process.is_some_and(|process| process.environ().iter().any(|one| one == variable))
    }

    /// Whether a process is one of Synk's own that go on without who started them: a daemon, a
    /// shim or the window, by the executable, which no other program can claim to be. From a
    /// session one is started by a verb there, and other sessions hang on it.
    fn is_independent(&mut self, pid: u32) -> bool {
        let Some(system) = &mut self.system else { return false };
        let id = i32::try_from(pid).ok().and_then(Pid::from_raw);
        // Each leads a group, so few of a large tree have to be looked at.
        if id.is_none_or(|id| getpgid(Some(id)) != Ok(id)) {
            return false;
        }
        let (own, pid) = (sysinfo::Pid::from_u32(self.own), sysinfo::Pid::from_u32(pid));
        let kind = ProcessRefreshKind::nothing()
            .without_tasks()
            .with_exe(UpdateKind::Always)
            .with_cmd(UpdateKind::Always);
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own, pid]), false, kind);
        let program = |pid| system.process(pid).and_then(sysinfo::Process::exe);
        // An upgrade changes the file and not the path.
        let (Some(own), Some(program)) = (program(own), program(pid)) else { return false };
        if program != own {
            return program == own.with_file_name("synk-desktop");
        }
        match system.process(pid).map(sysinfo::Process::cmd).unwrap_or_default() {
            [_, verb, ..] if verb == "shim" => true,
            [_, verb, detached, ..] => verb == "daemon" && detached == "--detach",
            _ => false,
        }
    }

    /// Looks up the living processes of the tree. Those that have ended and only wait to
    /// be reaped are not among them; neither are this process and its ancestors, nor a daemon, a
    /// shim or the window of Synk and what is below those.
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
            let is_let_be =
                ancestors.contains(&pid) || (pid != self.own && self.is_independent(pid));
            if !is_let_be && reached.insert(pid) {
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
    /// last [`Tree::members`]; answers those that this process may not signal.
    pub fn signal(&self, processes: &[Process], signal: Signal) -> Vec<Process> {
        let mut refused = Vec::new();
        for process in processes.iter().filter(|process| self.known.contains(process)) {
            let Some(pid) = i32::try_from(process.pid).ok().and_then(Pid::from_raw) else {
                continue;
            };
            match kill_process(pid, signal) {
                // It may have ended by itself.
                Ok(()) | Err(Errno::SRCH) => {}
                // It is another user's, as what `sudo` runs.
                Err(Errno::PERM) => refused.push(*process),
                Err(error) => debug_assert!(false, "kill {pid:?}: {error}"),
            }
        }
        refused
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

/// The folder that a process is in, unless that was removed.
pub fn current_dir(pid: u32) -> Option<PathBuf> {
    #[cfg(target_os = "linux")]
    let folder = std::fs::read_link(format!("/proc/{pid}/cwd")).ok();
    #[cfg(not(target_os = "linux"))]
    let folder = {
        let mut system = System::new().ok()?;
        let pid = sysinfo::Pid::from_u32(pid);
        let kind = ProcessRefreshKind::nothing().with_cwd(UpdateKind::Always);
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, kind);
        system.process(pid).and_then(|process| process.cwd().map(Into::into))
    };
    // This is how Linux marks one that was removed.
    folder
        .filter(|folder: &PathBuf| !folder.as_os_str().as_encoded_bytes().ends_with(b" (deleted)"))
}

/// The name of a process.
pub fn name(pid: u32) -> Option<String> {
    #[cfg(target_os = "linux")]
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).ok();
    #[cfg(not(target_os = "linux"))]
    let name = {
        let mut system = System::new().ok()?;
        let pid = sysinfo::Pid::from_u32(pid);
        let kind = ProcessRefreshKind::nothing();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, kind);
        system.process(pid).map(|process| process.name().to_string_lossy().into_owned())
    };
    name.map(|name| name.trim_end().to_owned()).filter(|name| !name.is_empty())
}
