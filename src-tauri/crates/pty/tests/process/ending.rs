//! Ending everything a program started, and nothing else.

use std::fs;
use std::time::Duration;

use synk_pty::{Process, Tree, become_session_leader_and_subreaper};

use crate::terminal::{Terminal, end, exists, exit_code};

fn parent(pid: u32) -> u32 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    fields.split(' ').nth(1).unwrap().parse().unwrap()
}

fn pids(members: &[Process]) -> Vec<u32> {
    members.iter().map(|member| member.pid).collect()
}

pub(crate) fn orphans() {
    become_session_leader_and_subreaper().unwrap();
    become_session_leader_and_subreaper().unwrap();
    let script = "(setsid sh -c 'echo daemon=$$; sleep 1000' &) ; read line; exit 4";
    let mut terminal = Terminal::start(&["bash", "-c", script]);
    let daemon = terminal.number("daemon");
    terminal.type_in("\n");
    assert_eq!(exit_code(terminal.pty.pid()), 4);
    assert_eq!(parent(daemon), std::process::id());
    end(None);
    assert!(!exists(daemon), "ended and reaped");
}

pub(crate) fn polite() {
    become_session_leader_and_subreaper().unwrap();
    let script = "trap 'echo hung-up; exit 9' HUP; sleep 1000 & echo ready; wait";
    let mut terminal = Terminal::start(&["bash", "-c", script]);
    terminal.expect("ready");
    let took = end(Some(terminal.pty.pid()));
    terminal.expect("hung-up");
    assert!(took < Duration::from_secs(3), "{took:?}: it had to be killed");
}

pub(crate) fn stubborn() {
    become_session_leader_and_subreaper().unwrap();
    // In the group, in a session of its own, twice forked, ignoring everything it may,
    // and stopped.
    let script = "sleep 1000 & echo plain=$!
        setsid sleep 1000 & echo session=$!
        (setsid bash -c 'echo daemon=$$; sleep 1000 & echo grandchild=$!; wait' &)
        bash -c 'trap \"\" HUP TERM INT QUIT; echo stubborn=$$; while :; do sleep 1000; done' &
        sleep 1000 & echo stopped=$!; kill -STOP $!
        wait";
    let mut terminal = Terminal::start(&["bash", "-c", script]);
    let mut expected = ["plain", "session", "daemon", "grandchild", "stubborn", "stopped"]
        .map(|name| terminal.number(name))
        .to_vec();
    expected.push(terminal.pty.pid());
    let members = pids(&Tree::of_this_process(None).members().unwrap());
    for pid in &expected {
        assert!(members.contains(pid), "{pid} is not in {members:?}");
    }
    let took = end(Some(terminal.pty.pid()));
    assert!(took >= Duration::from_millis(3500), "{took:?}: the stubborn one got no time");
    for pid in members {
        assert!(!exists(pid), "{pid}");
    }
}

pub(crate) fn growing() {
    become_session_leader_and_subreaper().unwrap();
    // Three that fork as fast as they can and mind nothing; each stops at two hundred, so
    // that a failure leaves no storm behind.
    let script = "trap '' HUP TERM
        storm() { for i in $(seq 200); do sleep 1000 & done; wait; }
        storm & storm & storm & echo ready; wait";
    let mut terminal = Terminal::start(&["bash", "-c", script]);
    terminal.expect("ready");
    end(Some(terminal.pty.pid()));
    assert_eq!(Tree::of_this_process(None).members().unwrap(), []);
}

pub(crate) fn leaderless() {
    become_session_leader_and_subreaper().unwrap();
    let script = "trap '' HUP; sleep 1000 & echo left=$!; exit 0";
    let mut terminal = Terminal::start(&["sh", "-c", script]);
    let left = terminal.number("left");
    assert_eq!(exit_code(terminal.pty.pid()), 0);
    end(None);
    assert!(!exists(left));
}

pub(crate) fn session() {
    // This process adopts nobody, as on a system that has no such thing.
    let script = "(trap '' HUP; sleep 1000 & echo orphan=$!); echo ready; exec sleep 1000";
    let mut terminal = Terminal::start(&["sh", "-c", script]);
    let orphan = terminal.number("orphan");
    terminal.expect("ready");
    assert_ne!(parent(orphan), std::process::id());
    let leader = terminal.pty.pid();
    let mut tree = Tree::of_this_process(Some(leader));
    let mut members = pids(&tree.members().unwrap());
    members.sort_unstable();
    let mut expected = [leader, orphan];
    expected.sort_unstable();
    assert_eq!(members, expected);
    end(Some(leader));
    assert!(!exists(leader));
    // Its adoptive parent may not have reaped it yet.
    let gone = |pid: u32| {
        fs::read_to_string(format!("/proc/{pid}/stat"))
            .map_or(true, |stat| stat.rsplit_once(") ").unwrap().1.starts_with('Z'))
    };
    assert!(gone(orphan));
}

pub(crate) fn below() {
    become_session_leader_and_subreaper().unwrap();
    let mut tree = Tree::of_this_process(None);
    assert_eq!(tree.members().unwrap(), []);
    let mut terminal = Terminal::start(&["sh", "-c", "echo ready; exec sleep 1000"]);
    terminal.expect("ready");
    let members = tree.members().unwrap();
    assert_eq!(pids(&members), [terminal.pty.pid()]);
    // A process that is not known from a scan, or started at another time, is let be.
    let own = Process { pid: std::process::id(), started: members[0].started };
    let later = Process { started: members[0].started + 1, ..members[0] };
    tree.signal(&[own, later], synk_pty::Signal::KILL);
    assert_eq!(pids(&tree.members().unwrap()), [terminal.pty.pid()]);
    end(None);
}
