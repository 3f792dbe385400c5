//! Sessions without a program: lost, ended, or waiting for one that can be started.
#![expect(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is how it fails")]

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde_json::json;
use std::{fs, process::Command, time::Duration};
use synk_client::{Shim, Synk};
use synk_protocol::{
    ErrorCode, Event, Launch, SessionId, SessionOutput, SessionRecord, SessionState, TerminalSize,
};
use synk_testkit::{Home, RawSocket, processes, wait_for};
use tokio::{sync::mpsc, time::timeout};

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

async fn connect(home: &Home, session: SessionId) -> Shim {
    Shim::connect(&home.places().shim_socket(session)).await.unwrap().0
}

/// Asks a process politely to end, as a system does that shuts down.
fn terminate(pid: u32) {
    assert!(Command::new("kill").arg(pid.to_string()).status().unwrap().success());
}

/// Ends the daemon, so that nobody brings back what is lost.
fn kill_daemon(home: &Home) {
    let daemon = home.daemon_pid();
    processes::kill(daemon);
    wait_for("the daemon's end", || (!processes::runs(daemon)).then_some(()));
}

#[tokio::test]
async fn a_system_that_shuts_down_loses_the_program_and_closes_nothing() {
    let home = home();
    let running = home.create(&["--", "sh", "-c", "trap '' HUP; echo up; exec sleep 1000"]);
    let ended = home.create(&["--", "sh", "-c", "exit 3"]).session_id;
    home.wait_screen(running.session_id, "up");
    wait_for("the end", || (home.session(ended).exit_code == Some(3)).then_some(()));
    let shims = [running.session_id, ended].map(|session| home.shim_pid(session));
    kill_daemon(&home);
    for shim in shims {
        terminate(shim);
        wait_for("the shim's end", || (!processes::runs(shim)).then_some(()));
    }
    assert!(!processes::runs(running.pid.unwrap()), "no program goes on without its shim");
    let lost = home.record(running.session_id);
    assert_eq!((lost.state, lost.exit_code, lost.pid), (SessionState::Lost, None, None));
    assert!(lost.ended_at >= lost.started_at && lost.closed_at.is_none());
    let exited = home.record(ended);
    assert_eq!((exited.state, exited.exit_code), (SessionState::Exited, Some(3)));
    assert_eq!(exited.closed_at, None);
}

#[test]
fn a_program_that_hears_of_the_shutdown_before_its_shim_does_is_lost_too() {
    let home = home();
    let session = home.create(&["--", "sleep", "1000"]);
    let (shim, program) = (session.shim_pid, session.pid.unwrap());
    kill_daemon(&home);
    // Both have happened when it looks.
    processes::freeze(shim);
    terminate(program);
    wait_for("the program's end", || (!processes::runs(program)).then_some(()));
    terminate(shim);
    processes::thaw(shim);
    wait_for("the shim's end", || (!processes::runs(shim)).then_some(()));
    let lost = home.record(session.session_id);
    assert_eq!((lost.state, lost.exit_code, lost.pid), (SessionState::Lost, None, None));
}

#[tokio::test]
async fn a_destroyed_session_is_closed_on_disk_when_the_answer_comes() {
    let home = home();
    let session = home.create(&[]).session_id;
    let shim = connect(&home, session).await;
    kill_daemon(&home);
    shim.destroy(None).await.unwrap();
    let record = home.record(session);
    assert!(record.closed_at.is_some() && record.ended_at.is_some());
    assert_eq!(record.state, SessionState::Exited);
}

