//! What it costs to look at a session with a full history: time for whoever looks, and nothing
//! that is left behind in the shim or the daemon, however often.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]
#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};
use synk_client::{Output, Shim};
use synk_protocol::SessionId;
use synk_testkit::{Home, processes, rounds, wait_for};
use tokio::{
    sync::{Mutex, mpsc},
    time::timeout,
};

/// What is measured here is not to be measured together.
static ALONE: Mutex<()> = Mutex::const_new(());
/// From the connection to the last byte of the snapshot.
const QUICK: Duration = Duration::from_millis(10);
/// A busy machine makes it slower and never quicker, so the quickest of so many measurements
/// counts.
const TRIES: usize = 5;
/// What a process may have grown by: a kilobyte that each of a thousand rounds leaks is more.
const GROWTH_BYTES: u64 = 1 << 20;

/// A home with a session that has put out more lines than the screen model keeps, in colours.
fn home_with_history() -> (Home, SessionId) {
    let home = Home::without_pool(env!("CARGO_BIN_EXE_synk"));
    let script = r#"awk 'BEGIN { for (line = 1; line <= 6000; line++)
        printf "\033[3%dmline %d\033[m of what a build prints, \033[1mlong\033[m as a line is\n", line % 8, line }'
        echo all-done; exec cat"#;
    let session = home.create(&["--", "sh", "-c", script]).session_id;
    home.wait_screen(session, "all-done");
    (home, session)
}

async fn connect(home: &Home, session: SessionId) -> (Shim, mpsc::Receiver<Output>) {
    Shim::connect(&home.places().shim_socket(session)).await.unwrap()
}

/// Attaches, and reads to the last byte of the snapshot. Answers it, and where it stands.
async fn snapshot(shim: &Shim, output: &mut mpsc::Receiver<Output>) -> (Vec<u8>, u64) {
    shim.attach(None, true, None).await.unwrap();
    let mut all = Vec::new();
    loop {
        let part = timeout(Duration::from_secs(30), output.recv()).await.unwrap().unwrap();
        assert!(part.snapshot);
        all.extend_from_slice(&part.bytes);
        // The last part alone moves the offset.
        if part.offset > 0 {
            return (all, part.offset);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_history_is_there_in_ten_milliseconds() {
    let _alone = ALONE.lock().await;
    let (home, session) = home_with_history();
    let mut medians = Vec::new();
    while medians.len() < TRIES {
        let mut times = Vec::new();
        for _ in 0..50 {
            let begin = Instant::now();
            let (shim, mut output) = connect(&home, session).await;
            let (whole, _) = snapshot(&shim, &mut output).await;
            times.push(begin.elapsed());
            let lines = whole.windows(7).filter(|window| window == b"prints,").count();
            assert!(lines >= 5000, "{lines} lines");
        }
        times.sort_unstable();
        let median = times[times.len() / 2];
        println!("median of 50 {median:?}, from {:?} to {:?}", times[0], times[49]);
        medians.push(median);
        if median < QUICK {
            return;
        }
    }
    panic!("the medians of 50 are {medians:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_looks_leave_nothing_behind() {
    let _alone = ALONE.lock().await;
    let (home, session) = home_with_history();
    let both = [home.shim_pid(session), home.daemon_pid()];
    let quiet = |home: &Home| {
        wait_for("nobody to look", || (home.session(session).attached_clients == 0).then_some(()));
    };
    let used =
        || both.map(|pid| (processes::open_files(pid).len(), processes::resident_bytes(pid)));
    let look = async |rounds: u32| {
        for _ in 0..rounds {
            // Letting go of the connection is how a client detaches.
            let (shim, mut output) = connect(&home, session).await;
            let (_, offset) = snapshot(&shim, &mut output).await;
            shim.acknowledge(offset).await.unwrap();
        }
    };
    // What is made once is there after some rounds.
    look(200).await;
    quiet(&home);
    let before = used();
    look(rounds(1000)).await;
    quiet(&home);
    // A connection's end is heard of a moment after the last viewer's.
    let after = wait_for("the descriptors to be closed", || {
        let after = used();
        (0..2).all(|one| after[one].0 <= before[one].0).then_some(after)
    });
    println!("shim and daemon, descriptors and bytes: {before:?}, then {after:?}");
    for (before, after) in before.into_iter().zip(after) {
        assert!(after.1 < before.1 + GROWTH_BYTES, "{before:?}, then {after:?}");
    }
}
