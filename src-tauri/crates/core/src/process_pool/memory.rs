//! What processes occupy, as the system says.

/// The memory of processes, in bytes: on Linux each page counts for a process by the share
/// that it has of it, so that the sum is what would be free without them.
#[cfg(target_os = "linux")]
pub(super) fn occupied(pids: &[u32]) -> u64 {
    let share = |pid: &u32| {
        let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? << 10)
    };
    pids.iter().filter_map(share).sum()
}

/// The memory of processes, in bytes: what each has resident. What they share counts more
/// than once.
#[cfg(not(target_os = "linux"))]
pub(super) fn occupied(pids: &[u32]) -> u64 {
    let kind = sysinfo::ProcessRefreshKind::nothing().with_memory();
    let Some(system) = crate::processes::look(kind) else { return 0 };
    let process = |pid: &u32| system.process(sysinfo::Pid::from_u32(*pid));
    pids.iter().filter_map(process).map(sysinfo::Process::memory).sum()
}