#[tokio::test]
async fn a_lost_session_takes_viewers_names_and_sizes_and_no_input() {
    let home = home();
    let session = home.create(&["--name", "old", "--", "sh", "-c", "echo last words; exec cat"]);
    let id = session.session_id;
    home.log_with(id, "last words");
    processes::kill(home.shim_pid(id));
    wait_for("it to be brought back", || {
        let now = home.session(id);
        (now.state == SessionState::Lost && now.shim_pid != session.shim_pid).then_some(())
    });
    let (shim, mut output) = Shim::connect(&home.places().shim_socket(id)).await.unwrap();
    shim.attach(Some(TerminalSize { cols: 60, rows: 10 }), true, None).await.unwrap();
    let snapshot = output.recv().await.unwrap();
    assert!(snapshot.snapshot && String::from_utf8_lossy(&snapshot.bytes).contains("last words"));
    shim.write("into the void\r").await.unwrap();
    shim.flush().await.unwrap();
    assert_eq!(shim.screen().await.unwrap(), "last words");
    home.ok(&["rename", "old", "older"]);
    let mut record = shim.record();
    let record = record.wait_for(|record| record.name == "older").await.unwrap().clone();
    assert_eq!((record.cols, record.rows, record.attached_clients), (60, 10, 1));
    assert_eq!(record.pid, None);
    home.ok(&["restart", "older"]);
    home.wait_screen(id, "last words");
    home.send(id, "into the program");
    home.wait_screen(id, "into the program\ninto the program");
}

#[tokio::test]
async fn a_program_is_started_as_told_for_this_once() {
    let home = home();
    let folder = home.work().join("elsewhere");
    fs::create_dir(&folder).unwrap();
    let session = home.create(&["--", "sh", "-c", "echo \"first $PWD\"; exec cat"]).session_id;
    home.wait_screen(session, "first");
    let shim = connect(&home, session).await;
    let before = shim.record().borrow().clone();
    let command = ["sh", "-c", "echo \"second $PWD $WORD\"; exec cat"].map(str::to_owned).to_vec();
    let path = std::env::var("PATH").unwrap();
    let launch = Launch {
        command,
        working_dir: folder.to_str().unwrap().to_owned(),
        env: Some(vec![("WORD".into(), "hello".into()), ("PATH".into(), path)]),
    };
    shim.restart(Some(launch.clone())).await.unwrap();
    home.wait_screen(session, &format!("second {} hello", folder.display()));
    let now = shim.record().borrow().clone();
    assert_eq!((&now.command, &now.working_dir), (&before.command, &before.working_dir));
    assert_eq!(now.current_dir.as_deref(), folder.to_str());
    assert!(now.started_at > before.started_at && now.ended_at.is_none());

    // What cannot be started ends nothing.
    let missing = Launch { working_dir: "/nowhere".into(), ..launch.clone() };
    let refused = shim.restart(Some(missing)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SpawnFailed);
    assert!(refused.message.contains("/nowhere does not exist"), "{refused}");
    assert_eq!(shim.record().borrow().pid, now.pid);
    home.send(session, "still here");
    home.wait_screen(session, "still here\nstill here");

    shim.restart(None).await.unwrap();
    home.wait_screen(session, &format!("first {}", home.work().display()));
}

#[tokio::test]
async fn a_session_that_cannot_be_started_again_stays_as_it_was() {
    let home = home();
    let folder = home.work().join("for now");
    fs::create_dir(&folder).unwrap();
    let session = home
        .create(&["--cwd", folder.to_str().unwrap(), "--", "sh", "-c", "echo last words; exit 7"])
        .session_id;
    // Who is connected to the shim hears of it a moment before it is on disk.
    wait_for("the end", || home.record(session).exit_code);
    let before = home.record(session);
    fs::remove_dir(&folder).unwrap();
    let shim = connect(&home, session).await;
    assert_eq!(shim.restart(None).await.unwrap_err().code, ErrorCode::SpawnFailed);
    let after = shim.record().borrow().clone();
    assert_eq!(after, SessionRecord { attached_clients: 0, ..before });
    assert_eq!(shim.screen().await.unwrap(), "last words");
}

