//! What a process that keeps children does about them: it leaves its starter's session,
//! adopts what its children leave behind, and collects the dead.

use std::io;

use rustix::io::Errno;
use rustix::process::{WaitOptions, getpid, getsid, setsid, wait};

/// Detaches this process from the session and terminal of its starter, so that no signal
/// meant for those reaches it, and (on Linux) makes it the parent of its descendants'
/// orphans, so that it can find and reap them. macOS has no such thing; there orphans go
/// to `launchd`.
///
/// Being the leader of its own session already is no error. Being the leader of a process
/// group in another's session is: the process then has to be started differently.
pub fn become_session_leader_and_subreaper() -> io::Result<()> {
    match setsid() {
        Ok(_) => {}
        Err(Errno::PERM) if getsid(None)? == getpid() => {}
        Err(error) => return Err(error.into()),
    }
    #[cfg(target_os = "linux")]
    rustix::process::set_child_subreaper(Some(getpid()))?;
    Ok(())
}

/// A child of this process that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exited {
    /// Its process id, free to be reused from now on.
    pub pid: u32,
    /// Its exit code; 128 and the signal's number when a signal ended it.
    pub code: i32,
}

/// Collects every child that has ended, without waiting for any. To be called whenever
/// SIGCHLD arrives: signals of children that end together are delivered as one.
pub fn reap() -> Vec<Exited> {
    let mut ended = Vec::new();
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some((pid, status))) => {
                let code = status
                    .exit_status()
                    .or_else(|| status.terminating_signal().map(|signal| 128 + signal));
                if let Some(code) = code {
                    ended.push(Exited { pid: pid.as_raw_nonzero().get().unsigned_abs(), code });
                }
            }
            Err(Errno::INTR) => {}
            // No child has ended, or there is none.
            Ok(None) | Err(_) => return ended,
        }
    }
}
