//! Questions about processes: who is whose child, what one holds, who is still there. Read
//! from `/proc`, and from `ps` where there is none.

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
#[cfg(target_os = "linux")]
use std::{fs, path::PathBuf, time::Duration};

/// What is known about a process that runs. One that has ended and waits to be reaped does
/// not run any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// Its parent's id.
    pub parent: u32,
    /// The leader of its session.
    pub session: u32,
    /// Whether it has a controlling terminal.
    pub has_terminal: bool,
    /// How many threads it has.
    pub threads: u32,
}

/// The process with that id, if it runs.
pub fn find(pid: u32) -> Option<Process> {
    all().into_iter().find(|process| process.pid == pid)
}

/// Whether a process runs.
pub fn runs(pid: u32) -> bool {
    find(pid).is_some()
}

/// The processes that a process started and that still are its own.
pub fn children(pid: u32) -> Vec<u32> {
    all().into_iter().filter(|process| process.parent == pid).map(|process| process.pid).collect()
}

/// Kills a process that is known to run.
pub fn kill(pid: u32) {
    signal(pid, Signal::KILL);
}

/// Kills a process that may have ended by now.
pub fn kill_if_alive(pid: u32) {
    kill_process(id(pid), Signal::KILL).ok();
}

/// Stops a process where it stands.
pub fn freeze(pid: u32) {
    signal(pid, Signal::STOP);
}

/// Lets a stopped process go on.
pub fn thaw(pid: u32) {
    signal(pid, Signal::CONT);
}

/// Ends a process group in every way that a terminal and its user have.
pub fn end_group(leader: u32) {
    for signal in [Signal::INT, Signal::QUIT, Signal::HUP, Signal::TERM, Signal::KILL] {
        // The signals before may have ended it.
        kill_process_group(id(leader), signal).ok();
    }
}

fn signal(pid: u32, signal: Signal) {
    kill_process(id(pid), signal).expect("a process that runs");
}

fn id(pid: u32) -> Pid {
    i32::try_from(pid).ok().and_then(Pid::from_raw).expect("a process id")
}

/// The processes with `variable` (as `NAME=value`) in their environment, and how each was
/// called.
#[cfg(target_os = "linux")]
pub fn with_variable(variable: &str) -> Vec<(u32, String)> {
    let has_it = |pid: &u32| {
        fs::read(format!("/proc/{pid}/environ"))
            .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one == variable.as_bytes()))
    };
    let called = |pid: u32| {
        let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        (pid, String::from_utf8_lossy(&words).replace('\0', " "))
    };
    pids().into_iter().filter(has_it).map(called).collect()
}

/// How long a process and all its threads have had a processor so far, by the clock that the
/// kernel keeps for that. The ticks of `/proc/<pid>/stat` are no measure of little: they go to
/// whoever runs when the timer does, and who is woken by a timer always does.
///
/// # Panics
/// When it is gone.
#[cfg(target_os = "linux")]
pub fn processor_time(pid: u32) -> Duration {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(pid).expect("a process id"));
    let clock = nix::time::clock_getcpuclockid(pid).expect("a process");
    nix::time::clock_gettime(clock).expect("its time").into()
}

/// The memory that a process occupies, in bytes.
#[cfg(target_os = "linux")]
pub fn resident_bytes(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("a process that runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kilobytes = line.trim().trim_end_matches(" kB").parse::<u64>();
    kilobytes.expect("a number of kilobytes") * 1024
}

/// The descriptors that a process has open, and what each is.
#[cfg(target_os = "linux")]
pub fn open_files(pid: u32) -> Vec<(u32, PathBuf)> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/fd")) else { return Vec::new() };
    let open = entries.flatten().filter_map(|entry| {
        let number = entry.file_name().to_str()?.parse().ok()?;
        Some((number, fs::read_link(entry.path()).ok()?))
    });
    open.collect()
}

#[cfg(target_os = "linux")]
fn pids() -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("/proc").flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

#[cfg(target_os = "linux")]
fn all() -> Vec<Process> {
    pids().into_iter().filter_map(look_at).collect()
}

/// Reads `/proc/<pid>/stat`, whose second field, the name, may hold anything.
#[cfg(target_os = "linux")]
fn look_at(pid: u32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse().ok();
    if matches!(fields.first()?, &"Z" | &"X") {
        return None;
    }
    Some(Process {
        pid,
        parent: number(1)?,
        session: number(3)?,
        has_terminal: fields.get(4)? != &"0",
        threads: number(17)?,
    })
}

#[cfg(not(target_os = "linux"))]
use elsewhere::all;
#[cfg(not(target_os = "linux"))]
pub use elsewhere::{processor_time, resident_bytes, with_variable};

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use super::Process;
    use std::{process::Command, time::Duration};

    fn ps(arguments: &[&str]) -> String {
        let output = Command::new("ps").args(arguments).output().expect("ps");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// See the Linux one. `ps -E` prints the environment after the command.
    pub fn with_variable(variable: &str) -> Vec<(u32, String)> {
        let listed = ps(&["-axwwE", "-o", "pid=,command="]);
        let with_it = listed.lines().filter(|line| line.split(' ').any(|word| word == variable));
        with_it
            .filter_map(|line| {
                let (pid, command) = line.trim_start().split_once(' ')?;
                Some((pid.parse().ok()?, command.to_owned()))
            })
            .collect()
    }

    /// See the Linux one; `ps` says minutes and hundredths of a second.
    pub fn processor_time(pid: u32) -> Duration {
        let time = ps(&["-o", "time=", "-p", &pid.to_string()]);
        let parts = time.trim().split(':').map(|part| part.parse::<f64>().expect("a number"));
        Duration::from_secs_f64(parts.fold(0.0, |sum, part| sum * 60.0 + part))
    }

    /// See the Linux one.
    pub fn resident_bytes(pid: u32) -> u64 {
        let kilobytes = ps(&["-o", "rss=", "-p", &pid.to_string()]);
        kilobytes.trim().parse::<u64>().expect("a process that runs") * 1024
    }

    pub(super) fn all() -> Vec<Process> {
        ps(&["-ax", "-o", "pid=,ppid=,sess=,tty=,wq=,state="])
            .lines()
            .filter_map(|line| {
                let fields: Vec<&str> = line.split_whitespace().collect();
                let number = |index: usize| fields.get(index)?.parse::<u32>().ok();
                if fields.get(5)?.starts_with('Z') {
                    return None;
                }
                Some(Process {
                    pid: number(0)?,
                    parent: number(1)?,
                    session: number(2).unwrap_or(0),
                    has_terminal: !fields.get(3)?.starts_with('?'),
                    threads: number(4).unwrap_or(0),
                })
            })
            .collect()
    }
}
