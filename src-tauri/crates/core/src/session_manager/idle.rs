//! Whether a session may be interrupted: nothing runs in it that is still at work. Told from
//! outside, since this also has to be known of sessions whose shim cannot be asked.

use std::{
    fs, io,
    path::Path,
    time::{Duration, SystemTime},
};
use synk_protocol::{AgentType, SessionRecord};
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use crate::processes::tree;

/// How long a session has to be quiet.
pub(super) const QUIET: Duration = Duration::from_secs(15);

/// Watches one session's processes from look to look.
#[derive(Debug, Default)]
pub(super) struct IdleWatch {
    system: Option<System>,
    last: Option<(u64, SystemTime)>,
}

impl IdleWatch {
    /// Looks; answers whether the session has been idle for [`QUIET`]: it put out nothing
    /// and its processes used no processor time, and a shell has no other program running.
    /// One whose program has ended is idle.
    ///
    /// # Errors
    /// When the processes cannot be read.
    pub(super) fn look(&mut self, record: &SessionRecord, log: &Path) -> io::Result<bool> {
        let Some(leader) = record.pid.map(Pid::from_u32) else { return Ok(true) };
        let system = match &mut self.system {
            Some(system) => system,
            none => none.insert(System::new().map_err(io::Error::other)?),
        };
        let kind = ProcessRefreshKind::nothing().with_cpu().with_cmd(UpdateKind::Never);
        system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
        let tree = tree(system, leader);
        if tree.is_empty() {
            return Ok(true);
        }
        let used: u64 = tree
            .iter()
            .filter_map(|pid| system.process(*pid))
            .map(sysinfo::Process::accumulated_cpu_time)
            .sum();
        let now = SystemTime::now();
        let since = match self.last {
            Some((before, since)) if before == used => since,
            _ => now,
        };
        self.last = Some((used, since));
        let quiet = |since: SystemTime| now.duration_since(since).unwrap_or_default() >= QUIET;
        let silent = fs::metadata(log).and_then(|found| found.modified()).is_ok_and(quiet);
        let alone = record.agent_type != AgentType::Terminal || tree.len() == 1;
        Ok(silent && alone && quiet(since))
    }
}
