//! Ending everything a program started, and nothing else.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use synk_pty::{Ending, Former, Process, Step, Tree, become_session_leader_and_subreaper};

use crate::terminal::{Terminal, end, end_all, exists, exit_code};

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
    // On a machine that is busy for half a second the second signal comes before the first is
    // acted on. It must not end the program, and only the first may answer.
    // One that comes just before bash waits for what runs beside it is only heard when that ends,
    // so bash does not wait for it.
    let script = "trap : TERM; trap 'echo hung-up; exit 9' HUP; sleep 1000 & echo ready
        while :; do sleep 0.1; done";
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

pub(crate) fn former() {
    // A session that is not below this process, as it adopts nobody.
    let start = || {
        let script = "setsid sh -c 'sleep 1000 >/dev/null 2>&1 & echo $!; exec sleep 1000 >/dev/null 2>&1' & echo $!";
        let mut shell = Command::new("sh");
        let output = shell.args(["-c", script]).env("MARK", "7").output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let mut pids: Vec<u32> = printed.lines().map(|line| line.parse().unwrap()).collect();
        let session = |pid: u32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
            stat.rsplit_once(") ").unwrap().1.split(' ').nth(3).unwrap().parse::<u32>().unwrap()
        };
        // Which of the two was printed first is a matter of chance.
        pids.sort_unstable_by_key(|pid| session(*pid) != *pid);
        (pids[0], pids[1])
    };
    let now = || {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        u64::try_from(since.as_millis()).unwrap()
    };
    let found = |pid, started_at, variable| {
        let former = Former { pid, started_at, variable };
        let mut members = pids(&Tree::with_former(former).unwrap().members().unwrap());
        members.sort_unstable();
        members
    };
    let (leader, child) = start();
    let mut both = [leader, child];
    both.sort_unstable();
    assert_eq!(found(leader, now(), "MARK=other"), both, "known by its start");
    assert_eq!(found(leader, now() + 10_000, "MARK=7"), [], "another with the same id");
    let leader_process = rustix::process::Pid::from_raw(i32::try_from(leader).unwrap()).unwrap();
    rustix::process::kill_process(leader_process, synk_pty::Signal::KILL).unwrap();
    while !gone(leader) {
        std::thread::yield_now();
    }
    assert_eq!(found(leader, now(), "MARK=70"), [], "nobody knows whose they are");
    let former = Former { pid: leader, started_at: 0, variable: "MARK=7" };
    end_all(Ending::of(Tree::with_former(former).unwrap()));
    assert!(gone(child));
}

pub(crate) fn foreign() {
    /// Names the process that may not be signalled.
    const FOREIGN: &str = "SYNK_PTY_FOREIGN";
    /// Not root.
    const NOBODY: u32 = 65534;
    become_session_leader_and_subreaper().unwrap();
    let Ok(foreign) = std::env::var(FOREIGN) else {
        // Only root can have a child that it may not signal, by becoming somebody else.
        if !rustix::process::geteuid().is_root() {
            return;
        }
        // It outlives its terminal, which goes now, and the test by some seconds, since nothing
        // there may end it.
        let script = "trap '' HUP; echo ready; exec sleep 10 >/dev/null 2>&1";
        let mut terminal = Terminal::start(&["sh", "-c", script]);
        terminal.expect("ready");
        let foreign = terminal.pty.pid().to_string();
        let mut other = Command::new("/proc/self/exe");
        panic!("{}", other.uid(NOBODY).env(FOREIGN, foreign).exec());
    };
    let foreign: u32 = foreign.parse().unwrap();
    // The time is the caller's to say.
    let start = Instant::now();
    let mut ending = Ending::new(None);
    for elapsed in [0, 499, 500, 3499] {
        let step = ending.step(start + Duration::from_millis(elapsed));
        assert!(matches!(step, Step::Again(_)), "{elapsed}: {step:?}");
    }
    let Step::Over(left) = ending.step(start + Duration::from_millis(3500)) else {
        panic!("it waits for what it cannot kill");
    };
    assert_eq!(pids(&left), [foreign]);
    assert!(!gone(foreign));
}

/// Whether a process has ended; its parent may not have reaped it yet.
fn gone(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat"))
        .map_or(true, |stat| stat.rsplit_once(") ").unwrap().1.starts_with('Z'))
}