#[tokio::test]
async fn the_record_says_where_the_program_is_and_who_looked_last() {
    let home = home();
    let folder = home.work().join("a folder");
    fs::create_dir(&folder).unwrap();
    // Without Synk's marks, which tell the folder at each prompt.
    let session = home.create(&["--", "sh", "-i"]).session_id;
    home.assert_answers(session);
    let shim = connect(&home, session).await;
    let mut record = shim.record();
    assert_eq!(record.borrow().last_attached_at, None);
    home.send(session, "cd 'a folder'");
    let there = record.wait_for(|record| record.current_dir.as_deref() == folder.to_str());
    there.await.unwrap();
    // A shell may say it itself; not one on another machine.
    let say = |host: &str, path: &str| format!("printf '\\033]7;file://{host}{path}\\007'");
    home.send(session, &say("", "/said"));
    record.wait_for(|record| record.current_dir.as_deref() == Some("/said")).await.unwrap();
    home.send(session, &say("elsewhere.invalid", "/other"));
    let there = record.wait_for(|record| record.current_dir.as_deref() == folder.to_str());
    there.await.unwrap();

    let (mut viewer, _hello) = RawSocket::introduced(&home.places().shim_socket(session));
    viewer.send_text(r#"{"type":"attach","scrollback":true}"#).unwrap();
    record.wait_for(|record| record.attached_clients == 1).await.unwrap();
    let attached_at = record.borrow().last_attached_at;
    assert!(attached_at.is_some());
    viewer.send_text(r#"{"type":"detach"}"#).unwrap();
    let left = record.wait_for(|record| record.attached_clients == 0).await.unwrap();
    assert!(left.last_attached_at >= attached_at);
}

/// Reads output and acknowledges it until `text` is in it; answers the last of it.
async fn read_until(
    window: &Synk,
    events: &mut mpsc::UnboundedReceiver<Event>,
    text: &str,
) -> SessionOutput {
    let mut all = String::new();
    let found = async {
        loop {
            let Event::SessionOutput(output) = events.recv().await.unwrap() else { continue };
            all.push_str(&String::from_utf8_lossy(&BASE64.decode(&output.data_b64).unwrap()));
            let parsed = json!({ "sessionId": output.session_id, "offset": output.offset });
            // Its connection may be gone by now.
            window.invoke("session:ack", parsed).await.ok();
            if all.contains(text) {
                return output;
            }
        }
    };
    let found = timeout(Duration::from_secs(30), found).await;
    found.unwrap_or_else(|_| panic!("{text:?} is not in {all:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_goes_on_with_the_next_shim_and_keeps_its_size() {
    let home = home();
    let session = home.create(&["--name", "build"]).session_id;
    home.assert_answers(session);
    let (sink, mut events) = mpsc::unbounded_channel();
    let window = Synk::start(home.places(), env!("CARGO_BIN_EXE_synk").into(), move |event| {
        // The test may be over.
        sink.send(event).ok();
    });
    let attach = json!({ "sessionId": session, "cols": 91, "rows": 21 });
    window.invoke("session:attach", attach).await.unwrap();
    let write = |data: &str| json!({ "sessionId": session, "data": data });
    window.invoke("session:write", write("echo first-$((1+1))\r")).await.unwrap();
    read_until(&window, &mut events, "first-2").await;
    // What a killed shim has shown and not yet written is lost with it.
    home.log_with(session, "first-2");

    processes::kill(home.shim_pid(session));
    let last = read_until(&window, &mut events, "first-2").await;
    assert!(last.snapshot, "the last screen, from the next shim");
    wait_for("the daemon to hear of it", || {
        let now = home.session(session);
        ((now.state, now.attached_clients) == (SessionState::Lost, 1)).then_some(())
    });
    window.invoke("session:restart", json!({ "sessionId": session })).await.unwrap();
    let size = json!({ "sessionId": session, "cols": 93, "rows": 23 });
    window.invoke("session:resize", size).await.unwrap();
    window.invoke("session:write", write("echo again-$((1+1)); stty size\r")).await.unwrap();
    let output = read_until(&window, &mut events, "23 93").await;
    assert!(output.offset > last.offset, "what was put out is counted on");

    // Without a daemon nobody brings it back, and nobody is left in doubt.
    let daemon = home.daemon_pid();
    processes::freeze(daemon);
    processes::kill(home.shim_pid(session));
    let refused = wait_for("the loss to be noticed", || {
        let sent = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(window.invoke("session:write", write("x")))
        });
        sent.err()
    });
    assert_eq!(refused.code, ErrorCode::Unavailable);
    processes::thaw(daemon);
    read_until(&window, &mut events, "again-2").await;
    window.invoke("session:detach", json!({ "sessionId": session })).await.unwrap();
}
