//! What dies alone: the daemon, a shim, a session, the terminal that started them.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
};
use synk_client::{Daemon, Shim};
use synk_protocol::{Event, SessionId, SessionInfo, SessionState, SessionStatus, TerminalSize};
use synk_testkit::{Console, Home, find_event, processes, wait_for};
use tokio::sync::mpsc;

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

fn kill_daemon(home: &Home) {
    let daemon = home.daemon_pid();
    processes::kill(daemon);
    wait_for("the daemon's end", || (!processes::runs(daemon)).then_some(()));
}

/// Every session, but for its status, which follows a moment after what a program does.
fn lasting(home: &Home) -> Vec<SessionInfo> {
    let mut sessions = home.sessions();
    for session in &mut sessions {
        session.status = SessionStatus::default();
    }
    sessions
}

/// Events from now on. The list of sessions comes first, and says that it is so.
async fn subscribe(home: &Home) -> (Daemon, mpsc::Receiver<Event>) {
    let (daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    find_event(&mut events, |event| matches!(event, Event::SessionsChanged(_)).then_some(())).await;
    (daemon, events)
}

async fn exit_of(events: &mut mpsc::Receiver<Event>, session: SessionId) -> i32 {
    find_event(events, |event| match event {
        Event::SessionExit(exit) if exit.session_id == session => Some(exit.exit_code),
        _ => None,
    })
    .await
}

#[test]
fn killing_the_daemon_loses_nothing() {
    let home = home();
    let shell = home.create(&["--pane", "--name", "editor"]).session_id;
    let hidden = home.create(&[]).session_id;
    let exited = home.create(&["--", "sh", "-c", "echo last words; exit 5"]).session_id;
    home.ok(&["rename", "shell", "build"]);
    wait_for("the exit", || (home.session(exited).exit_code == Some(5)).then_some(()));
    home.send(shell, "remembered=here; echo set-$((1+1))");
    home.wait_screen(shell, "set-2");
    let before = lasting(&home);

    kill_daemon(&home);
    assert!(home.places().daemon_socket().exists(), "it had no time to clean up");
    for session in &before[..2] {
        assert!(processes::runs(session.pid.unwrap()));
    }
    assert_eq!(lasting(&home), before, "same processes, names, places, states");
    assert_eq!(home.screen(exited), "last words\n");
    home.send(shell, "echo still-$remembered");
    home.wait_screen(shell, "still-here");
    home.assert_answers(hidden);
    assert_eq!(home.create(&[]).session_id, SessionId(4), "no id is used twice");
}

#[test]
fn a_shim_that_does_not_answer_keeps_its_session() {
    let home = home();
    let session = home.create(&[]);
    home.assert_answers(session.session_id);
    let program = session.pid.unwrap();
    processes::freeze(session.shim_pid);
    kill_daemon(&home);
    let listed = home.session(session.session_id);
    assert_eq!((listed.pid, listed.state), (session.pid, SessionState::Running));
    let killed = home.synk(&["kill", "--force", &session.session_id.to_string()]);
    assert_ne!(killed.code, 0, "nobody has ended it");
    assert!(killed.stderr.contains("does not answer"), "{}", killed.stderr);
    assert!(processes::runs(program), "it was left alone");
    processes::thaw(session.shim_pid);
    wait_for("the same shim", || {
        (home.session(session.session_id).shim_pid == session.shim_pid).then_some(())
    });
    assert!(processes::runs(program));
    home.assert_answers(session.session_id);
}

#[test]
fn a_new_shim_that_does_not_answer_keeps_its_session() {
    let folder = tempfile::tempdir().unwrap();
    let binary = folder.path().join("synk");
    // Not by this process: what another test starts meanwhile would hold the file open for
    // writing, and then it cannot be run.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_synk")).arg(&binary).status().unwrap();
    assert!(copied.success());
    let home = Home::without_pool(binary.to_str().unwrap());
    // The program in its place stops a session's shim before the daemon hears that it is ready.
    let script = format!(
        "#!/bin/sh
        [ \"$*\" = shim ] || exec '{synk}' \"$@\"
        exec 3<&0
        mkfifo '{said}'
        '{synk}' shim <&3 >'{said}' &
        read -r line <'{said}'
        kill -STOP $!
        printf '%s\\n' \"$line\"\n",
        synk = env!("CARGO_BIN_EXE_synk"),
        said = folder.path().join("said").display(),
    );
    let stand_in = folder.path().join("stand-in");
    fs::write(&stand_in, script).unwrap();
    fs::set_permissions(&stand_in, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(home.sessions().is_empty());
    fs::rename(stand_in, binary).unwrap();

    let session = home.create(&["--", "cat"]);
    assert_eq!((session.state, session.shim_pid), (SessionState::Running, 0));
    let shim = home.record(session.session_id).shim_pid;
    processes::thaw(shim);
    wait_for("the shim", || (home.session(session.session_id).shim_pid == shim).then_some(()));
    assert!(processes::runs(session.pid.unwrap()));
    home.send(session.session_id, "hello");
    home.wait_screen(session.session_id, "hello\nhello");
}

#[test]
fn a_daemon_that_does_not_find_the_sockets_ends_nothing() {
    let home = Home::without_pool(env!("CARGO_BIN_EXE_synk"));
    let session = home.create(&["--", "sh", "-c", "exec sleep 1000"]);
    let (daemon, program) = (home.daemon_pid(), session.pid.unwrap());
    // As for who has another `XDG_RUNTIME_DIR`.
    let [run, away, other] = ["run", "away", "other"].map(|name| home.path().join(name));
    fs::rename(&run, &away).unwrap();
    let refused = home.synk(&["ls"]);
    assert_eq!(refused.code, 5, "{}", refused.stderr);
    assert!(refused.stderr.contains("another XDG_RUNTIME_DIR"), "{}", refused.stderr);
    assert!(processes::runs(daemon) && processes::runs(program));

    processes::kill(daemon);
    wait_for("the daemon's end", || (!processes::runs(daemon)).then_some(()));
    // Answered once the next one is through with the session.
    let refused = home.synk(&["restart", &session.session_id.to_string()]);
    let holder = format!("process {} still holds this session", session.shim_pid);
    assert!(refused.code != 0 && refused.stderr.contains(&holder), "{}", refused.stderr);
    assert!(processes::runs(program));
    home.ok(&["stop"]);
    fs::rename(&run, &other).unwrap();
    fs::rename(&away, &run).unwrap();
    let found = home.session(session.session_id);
    assert_eq!((found.pid, found.shim_pid), (session.pid, session.shim_pid));
    assert!(processes::runs(program));
}

#[test]
fn a_session_whose_shim_does_not_answer_ends_as_soon_as_it_does() {
    let home = home();
    let session = home.create(&["--", "cat"]);
    processes::freeze(session.shim_pid);
    let killed = home.synk(&["kill", "--force", "1"]);
    assert_eq!(killed.code, 7, "{}", killed.stderr);
    assert!(killed.stderr.contains("does not answer"), "{}", killed.stderr);
    assert!(processes::runs(session.pid.unwrap()));
    processes::thaw(session.shim_pid);
    wait_for("its end", || home.sessions().is_empty().then_some(()));
    assert!(!processes::runs(session.pid.unwrap()));
}

#[test]
fn the_daemon_can_be_stopped_and_sessions_go_on() {
    let home = home();
    assert_eq!(home.ok(&["stop"]), "no daemon was running\n");
    let shell = home.create(&["--pane"]);
    home.create(&["--", "cat"]);
    let before = lasting(&home);
    assert_eq!(home.ok(&["stop"]), "the daemon is stopped; 2 sessions go on\n");
    assert!(!home.places().daemon_socket().exists());
    assert!(processes::runs(shell.pid.unwrap()));
    assert_eq!(home.ok(&["stop"]), "no daemon was running\n");
    assert_eq!(lasting(&home), before);
    home.assert_answers(shell.session_id);
    home.ok(&["kill", "2"]);
    home.ok(&["stop"]);
    assert_eq!(home.create(&[]).session_id, SessionId(3), "nor is that of a session that is gone");
}

#[test]
fn stopping_all_without_a_daemon_still_ends_all() {
    let home = home();
    let shell = home.create(&[]);
    home.ok(&["stop"]);
    assert_eq!(home.ok(&["stop", "--all"]), "1 session was ended; the daemon is stopped\n");
    assert!(!processes::runs(shell.pid.unwrap()));
    home.wait_for_silence();
}

#[tokio::test]
async fn a_daemon_that_was_held_up_keeps_its_sessions() {
    let home = home();
    let session = home.create(&[]).session_id;
    let daemon = home.daemon_pid();
    processes::freeze(daemon);
    // More news of the session than any queue between the two can hold.
    let (shim, _output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    for round in 0..3000 {
        shim.resize(TerminalSize { cols: 80 + round % 2, rows: 24 }).await.unwrap();
    }
    shim.resize(TerminalSize { cols: 99, rows: 33 }).await.unwrap();
    shim.screen().await.unwrap();
    processes::thaw(daemon);
    let seen = wait_for("the last news", || Some(home.session(session)).filter(|s| s.cols == 99));
    assert_eq!((seen.rows, seen.state), (33, SessionState::Running));
    home.assert_answers(session);
}

#[tokio::test]
async fn every_exit_is_told_however_short_the_program() {
    let home = home();
    home.sessions();
    let (_daemon, mut events) = subscribe(&home).await;
    for id in 1..=10 {
        assert_eq!(home.create(&["--", "sh", "-c", "exit 4"]).session_id, SessionId(id));
        assert_eq!(exit_of(&mut events, SessionId(id)).await, 4);
    }
}

#[test]
fn killing_a_session_ends_all_that_it_started() {
    let home = Home::without_pool(env!("CARGO_BIN_EXE_synk"));
    let session = home.create(&[]);
    let bystander = home.create(&["--", "cat"]);
    for line in [
        "setsid sleep 1001 &",
        "nohup sleep 1002 >/dev/null 2>&1 &",
        "(sh -c 'sleep 1003 & sleep 1004 &' &)",
        "(trap '' HUP TERM; while :; do sleep 1005; done) &",
        "setsid sh -c \"trap '' HUP TERM; sleep 1006 & wait; sleep 1007\" >/dev/null 2>&1 &",
        "echo started-$((1+1))",
    ] {
        home.send(session.session_id, line);
    }
    home.wait_screen(session.session_id, "started-2");
    let left = || {
        let mut left = home.processes();
        left.retain(|(_, command)| command.contains("sleep 100"));
        left
    };
    wait_for("everything to run", || {
        let running = left();
        (1001..=1006)
            .all(|number| running.iter().any(|(_, c)| c == &format!("sleep {number} ")))
            .then_some(())
    });
    home.ok(&["kill", "1"]);
    assert_eq!(left(), [], "when the verb returns");
    assert!(processes::runs(bystander.pid.unwrap()));
    home.ok(&["kill", "2"]);
    let daemon = home.daemon_pid();
    wait_for("nothing but the daemon", || {
        home.processes().iter().all(|(pid, _)| *pid == daemon).then_some(())
    });
    home.ok(&["stop"]);
    home.wait_for_silence();
}

#[test]
fn stopping_all_leaves_nothing_however_stubborn() {
    let home = home();
    for _ in 0..4 {
        home.create(&["--", "sh", "-c", "trap '' HUP TERM; setsid sleep 1000 & wait"]);
    }
    let stopped = home.ok(&["stop", "--all"]);
    assert_eq!(stopped, "4 sessions were ended; the daemon is stopped\n");
    home.wait_for_silence();
    let sockets = fs::read_dir(home.places().shims()).unwrap().count();
    assert_eq!(sockets, 0);
    assert!(home.sessions().is_empty());
}

#[test]
fn the_death_of_the_terminal_that_started_them_is_nothing_to_daemon_and_shim() {
    let home = home();
    let script = format!("'{}' new && echo up-$((1+1)); cat", env!("CARGO_BIN_EXE_synk"));
    let command = ["sh", "-c", &script].map(str::to_owned);
    let console = Console::start(&command, &home.environment(), 80, 24);
    console.wait_for("up-2");
    let (daemon, shim) = (home.daemon_pid(), home.shim_pid(SessionId(1)));
    for pid in [daemon, shim] {
        let process = processes::find(pid).unwrap();
        assert!(!process.has_terminal, "{process:?}");
        assert_eq!(process.session, pid, "{process:?}");
        #[cfg(target_os = "linux")]
        for (number, file) in processes::open_files(pid) {
            let file = file.display().to_string();
            assert!(number > 2 || file == "/dev/null", "{number} {file}");
            assert!(!file.starts_with("/dev/pts/"), "{number} {file}");
            // The daemon has pipes of its own, to the shells that wait.
            assert!(pid == daemon || !file.starts_with("pipe:"), "{number} {file}");
        }
    }
    processes::end_group(console.pid());
    console.exit_code();
    assert!(processes::runs(daemon) && processes::runs(shim));
    home.assert_answers(SessionId(1));
    assert_eq!(home.daemon_pid(), daemon);
}

#[tokio::test]
async fn a_daemon_that_was_started_in_a_session_outlives_it() {
    let home = home();
    let session = home.create(&[]);
    home.assert_answers(session.session_id);
    home.ok(&["stop"]);
    let socket = home.places().shim_socket(session.session_id);
    let (shim, _output) = Shim::connect(&socket).await.unwrap();
    shim.write(format!("'{}' ls\r", env!("CARGO_BIN_EXE_synk"))).await.unwrap();
    shim.flush().await.unwrap();
    // Not by a verb, which would start another.
    wait_for("the daemon", || home.places().daemon_socket().exists().then_some(()));
    let daemon = home.daemon_pid();
    #[cfg(target_os = "linux")]
    wait_for("the end of the verb that started it", || {
        (processes::find(daemon)?.parent == session.shim_pid).then_some(())
    });
    let other = home.create(&["--", "sleep", "1000"]);
    home.ok(&["restart", &session.session_id.to_string()]);
    home.assert_answers(session.session_id);
    home.ok(&["kill", &session.session_id.to_string()]);
    assert_eq!(home.daemon_pid(), daemon);
    assert!(processes::runs(other.shim_pid) && processes::runs(other.pid.unwrap()));
}

#[test]
fn a_pipe_that_the_starter_left_open_ends_all_the_same() {
    let home = home();
    // The substitution ends once nobody holds descriptor 3 any more, so a daemon or a shim
    // that kept it would hang the shell for as long as it lives.
    let script = r#"said=$("$1" new 3>&1); echo "done: $said""#;
    let mut shell = Command::new("sh")
        .args(["-c", script, "sh", env!("CARGO_BIN_EXE_synk")])
        .env_clear()
        .envs(home.environment())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for("the shell's end", || shell.try_wait().unwrap());
    let output = shell.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "done: 1 shell\n");
    home.assert_answers(SessionId(1));
}
