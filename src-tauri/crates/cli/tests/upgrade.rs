//! A daemon among shims of another version: those that it cannot talk to go on, are shown,
//! and are moved to this version when somebody says so.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    env, fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};
use synk_client::Daemon;
use synk_protocol::{Hello, Role, SessionId, SessionRecord, SessionState};
use synk_socket::{Connection, Listener};
use synk_testkit::{Home, next_notice, processes, wait_for};
use tokio::{
    process::Command as Program,
    signal::unix::{SignalKind, signal},
};

/// Tells this program, run as a process of its own, to be the shim at this socket.
const SOCKET: &str = "SYNK_TEST_FOREIGN_SHIM";
/// What its program is, for a shell.
const PROGRAM: &str = "SYNK_TEST_FOREIGN_PROGRAM";
/// The session that it has.
const SESSION: SessionId = SessionId(1);

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

/// Not a test of its own: the shim of another version, when this program is run as one. It
/// speaks another major, and ends what it holds when the system tells it to.
#[tokio::test]
async fn the_shim_of_another_version() {
    let Ok(socket) = env::var(SOCKET) else { return };
    // Of a session of its own, as a shim's program is, and without another process in between.
    let mut program = Program::new("setsid");
    program.arg("sh").env("SYNK_SESSION", SESSION.to_string());
    // Left open, so that what reads it waits.
    program.arg("-c").arg(env::var(PROGRAM).unwrap()).stdin(Stdio::piped());
    let mut program = program.spawn().unwrap();
    let record = Path::new(&env::var("RECORD").unwrap()).to_owned();
    let read: SessionRecord = serde_json::from_slice(&fs::read(&record).unwrap()).unwrap();
    let running = SessionRecord {
        state: SessionState::Running,
        ended_at: None,
        pid: program.id(),
        started_at: Some(unix_ms()),
        shim_pid: std::process::id(),
        ..read
    };
    synk_socket::write_private(&record, &serde_json::to_vec(&running).unwrap()).unwrap();
    let mut terminate = signal(SignalKind::terminate()).unwrap();
    let listener = Listener::bind(Path::new(&socket)).unwrap();
    let hello = Hello { major: 99, version: "9.9.9".to_owned(), ..Hello::new(Role::Shim) };
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            stream = listener.accept() => {
                let mut connection = Connection::new(stream.unwrap());
                // Neither can do anything with the other; who asked may be gone already.
                connection.introduce(&hello).await.ok();
            }
        }
    }
    program.kill().await.unwrap();
}

fn unix_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

/// A home with one session, in the shim of another version.
fn foreign(home: &Home, program: &str) -> Child {
    home.create(&["--pane", "--name", "old"]);
    home.crash();
    fs::remove_file(home.places().shim_socket(SESSION)).unwrap();
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "the_shim_of_another_version"])
        .env_clear()
        .envs(home.environment())
        .current_dir(home.work())
        .env(SOCKET, home.places().shim_socket(SESSION))
        .env(PROGRAM, program)
        .env("RECORD", home.places().record(SESSION))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("the other shim", || home.places().shim_socket(SESSION).exists().then_some(()));
    child
}

/// Waits for the end of the other shim, so that it leaves no process behind.
fn wait_end(child: &mut Child) {
    wait_for("the other shim's end", || child.try_wait().unwrap());
}

#[tokio::test]
async fn a_shim_that_cannot_be_talked_to_goes_on_and_is_shown() {
    let home = home();
    let mut child = foreign(&home, "exec cat");
    let found = home.session(SESSION);
    assert_eq!(found.incompatible.as_deref(), Some("9.9.9"));
    assert_eq!((found.name.as_str(), found.pane_index), ("old", Some(0)));
    assert!(processes::runs(found.pid.unwrap()));
    assert!(home.ok(&["ls"]).contains("other version"));
    let (_daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    let told = next_notice(&mut events).await;
    assert!(told.contains("9.9.9") && told.contains("protocol"), "{told}");
    let refused = home.synk(&["send", "--raw", "old", "hello"]);
    assert_eq!(refused.code, 7);
    assert!(refused.stderr.contains("it goes on"), "{}", refused.stderr);
    let other = home.create(&["--pane"]);
    assert_eq!(other.pane_index, Some(1), "its pane is its own");
    home.assert_answers(other.session_id);
    home.ok(&["stop"]);
    assert!(processes::runs(child.id()) && processes::runs(found.pid.unwrap()));

    home.ok(&["restart", "old"]);
    wait_end(&mut child);
    let moved = home.session(SESSION);
    assert_eq!((moved.incompatible, moved.state), (None, SessionState::Running));
    assert_eq!((moved.name.as_str(), moved.pane_index), ("old", Some(0)));
    assert!(!processes::runs(found.pid.unwrap()));
    home.assert_answers(SESSION);
}

#[test]
fn a_session_is_moved_once_nothing_in_it_is_at_work() {
    let home = home();
    // At work at first: it burns time and prints nothing.
    let program = "echo $$ > busy; while [ -e busy ]; do :; done; exec cat";
    let mut child = foreign(&home, program);
    wait_for("the work", || home.work().join("busy").exists().then_some(()));
    home.ok(&["restart", "--when-idle", "old"]);
    assert!(home.session(SESSION).restarts_when_idle);
    home.ok(&["restart", "--call-off", "old"]);
    assert!(!home.session(SESSION).restarts_when_idle);
    home.ok(&["restart", "--when-idle", "old"]);
    fs::remove_file(home.work().join("busy")).unwrap();
    assert!(processes::runs(child.id()), "it was not interrupted");
    wait_end(&mut child);
    wait_for("it to run again", || {
        let now = home.session(SESSION);
        (now.incompatible.is_none() && now.state == SessionState::Running).then_some(())
    });
    assert!(!home.session(SESSION).restarts_when_idle);
    home.assert_answers(SESSION);
}

#[test]
fn a_session_that_ends_with_its_other_shim_is_brought_back() {
    let home = home();
    let mut child = foreign(&home, "exec sleep 1000");
    let program = home.session(SESSION).pid.unwrap();
    child.kill().unwrap();
    wait_end(&mut child);
    wait_for("the loss", || {
        let now = home.session(SESSION);
        (now.incompatible.is_none() && now.state == SessionState::Lost).then_some(())
    });
    wait_for("the program's end", || (!processes::runs(program)).then_some(()));
}

#[test]
fn a_session_in_another_shim_can_be_ended() {
    let home = home();
    let mut child = foreign(&home, "exec cat");
    let program = home.session(SESSION).pid.unwrap();
    home.ok(&["kill", "old"]);
    wait_end(&mut child);
    assert!(!processes::runs(program));
    assert!(home.sessions().is_empty());
}
