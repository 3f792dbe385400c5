//! Fifty sessions in one daemon: asking, attaching and switching stay quick, and each costs
//! little.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    fs,
    time::{Duration, Instant},
};
use synk_client::{Daemon, Output, Shim};
use synk_protocol::{ListSessions, SessionId, TerminalSize};
use synk_testkit::{Home, wait_for};
use tokio::{sync::mpsc, time::timeout};

const SESSIONS: u32 = 50;
/// What each of asking, attaching and switching may take.
const QUICK: Duration = Duration::from_millis(10);
/// What an idle session may take, besides its own program.
const SESSION_BYTES: u64 = 10 << 20;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Connects and attaches; returns with the last byte of the snapshot.
async fn attach(home: &Home, session: SessionId) -> (Shim, mpsc::Receiver<Output>) {
    let (shim, mut output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    let size = TerminalSize { cols: 80, rows: 24 };
    shim.attach(Some(size), true, None).await.unwrap();
    let first = timeout(Duration::from_secs(30), output.recv()).await.unwrap().unwrap();
    assert!(first.snapshot);
    shim.acknowledge(first.offset).await.unwrap();
    (shim, output)
}

/// The share of memory that is a process's own, in bytes.
fn proportional_bytes(pid: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap();
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib << 10
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_sessions_are_listed_attached_to_and_switched_at_once() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    let ids: Vec<_> = (0..SESSIONS).map(|_| home.create(&[]).session_id).collect();
    wait_for("every prompt", || ids.iter().all(|id| !home.screen(*id).is_empty()).then_some(()));
    let (daemon, _events) = Daemon::connect(&home.places(), false).await.unwrap();

    let mut lists = Vec::new();
    for _ in 0..50 {
        let begin = Instant::now();
        let listed = daemon.call(ListSessions::default()).await.unwrap();
        lists.push(begin.elapsed());
        assert_eq!(listed.len(), ids.len());
    }
    let mut attaches = Vec::new();
    for id in &ids {
        let begin = Instant::now();
        drop(attach(&home, *id).await);
        attaches.push(begin.elapsed());
    }
    // From one session to the next and back, as a person does who looks for something.
    let mut switches = Vec::new();
    let mut shown = attach(&home, ids[0]).await;
    for id in ids.iter().rev() {
        let begin = Instant::now();
        let next = attach(&home, *id).await;
        drop(std::mem::replace(&mut shown, next));
        switches.push(begin.elapsed());
    }
    drop(shown);
    let (list, attach, switch) = (median(lists), median(attaches), median(switches));

    let pids: Vec<_> = home.sessions().iter().map(|session| session.shim_pid).collect();
    let shims: u64 = pids.iter().map(|pid| proportional_bytes(*pid)).sum();
    let each = (shims + proportional_bytes(home.daemon_pid())) / u64::from(SESSIONS);
    println!("list {list:?}, attach {attach:?}, switch {switch:?}, {} KiB a session", each >> 10);
    assert!(list < QUICK && attach < QUICK && switch < QUICK, "{list:?} {attach:?} {switch:?}");
    assert!(each < SESSION_BYTES, "{} KiB for each session", each >> 10);
}
