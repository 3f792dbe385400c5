//! What the system says about a session's processes. It only looks: starting and ending
//! them belongs to the shim.

use std::path::PathBuf;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// The processes of this machine, with what `kind` asks for.
pub(crate) fn look(kind: ProcessRefreshKind) -> Option<System> {
    let mut system = System::new().ok()?;
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
    Some(system)
}

/// A process and all that came from it, nearest first.
pub(crate) fn tree(system: &System, leader: Pid) -> Vec<Pid> {
    let mut tree: Vec<Pid> = system.process(leader).map(|_| leader).into_iter().collect();
    let mut next = 0;
    while let Some(parent) = tree.get(next).copied() {
        next += 1;
        let children = system.processes().values().filter(|process| {
            // Threads are listed as processes whose parent is the process itself.
            process.parent() == Some(parent) && process.thread_kind().is_none()
        });
        tree.extend(children.map(sysinfo::Process::pid));
    }
    tree
}

/// The paths of the files that a process has open; none when it cannot be asked.
#[cfg(target_os = "linux")]
pub(crate) fn open_files(pid: Pid) -> Vec<PathBuf> {
    let Ok(links) = std::fs::read_dir(format!("/proc/{pid}/fd")) else { return Vec::new() };
    links.flatten().filter_map(|link| std::fs::read_link(link.path()).ok()).collect()
}

/// The paths of the files that a process has open; none when it cannot be asked.
#[cfg(not(target_os = "linux"))]
pub(crate) fn open_files(pid: Pid) -> Vec<PathBuf> {
    // It comes with macOS. There is no file system of processes to read there.
    let listed = std::process::Command::new("/usr/sbin/lsof")
        .args(["-w", "-n", "-P", "-F", "n", "-p", &pid.to_string()])
        .stdin(std::process::Stdio::null())
        .output();
    listed.map(|listed| listed_files(&listed.stdout)).unwrap_or_default()
}

/// The absolute paths in what `lsof -F n` prints: a line for each name, after an `n`.
#[cfg(any(test, not(target_os = "linux")))]
fn listed_files(printed: &[u8]) -> Vec<PathBuf> {
    let lines = printed.split(|byte| *byte == b'\n');
    let names = lines.filter_map(|line| std::str::from_utf8(line.strip_prefix(b"n")?).ok());
    names.filter(|name| name.starts_with('/')).map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        fs::{self, File},
        process,
    };

    #[test]
    fn an_open_file_is_found_by_its_process() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let path = home.path().join("open");
        let _open = File::create(&path).expect("a file");
        let path = fs::canonicalize(path).expect("it is there");
        assert!(open_files(Pid::from_u32(process::id())).contains(&path));
    }

    #[test]
    fn a_tree_begins_with_its_leader() {
        let system = look(ProcessRefreshKind::nothing()).expect("processes can be read");
        let own = Pid::from_u32(process::id());
        assert_eq!(tree(&system, own).first(), Some(&own));
        assert!(tree(&system, Pid::from_u32(u32::MAX)).is_empty());
    }

    #[test]
    fn names_are_read_from_what_lsof_prints() {
        let printed = b"p7\nfcwd\nn/tmp/project\nf3\nn->0x1f\nf12\nn/home/u/a b.jsonl\nn\n\xff\n";
        let expected = ["/tmp/project", "/home/u/a b.jsonl"].map(PathBuf::from);
        assert_eq!(listed_files(printed), expected);
    }
}
