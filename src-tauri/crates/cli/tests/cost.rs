//! What looking at a session costs: how long until its screen is there, and that nothing is
//! left of it afterwards.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]
#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};
use synk_client::Shim;
use synk_protocol::{SessionId, TerminalSize};
use synk_testkit::{Home, processes, wait_for};
use tokio::{sync::Mutex, time::timeout};

/// What is measured here is not to be measured together.
static ALONE: Mutex<()> = Mutex::const_new(());

const PATIENCE: Duration = Duration::from_secs(30);
const SIZE: TerminalSize = TerminalSize { cols: 120, rows: 40 };

fn home() -> Home {
    Home::without_pool(env!("CARGO_BIN_EXE_synk"))
}

/// Attaches and reads to the end of the snapshot, which is of the screen at `offset`; answers
/// how many bytes that were.
async fn look(home: &Home, session: SessionId, offset: u64) -> usize {
    let (shim, mut output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    shim.attach(Some(SIZE), true, None).await.unwrap();
    let mut bytes = 0;
    loop {
        let part = timeout(PATIENCE, output.recv()).await.unwrap().unwrap();
        assert!(part.snapshot);
        bytes += part.bytes.len();
        if part.offset == offset {
            return bytes;
        }
    }
}

/// A session that puts out `lines` once it is of the right size, and then rests; and how much
/// it put out.
async fn session(home: &Home, lines: &str) -> (SessionId, u64) {
    let script = format!("read go; {lines}; echo the end; exec cat");
    let session = home.create(&["--", "sh", "-c", &script]).session_id;
    let (shim, _output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    shim.attach(Some(SIZE), true, None).await.unwrap();
    let mut record = shim.record();
    record.wait_for(|record| record.cols == SIZE.cols).await.unwrap();
    home.send(session, "go");
    home.wait_screen(session, "the end");
    // The screen has seen it all, and so will the log.
    let size = || u64::try_from(home.log(session).len()).unwrap();
    let offset = wait_for("the log", || home.log(session).ends_with(b"the end\r\n").then(size));
    (session, offset)
}

/// Everything that could grow in a process.
fn held(pid: u32) -> (usize, u32, u64) {
    let threads = processes::find(pid).unwrap().threads;
    (processes::open_files(pid).len(), threads, processes::resident_bytes(pid))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_looks_leave_nothing_behind() {
    const WARM_UP: u32 = 100;
    const ROUNDS: u32 = 1000;
    const GROWTH: u64 = 2 << 20;
    let _alone = ALONE.lock().await;
    let home = home();
    let (session, offset) = session(&home, "seq 1 2000").await;
    let processes = [home.shim_pid(session), home.daemon_pid()];
    for _ in 0..WARM_UP {
        look(&home, session, offset).await;
    }
    // The daemon is not asked after that: answering takes threads, which it keeps for a while.
    let nobody_left = || {
        wait_for("everybody to be gone", || {
            (home.session(session).attached_clients == 0).then_some(())
        });
    };
    nobody_left();
    let before = processes.map(held);
    for _ in 0..ROUNDS {
        look(&home, session, offset).await;
    }
    nobody_left();
    let mut after = before;
    wait_for("what it was before", || {
        after = processes.map(held);
        let flat = before.iter().zip(&after).all(|(before, after)| {
            after.0 <= before.0 && after.1 <= before.1 && after.2 < before.2 + GROWTH
        });
        flat.then_some(())
    });
    println!("descriptors, threads, bytes of shim and daemon: {before:?}, then {after:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_with_five_thousand_lines_of_history_is_there_in_ten_milliseconds() {
    const ROUNDS: usize = 50;
    let _alone = ALONE.lock().await;
    let home = home();
    // 118 of 120 columns, in eight colours and six words a line.
    let lines = r#"awk 'BEGIN { for (line = 1; line <= 5100; line++) {
        for (word = 0; word < 6; word++)
            printf "\033[%sm%05d-%013d\033[0m ", 31 + (line + word) % 7, line, word * line;
        print "" } }'"#;
    let (session, offset) = session(&home, lines).await;
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        bytes = look(&home, session, offset).await;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let median = times[ROUNDS / 2];
    println!("{bytes} bytes in {median:?}; {:?} to {:?}", times[0], times[ROUNDS - 1]);
    assert!(median < Duration::from_millis(10), "{median:?}; {times:?}");
}
