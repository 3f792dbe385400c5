//! Whoever dies, stops or stalls while a session is at work: its log is complete, its screen
//! is right, and it was never held up. `SYNK_ROUNDS` sets how often each is tried.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    fs,
    sync::{Mutex, PoisonError},
};
use synk_protocol::{SessionId, SessionState};
use synk_testkit::{Console, Home, processes, rounds, wait_for};

/// What a session counts to: 6.9 MB.
const NUMBERS: u32 = 1_000_000;

/// Each of them floods the machine, and one measures.
static ALONE: Mutex<()> = Mutex::new(());

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
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
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
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
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
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
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

/// A program that counts so many millions, and writes down how many nanoseconds that took by its
/// own clock.
fn worker(home: &Home, millions: u32) -> SessionId {
    let script = format!(
        "echo ready; read go; begin=$(date +%s%N); seq 1 {millions}000000; end=$(date +%s%N)
        echo $((end - begin)) >new-$SYNK_SESSION; mv new-$SYNK_SESSION taken-$SYNK_SESSION
        echo all-done; exec cat"
    );
    let session = home.create(&["--", "sh", "-c", &script]).session_id;
    home.wait_screen(session, "ready");
    session
}

fn taken(home: &Home, session: SessionId) -> f64 {
    let file = home.work().join(format!("taken-{session}"));
    wait_for("the end of the work", || fs::read_to_string(&file).ok()?.trim().parse().ok())
}

#[test]
fn a_viewer_that_is_stopped_does_not_slow_the_program() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let home = home();
    // 30 keep both at work for ten seconds.
    let millions = rounds(4);
    let mut ratios: Vec<f64> = (0..7)
        .map(|round| {
            let (alone, watched) = (worker(&home, millions), worker(&home, millions));
            let attach =
                [env!("CARGO_BIN_EXE_synk"), "attach", &watched.to_string()].map(str::to_owned);
            let viewer = Console::start(&attach, &home.environment(), 80, 24);
            viewer.wait_for("ready");
            processes::freeze(viewer.pid());
            // Side by side, so that what else the machine does befalls both.
            let both = if round % 2 == 0 { [alone, watched] } else { [watched, alone] };
            for session in both {
                home.send(session, "go");
            }
            let (watched_for, alone_for) = (taken(&home, watched), taken(&home, alone));
            println!("stopped for {:.1} s", watched_for / 1e9);
            let ratio = watched_for / alone_for;
            processes::thaw(viewer.pid());
            viewer.wait_for("all-done");
            for session in both {
                home.ok(&["kill", "--force", &session.to_string()]);
            }
            home.ok(&["clean", "--older-than", "0s"]);
            ratio
        })
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    println!("with a stopped viewer it takes so many times as long: {ratios:.3?}");
    assert!(ratios[ratios.len() / 2] <= 1.25, "{ratios:?}");
}
