//! Several who look at one session: whose size and colours it has, and that none of them ends
//! it under the others.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::time::Duration;
use synk_client::{Output, Shim};
use synk_protocol::{ErrorCode, SessionId, TerminalPalette, TerminalSize};
use synk_screen::Screen;
use synk_testkit::{Home, RawSocket, wait_for};
use tokio::{sync::mpsc, time::timeout};

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

async fn attach(home: &Home, session: SessionId, cols: u16) -> (Shim, mpsc::Receiver<Output>) {
    let viewer = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    viewer.0.attach(Some(TerminalSize { cols, rows: 20 }), true, None).await.unwrap();
    viewer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_one_who_did_something_sets_the_size() {
    let home = home();
    let session = home.create(&["--", "cat"]).session_id;
    let (watcher, _output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    let is = async |cols: u16, why: &str| {
        let mut record = watcher.record();
        let now = record.wait_for(|record| record.cols == cols);
        let now = timeout(Duration::from_secs(30), now).await.is_ok();
        assert!(now, "{why}: {} columns", watcher.record().borrow().cols);
    };
    let (first, _first_output) = attach(&home, session, 100).await;
    is(100, "who comes sets the size").await;
    let (second, _second_output) = attach(&home, session, 50).await;
    is(50, "who comes later too").await;
    first.write("a").await.unwrap();
    is(100, "who types takes it back").await;
    second.resize(TerminalSize { cols: 60, rows: 20 }).await.unwrap();
    is(60, "who changes size has done something").await;
    second.write("b").await.unwrap();
    second.flush().await.unwrap();
    is(60, "and has that size").await;
    // Leaving a window is no use of it, and neither are keys from elsewhere.
    first.write("\x1b[O").await.unwrap();
    first.flush().await.unwrap();
    home.send(session, "from the command line");
    is(60, "nobody did anything").await;
    drop(second);
    wait_for("one to go", || (home.session(session).attached_clients == 1).then_some(()));
    is(60, "who goes changes nothing").await;
    first.write("c").await.unwrap();
    is(100, "until another does").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_are_told_the_colours_of_the_last_viewer_also_after_a_restart() {
    let home = home();
    let script =
        "stty raw -echo; printf '\\033]11;?\\033\\\\'; head -c 25 | tr '\\033\\\\' 'EX'; exec cat";
    let session = home.create(&["--", "sh", "-c", script]).session_id;
    home.wait_screen(session, "E]11;rgb:0b0b/0d0d/1010EX");
    let (shim, _output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    let [foreground, background, cursor] = [[1, 2, 3], [0xfa, 0xfb, 0xfc], [7, 8, 9]];
    let palette = TerminalPalette { foreground, background, cursor, ansi: [[0; 3]; 16] };
    shim.attach(None, true, Some(palette)).await.unwrap();
    shim.restart(None).await.unwrap();
    home.wait_screen(session, "E]11;rgb:fafa/fbfb/fcfcEX");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_not_ended_under_others_unless_by_force() {
    let home = home();
    let session = home.create(&["--name", "build", "--", "cat"]).session_id;
    let (own, _output) = attach(&home, session, 80).await;
    let me = std::process::id();
    let socket = home.places().shim_socket(session);
    let mut others: Vec<RawSocket> = (1..=2)
        .map(|more| {
            let hello = synk_protocol::Hello {
                pid: me + more,
                ..synk_protocol::Hello::new(synk_protocol::Role::Client)
            };
            let mut other = RawSocket::introduced_as(&socket, &hello).0;
            other.send_text(r#"{"type":"attach","scrollback":true}"#).unwrap();
            other
        })
        .collect();
    let mut record = own.record();
    record.wait_for(|record| record.attached_clients == 3).await.unwrap();
    let refused = own.destroy(Some(me)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Attached);
    assert!(refused.message.starts_with("2 other clients are attached to “build”"), "{refused}");
    others.pop();
    record.wait_for(|record| record.attached_clients == 2).await.unwrap();
    let refused = own.destroy(Some(me)).await.unwrap_err();
    assert!(refused.message.starts_with("another client is attached to “build”"), "{refused}");
    let refused = home.synk(&["kill", "build"]);
    assert_eq!(refused.code, 5, "{}", refused.stderr);
    others.clear();
    record.wait_for(|record| record.attached_clients == 1).await.unwrap();
    own.destroy(Some(me)).await.unwrap();

    let session = home.create(&["--name", "again", "--", "cat"]).session_id;
    let (_viewer, _output) = attach(&home, session, 80).await;
    home.ok(&["kill", "--force", "again"]);
    assert!(home.sessions().iter().all(|session| session.name != "again"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_waits_for_the_end_of_a_synchronized_update() {
    let home = home();
    // Each picture is drawn in two halves, with a moment between them, and never stands
    // unfinished for longer than such an update may last.
    let script = "stty raw -echo; i=0; while :; do i=$((i+1)); \
        printf '\\033[?2026h\\033[H\\033[2J\\033[1;1Htop-%s.' $i; sleep 0.05; \
        printf '\\033[2;1Hend-%s.\\033[?2026l' $i; sleep 0.02; done";
    let session = home.create(&["--", "sh", "-c", script]).session_id;
    home.wait_screen(session, "end-2.");
    for _ in 0..30 {
        let (_shim, mut output) = attach(&home, session, 80).await;
        let snapshot = output.recv().await.unwrap();
        let mut screen = Screen::new(80, 20, 100);
        screen.feed(&snapshot.bytes);
        let text = screen.text();
        let number = |name: &str| text.split_once(name).unwrap().1.split_once('.').unwrap().0;
        assert_eq!(number("top-"), number("end-"), "{text}");
    }
}
