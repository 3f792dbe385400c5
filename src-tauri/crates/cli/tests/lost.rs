//! Sessions whose shim is gone: lost is what ran in them, and nothing else.

use std::fs;
use synk_client::Daemon;
use synk_protocol::{Event, SessionId, SessionInfo, SessionState};
use synk_testkit::{Home, find_event, next_notice, processes, wait_for};

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

/// Waits until a session is in this state.
#[track_caller]
fn wait_state(home: &Home, session: SessionId, state: SessionState) -> SessionInfo {
    wait_for("the session's state", || {
        // One that is brought back in this moment has a shim that is only starting.
        Some(home.session(session)).filter(|one| one.state == state && one.shim_pid != 0)
    })
}

/// Waits until the session is lost and its last screen can be seen.
#[track_caller]
fn wait_lost(home: &Home, session: SessionId, before: &SessionInfo) -> SessionInfo {
    let lost = wait_for("the session to be brought back", || {
        Some(home.session(session))
            .filter(|one| one.state == SessionState::Lost && one.shim_pid != before.shim_pid)
    });
    assert_eq!((lost.pid, lost.exit_code), (None, None));
    lost
}

#[tokio::test]
async fn killing_a_shim_loses_what_ran_in_it_and_nothing_else() {
    let home = home();
    let lost = home.create(&["--pane", "--name", "build"]);
    let kept = home.create(&["--pane"]).session_id;
    // No prompt comes after them, and the log, which brings them back, has them.
    home.send(lost.session_id, "printf 'last %s\\n' words; exec cat");
    let screen = home.wait_screen(lost.session_id, "last words");
    home.log_with(lost.session_id, "last words");
    let (_daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    processes::kill(home.shim_pid(lost.session_id));
    let exit = find_event(&mut events, |event| match event {
        Event::SessionExit(exit) => Some((exit.session_id, exit.exit_code)),
        _ => None,
    });
    assert_eq!(exit.await, (lost.session_id, -1));
    let message = next_notice(&mut events).await;
    assert!(message.contains("“build”") && message.contains("runs it again"), "{message}");

    let found = wait_lost(&home, lost.session_id, &lost);
    assert_eq!((found.name.as_str(), found.pane_index), ("build", Some(0)));
    assert!(found.ended_at.is_some());
    assert_eq!(home.screen(lost.session_id), screen, "its last screen");
    home.assert_answers(kept);
    assert_eq!(home.synk(&["rename", "shell", "build"]).code, 5, "its name is its own");

    home.ok(&["restart", "build"]);
    let again = wait_state(&home, lost.session_id, SessionState::Running);
    assert_eq!((again.pane_index, again.ended_at), (Some(0), None));
    home.assert_answers(lost.session_id);
}

#[test]
fn after_a_power_cut_every_session_is_back_and_none_runs_by_itself() {
    // A shell that waits for a session is no session's.
    let home = Home::without_pool(env!("CARGO_BIN_EXE_synk"));
    let folder = home.work().join("a folder");
    fs::create_dir(&folder).unwrap();
    let shell = home.create(&["--pane", "--env", "TOKEN=secret"]);
    let hidden = home.create(&["--name", "numbers", "--", "sh", "-c", "seq 1 300; exec cat"]);
    let ended = home.create(&["--pane", "--", "sh", "-c", "echo done; exit 3"]).session_id;
    let closed = home.create(&["--name", "closed"]).session_id;
    home.ok(&["kill", "closed"]);
    home.send(shell.session_id, "cd 'a folder'; echo in-$((1+1))");
    home.wait_screen(shell.session_id, "in-2");
    home.wait_screen(hidden.session_id, "300");
    home.log_with(hidden.session_id, "300\r\n");
    wait_for("the shell's folder", || {
        (home.session(shell.session_id).current_dir.as_deref() == folder.to_str()).then_some(())
    });
    wait_for("the end on disk", || (home.record(ended).exit_code == Some(3)).then_some(()));
    let screens = [shell.session_id, hidden.session_id, ended].map(|id| home.screen(id));

    home.crash();
    let lost = wait_lost(&home, shell.session_id, &shell);
    assert_eq!((lost.pane_index, lost.missing_env.as_slice()), (Some(0), &["TOKEN".into()][..]));
    wait_lost(&home, hidden.session_id, &hidden);
    let back = wait_state(&home, ended, SessionState::Exited);
    assert_eq!((back.exit_code, back.pane_index), (Some(3), Some(1)));
    assert_eq!([shell.session_id, hidden.session_id, ended].map(|id| home.screen(id)), screens);
    assert_eq!(home.sessions().len(), 3, "the closed one stays closed");
    // The shell that the daemon asks for the login environment is gone in a moment.
    wait_for("an end of everything that runs by itself", || {
        let mut running = home.processes().into_iter();
        let is_program =
            |(_, command): &(u32, String)| !command.contains("shim") && !command.contains("daemon");
        (!running.any(|one| is_program(&one))).then_some(())
    });
    assert_eq!(home.create(&[]).session_id.0, closed.0 + 1, "no id is used twice");

    home.ok(&["restart", &shell.session_id.to_string()]);
    home.send(shell.session_id, "echo \"$PWD-${TOKEN-unset}\"");
    home.wait_screen(shell.session_id, "/a folder-unset");
    home.ok(&["restart", "numbers"]);
    home.wait_screen(hidden.session_id, "300");
    wait_for("one log over both lives", || {
        let numbers = home.ok(&["logs", "numbers", "--lines", "1000"]);
        (numbers.matches("\n150\r").count() == 2).then_some(())
    });
}

#[test]
fn lost_sessions_run_again_by_themselves_when_the_setting_says_so() {
    let home = home();
    let ended = home.create(&["--", "sh", "-c", "echo x >>ran; exit 3"]).session_id;
    let shell = home.create(&["--pane"]);
    wait_for("the end on disk", || (home.record(ended).exit_code == Some(3)).then_some(()));
    fs::write(home.places().settings(), "[sessions]\nrunLost = true\n").unwrap();
    home.crash();
    wait_for("it to run again", || {
        let now = home.session(shell.session_id);
        (now.state == SessionState::Running && now.shim_pid != shell.shim_pid).then_some(())
    });
    home.assert_answers(shell.session_id);
    // They are brought back one after the other, so that it was its turn before.
    let back = wait_state(&home, ended, SessionState::Exited);
    assert_eq!(back.exit_code, Some(3), "it was through");
    assert_eq!(fs::read_to_string(home.work().join("ran")).unwrap(), "x\n");
}

#[test]
fn a_shim_that_died_without_a_daemon_is_found_and_its_program_ended() {
    let home = home();
    let stubborn = "trap '' HUP; echo up; while :; do sleep 1; done";
    let lost = home.create(&["--", "sh", "-c", stubborn]);
    let kept = home.create(&[]).session_id;
    home.wait_screen(lost.session_id, "up");
    let daemon = home.daemon_pid();
    processes::kill(daemon);
    let shim = home.shim_pid(lost.session_id);
    processes::kill(shim);
    wait_for("their ends", || (!processes::runs(shim) && !processes::runs(daemon)).then_some(()));
    assert!(processes::runs(lost.pid.unwrap()), "it does not mind a hang-up");
    wait_lost(&home, lost.session_id, &lost);
    wait_for("the program's end", || (!processes::runs(lost.pid.unwrap())).then_some(()));
    home.assert_answers(kept);
}

#[test]
fn a_lost_session_can_be_closed() {
    let home = home();
    let lost = home.create(&["--name", "gone"]);
    processes::kill(home.shim_pid(lost.session_id));
    wait_lost(&home, lost.session_id, &lost);
    home.ok(&["kill", "gone"]);
    home.crash();
    assert!(home.sessions().is_empty());
    assert!(home.ok(&["ls", "--all"]).contains("closed"));
}
