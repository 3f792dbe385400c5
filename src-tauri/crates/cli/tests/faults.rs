//! Whoever dies, stops or stalls while a session is at work: its log is complete, its screen
//! is right, and it was never held up. `SYNK_ROUNDS` sets how often each is tried.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::time::{Duration, Instant};
use synk_protocol::{SessionId, SessionState};
use synk_testkit::{Console, Home, processes, rounds, wait_for};

/// What a session counts to: 6.9 MB.
const NUMBERS: u32 = 1_000_000;

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

/// A session that counts once a line is typed into it.
fn counter(home: &Home) -> SessionId {
    let script = format!("echo ready; read go; seq 1 {NUMBERS}; echo all-done; exec cat");
    let session = home.create(&["--", "sh", "-c", &script]).session_id;
    home.wait_screen(session, "ready");
    session
}

/// Waits until a session's log holds so many bytes.
fn wait_log(home: &Home, session: SessionId, bytes: usize) {
    wait_for("output", || (home.log(session).len() >= bytes).then_some(()));
}

/// A moment in the counting, another one each round.
fn moment(round: u32) -> usize {
    (round as usize * 1_234_567) % 6_000_000
}

/// Every number is in the log once, in order, and the screen ends as it should.
#[track_caller]
fn assert_complete(home: &Home, session: SessionId, round: u32) {
    let screen = home.wait_screen(session, "all-done");
    let last: Vec<_> = (NUMBERS - 21..=NUMBERS).map(|number| number.to_string()).collect();
    assert_eq!(screen, format!("{}\nall-done\n", last.join("\n")), "round {round}");
    wait_for("the end of the log", || home.log(session).ends_with(b"all-done\r\n").then_some(()));
    let log = String::from_utf8(home.log(session)).unwrap();
    let mut next = 1;
    for line in log.lines() {
        if let Ok(number) = line.parse::<u32>() {
            assert_eq!(number, next, "round {round}");
            next += 1;
        }
    }
    assert_eq!(next, NUMBERS + 1, "round {round}");
    home.ok(&["kill", "--force", &session.to_string()]);
    home.ok(&["clean", "--older-than", "0s"]);
}

#[test]
fn killing_the_daemon_at_any_moment_costs_no_byte() {
    let home = home();
    for round in 0..rounds(5) {
        let session = counter(&home);
        let daemon = home.daemon_pid();
        home.send(session, "go");
        wait_log(&home, session, moment(round));
        processes::kill(daemon);
        assert_complete(&home, session, round);
    }
}

#[test]
fn killing_a_viewer_at_any_moment_costs_no_byte() {
    let home = home();
    for round in 0..rounds(5) {
        let session = counter(&home);
        let attach =
            [env!("CARGO_BIN_EXE_synk"), "attach", &session.to_string()].map(str::to_owned);
        let viewer = Console::start(&attach, &home.environment(), 80, 24);
        viewer.wait_for("ready");
        home.send(session, "go");
        wait_log(&home, session, moment(round));
        processes::kill(viewer.pid());
        assert_complete(&home, session, round);
    }
}

#[test]
fn killing_a_shim_at_any_moment_loses_its_session_alone_and_says_so() {
    let home = home();
    let other = home.create(&[]).session_id;
    for round in 0..rounds(5) {
        let session = counter(&home);
        home.send(session, "go");
        wait_log(&home, session, moment(round));
        processes::kill(home.shim_pid(session));
        wait_for("the loss", || {
            let sessions = home.sessions();
            assert_eq!(sessions.len(), 2, "round {round}: none is forgotten");
            (sessions[1].state == SessionState::Lost).then_some(())
        });
        home.assert_answers(other);
        home.ok(&["restart", &session.to_string()]);
        wait_for("it to run again", || {
            (home.session(session).state == SessionState::Running).then_some(())
        });
        home.wait_screen(session, "ready");
        home.send(session, "go");
        home.wait_screen(session, "all-done");
        home.ok(&["kill", &session.to_string()]);
        home.ok(&["clean", "--older-than", "0s", "--dry-run"]);
    }
    home.assert_answers(other);
}

/// How long a session takes for its work, with a viewer that `hold`s up or without one.
fn work(home: &Home, stopped_viewer: bool) -> Duration {
    let session = counter(home);
    let viewer = stopped_viewer.then(|| {
        let attach =
            [env!("CARGO_BIN_EXE_synk"), "attach", &session.to_string()].map(str::to_owned);
        let viewer = Console::start(&attach, &home.environment(), 80, 24);
        viewer.wait_for("ready");
        processes::freeze(viewer.pid());
        viewer
    });
    let begin = Instant::now();
    home.send(session, "go");
    wait_for("the end of the log", || home.log(session).ends_with(b"all-done\r\n").then_some(()));
    let taken = begin.elapsed();
    if let Some(viewer) = viewer {
        processes::thaw(viewer.pid());
        viewer.wait_for("all-done");
    }
    home.ok(&["kill", "--force", &session.to_string()]);
    home.ok(&["clean", "--older-than", "0s"]);
    taken
}

#[test]
fn a_viewer_that_is_stopped_does_not_slow_the_program() {
    let home = home();
    // Taken in turns, so that what else the machine does hits both alike.
    let (alone, watched): (Vec<_>, Vec<_>) =
        (0..7).map(|_| (work(&home, false), work(&home, true))).unzip();
    // The quickest of each: a machine that is busy makes work slower and never quicker.
    let quickest =
        |times: Vec<Duration>| times.iter().map(Duration::as_secs_f64).fold(f64::MAX, f64::min);
    let (alone, watched) = (quickest(alone), quickest(watched));
    println!("{watched:.3} s with a stopped viewer, {alone:.3} s alone");
    assert!(watched <= alone * 1.25, "{watched:.3} s with a stopped viewer, {alone:.3} s alone");
}
