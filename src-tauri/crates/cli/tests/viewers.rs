//! What viewers get, and that none of them is a session's business.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    fs, thread,
    time::{Duration, Instant},
};
use synk_client::{Output, Shim};
use synk_protocol::{Frame, OUTPUT_WINDOW_BYTES, SessionId, TerminalSize};
use synk_screen::Screen;
use synk_testkit::{Home, RawSocket, processes, wait_for};
use tokio::{
    sync::mpsc::{self, error::TryRecvError},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(30);

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

/// A session of a shell script.
fn script(home: &Home, script: &str) -> SessionId {
    home.create(&["--", "sh", "-c", script]).session_id
}

/// Somebody who looks at a session.
struct Viewer {
    shim: Shim,
    output: mpsc::Receiver<Output>,
}

impl Viewer {
    async fn connect(home: &Home, session: SessionId) -> Self {
        let (shim, output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
        Self { shim, output }
    }

    async fn attach(home: &Home, session: SessionId) -> Self {
        let viewer = Self::connect(home, session).await;
        viewer.shim.attach(None, true, None).await.unwrap();
        viewer
    }

    async fn next(&mut self) -> Output {
        timeout(PATIENCE, self.output.recv()).await.unwrap().unwrap()
    }

    /// Reads the snapshot that comes first, and answers the offset that it stands at.
    async fn snapshot(&mut self) -> u64 {
        let first = self.next().await;
        assert!(first.snapshot);
        first.offset
    }

    /// Reads and acknowledges output until there is `text` in it.
    async fn read_until(&mut self, text: &str) -> String {
        let mut all = Vec::new();
        loop {
            let output = self.next().await;
            all.extend_from_slice(&output.bytes);
            self.shim.acknowledge(output.offset).await.unwrap();
            let shown = String::from_utf8_lossy(&all);
            if shown.contains(text) {
                return shown.into_owned();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn first_comes_a_snapshot_then_output() {
    let home = home();
    let session = script(&home, "echo on the screen; exec cat");
    home.wait_screen(session, "on the screen");
    let mut viewer = Viewer::attach(&home, session).await;
    let first = viewer.next().await;
    assert!(first.snapshot && String::from_utf8_lossy(&first.bytes).contains("on the screen"));
    wait_for("the log", || (home.log(session).len() as u64 == first.offset).then_some(()));
    home.send(session, "typed");
    let next = viewer.next().await;
    assert!(!next.snapshot);
    assert_eq!(next.offset, first.offset + next.bytes.len() as u64);
}

#[test]
fn a_detached_viewer_gets_nothing_until_it_attaches_again() {
    let home = home();
    let session = script(&home, "echo on the screen; exec cat");
    home.wait_screen(session, "on the screen");
    let (mut viewer, _hello) = RawSocket::introduced(&home.places().shim_socket(session));
    let attach = r#"{"type":"attach","scrollback":true}"#;
    viewer.send_text(attach).unwrap();
    let bytes_of = |viewer: &mut RawSocket| loop {
        match viewer.next_frame().unwrap() {
            Frame::Control(_) => {}
            Frame::Snapshot { bytes, .. } => {
                return (true, String::from_utf8(bytes.into()).unwrap());
            }
            Frame::Output { bytes, .. } => {
                return (false, String::from_utf8(bytes.into()).unwrap());
            }
            other => panic!("{other:?}"),
        }
    };
    assert!(bytes_of(&mut viewer).0);
    viewer.send_text(r#"{"type":"detach"}"#).unwrap();
    wait_for("the detaching", || (home.session(session).attached_clients == 0).then_some(()));
    home.send(session, "unseen");
    wait_for("the line and its echo", || {
        (home.screen(session).matches("unseen").count() == 2).then_some(())
    });
    viewer.send_text(attach).unwrap();
    let (snapshot, text) = bytes_of(&mut viewer);
    assert!(snapshot && text.contains("unseen"), "nothing came before the snapshot: {text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn viewers_of_any_pace_get_the_same_bytes_and_they_are_those_of_the_log() {
    // Nobody is to fall behind, however slow this machine is just now.
    let length = usize::try_from(OUTPUT_WINDOW_BYTES).unwrap() * 3 / 4;
    let home = home();
    let noise: Vec<u8> = pseudo_random().take(length).collect();
    fs::write(home.work().join("noise"), &noise).unwrap();
    let session = script(
        &home,
        "stty raw -echo; printf ready; head -c 1 >/dev/null; cat noise; printf finished; exec sleep 1000",
    );
    home.wait_screen(session, "ready");
    let mut fast = Viewer::attach(&home, session).await;
    let mut slow = Viewer::attach(&home, session).await;
    let start = fast.snapshot().await;
    assert_eq!(slow.snapshot().await, start);
    fast.shim.write("x").await.unwrap();
    let end = start + length as u64 + "finished".len() as u64;
    let mut seen = Vec::new();
    for viewer in [&mut fast, &mut slow] {
        let acknowledges = seen.is_empty();
        let mut bytes = Vec::new();
        loop {
            let output = viewer.next().await;
            assert!(!output.snapshot);
            bytes.extend_from_slice(&output.bytes);
            assert_eq!(output.offset, start + bytes.len() as u64);
            if acknowledges {
                viewer.shim.acknowledge(output.offset).await.unwrap();
            }
            if output.offset == end {
                break;
            }
        }
        seen.push(bytes);
    }
    assert!(seen[0] == seen[1]);
    assert!(seen[0] == [&noise[..], b"finished"].concat());
    let log =
        wait_for("the whole log", || Some(home.log(session)).filter(|log| log.len() as u64 == end));
    assert!(log[usize::try_from(start).unwrap()..] == seen[0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_viewer_that_stands_still_neither_slows_a_program_nor_grows_a_queue() {
    let home = home();
    let flood = "while read round; do seq 1 2000000; echo round-$round-over; done";
    let (session, unwatched) = (script(&home, flood), script(&home, flood));
    let mut silent = Viewer::attach(&home, session).await;
    let mut screen = Screen::new(80, 24, 5000);
    let first = silent.next().await;
    assert!(first.snapshot);
    screen.feed(&first.bytes);
    let (mut deaf, _hello) = RawSocket::introduced(&home.places().shim_socket(session));
    deaf.send_text(r#"{"type":"attach","scrollback":true}"#).unwrap();

    // Side by side, so that what else the machine does befalls both.
    let race = |round: u32| {
        let begun = Instant::now();
        let run = |session| {
            home.send(session, &round.to_string());
            home.wait_screen(session, &format!("round-{round}-over"));
            begun.elapsed()
        };
        thread::scope(|scope| {
            let alone = scope.spawn(|| run(unwatched));
            let watched = run(session);
            watched.as_secs_f64() / alone.join().unwrap().as_secs_f64()
        })
    };
    let rounds = 3;
    let slower: Vec<_> = (1..=rounds).map(race).collect();
    assert!(slower.iter().any(|ratio| *ratio < 2.0), "{slower:?} times as long");
    let shim = home.shim_pid(session);
    let memory = processes::resident_bytes(shim);
    assert!(memory < 80 << 20, "{memory} bytes");

    // Acknowledging at last brings it to the present.
    let last = format!("round-{rounds}-over");
    silent.shim.acknowledge(first.offset).await.unwrap();
    loop {
        let output = silent.next().await;
        screen.feed(&output.bytes);
        silent.shim.acknowledge(output.offset).await.unwrap();
        if output.snapshot && String::from_utf8_lossy(&output.bytes).contains(&last) {
            break;
        }
    }
    assert_eq!(format!("{}\n", screen.text()), home.screen(session));
    home.send(session, "");
    silent.read_until("round--over").await;
    drop(deaf);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_viewer_gets_output_right_after_its_snapshot() {
    let home = home();
    let session = script(&home, "seq 1 200000; echo ready; exec cat");
    home.wait_screen(session, "ready");
    let mut viewer = Viewer::attach(&home, session).await;
    let mut at = viewer.next().await;
    while at.offset < home.log(session).len() as u64 {
        assert!(at.snapshot);
        at = viewer.next().await;
    }
    home.send(session, "echo");
    let next = viewer.next().await;
    assert!(!next.snapshot, "it has not acknowledged a byte and is not behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_megabyte_of_input_arrives_whole_and_in_order() {
    const LENGTH: usize = 1_000_000;
    let home = home();
    let session = script(
        &home,
        &format!(
            "stty raw -echo; printf ready; head -c {LENGTH} > taken; printf finished; exec cat"
        ),
    );
    home.wait_screen(session, "ready");
    let viewer = Viewer::connect(&home, session).await;
    let bytes: Vec<u8> = pseudo_random().take(LENGTH).collect();
    viewer.shim.write(bytes.clone()).await.unwrap();
    home.wait_screen(session, "finished");
    assert!(fs::read(home.work().join("taken")).unwrap() == bytes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_at_once_stay_whole_and_each_writers_in_order() {
    const WRITERS: usize = 8;
    const LINES: usize = 250;
    let home = home();
    let session = script(
        &home,
        &format!(
            "stty raw -echo; printf ready; head -n {} > taken; printf finished; exec cat",
            WRITERS * LINES
        ),
    );
    home.wait_screen(session, "ready");
    let viewer = Viewer::connect(&home, session).await;
    let mut writing = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let shim = viewer.shim.clone();
        writing.spawn(async move {
            for line in 0..LINES {
                shim.write(format!("{writer} {line}\n")).await.unwrap();
            }
        });
    }
    writing.join_all().await;
    home.wait_screen(session, "finished");
    let taken = fs::read_to_string(home.work().join("taken")).unwrap();
    for writer in 0..WRITERS {
        let own = taken.lines().filter_map(|line| line.strip_prefix(&format!("{writer} ")));
        let lines: Vec<usize> = own.map(|line| line.parse().unwrap()).collect();
        assert_eq!(lines, (0..LINES).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_reads_nothing_holds_up_nothing() {
    let home = home();
    let session = script(
        &home,
        "stty raw -echo; while :; do i=$((i+1)); printf 'tick-%s\\r\\n' $i; sleep 0.01; done",
    );
    let mut viewer = Viewer::attach(&home, session).await;
    viewer.read_until("tick-3\r").await;
    let shim = viewer.shim.clone();
    let writing =
        tokio::spawn(async move { while shim.write(vec![b'x'; 64 * 1024]).await.is_ok() {} });
    viewer.read_until("tick-60\r").await;
    viewer.shim.resize(TerminalSize { cols: 40, rows: 5 }).await.unwrap();
    wait_for("the size", || (home.session(session).cols == 40).then_some(()));
    assert!(home.screen(session).contains("tick"));
    assert!(!writing.is_finished(), "who writes waits");
    home.ok(&["kill", "--force", &session.to_string()]);
    timeout(PATIENCE, writing).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_size_reaches_the_terminal_and_the_program_is_told() {
    let home = home();
    let session = script(&home, "trap 'stty size' WINCH; echo ready; while :; do sleep 0.02; done");
    home.wait_screen(session, "ready");
    let viewer = Viewer::connect(&home, session).await;
    viewer.shim.attach(Some(TerminalSize { cols: 101, rows: 31 }), true, None).await.unwrap();
    home.wait_screen(session, "31 101");
    viewer.shim.resize(TerminalSize { cols: 90, rows: 20 }).await.unwrap();
    home.wait_screen(session, "20 90");
    let listed = home.session(session);
    assert_eq!((listed.cols, listed.rows, listed.attached_clients), (90, 20, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_to_the_terminal_is_answered_once_however_many_look() {
    let home = home();
    for viewers in [0, 2] {
        let session = script(
            &home,
            "stty raw -echo; printf ready; head -c 1 >/dev/null; printf '\\033[c\\033[6n'; \
             exec cat > answers-$SYNK_SESSION",
        );
        home.wait_screen(session, "ready");
        let mut watching = Vec::new();
        for _ in 0..viewers {
            let mut viewer = Viewer::attach(&home, session).await;
            viewer.snapshot().await;
            watching.push(viewer);
        }
        home.ok(&["send", "--raw", "--no-enter", &session.to_string(), "x"]);
        let answers = home.work().join(format!("answers-{session}"));
        let expected = "\x1b[?1;2c\x1b[1;6R";
        wait_for("an answer", || {
            fs::read_to_string(&answers).ok().filter(|given| given.len() >= expected.len())
        });
        for viewer in &mut watching {
            viewer.read_until("\x1b[6n").await;
        }
        home.ok(&["send", "--raw", "--no-enter", &session.to_string(), "END"]);
        let given = wait_for("the end of the answers", || {
            fs::read_to_string(&answers).ok().filter(|given| given.ends_with("END"))
        });
        assert_eq!(given, format!("{expected}END"), "{viewers} viewers");
        for mut viewer in watching {
            assert_eq!(viewer.output.try_recv(), Err(TryRecvError::Empty));
        }
    }
}

/// Bytes of every value in no order, the same every time.
fn pseudo_random() -> impl Iterator<Item = u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    })
}
