//! The pool, as far as its own tests do not change its settings.

use std::{
    fs,
    time::{Duration, Instant},
};
use synk_client::Daemon;
use synk_testkit::{Home, processes, wait_for};
use tokio::task::JoinSet;

use super::pooled::{Pooled, create};

fn pooled(shell: &'static str, settings: &str) -> Pooled {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    home.places().prepare().unwrap();
    fs::write(home.places().settings(), settings).unwrap();
    Pooled { home, shell }
}

#[test]
fn a_start_is_warmed_up_for_so_long_after_the_one_before() {
    let pooled = pooled("dash", "[pool]\ninitialSize = 2\nwarmupDelayMs = 1500\n");
    pooled.write_startup("");
    let begin = Instant::now();
    pooled.start();
    pooled.wait_idle(2);
    let took = begin.elapsed();
    assert!(took >= Duration::from_secs(3), "two after {took:?}");
}

#[test]
fn a_closed_shell_is_not_replaced_when_the_settings_say_so() {
    let settings = "[pool]\ninitialSize = 1\nmaxSize = 3\nwarmupDelayMs = 0\nrecycle = ";
    for (recycle, most) in [("true", 2), ("false", 1)] {
        let pooled = pooled("dash", &format!("{settings}{recycle}\n"));
        pooled.write_startup("");
        pooled.start();
        pooled.wait_idle(1);
        let sessions = [1, 2].map(|_| {
            let session = pooled.claim(&[]);
            pooled.wait_idle(1);
            session
        });
        for session in sessions {
            pooled.home.ok(&["kill", &session.to_string()]);
        }
        // The pool hears of that before it is asked for the next.
        pooled.claim(&[]);
        wait_for("the pool to rest", || {
            let status = pooled.status();
            (status.idle == most && status.warming == 0).then_some(())
        });
    }
}

#[test]
fn a_shim_that_does_not_answer_keeps_nobody_from_following_the_settings() {
    let pooled = pooled("dash", "[pool]\ninitialSize = 1\nwarmupDelayMs = 0\n");
    pooled.write_startup("");
    pooled.start();
    pooled.wait_idle(1);
    let home = &pooled.home;
    let shim = home.create(&["--", "cat"]).shim_pid;
    processes::freeze(shim);
    home.ok(&["settings", "set", "appearance.zoom", "110"]);
    home.ok(&["settings", "set", "pool.initialSize", "2"]);
    pooled.wait_idle(2);
    // Told of this one as well, it holds nobody up.
    home.ok(&["settings", "set", "appearance.zoom", "120"]);
    assert_eq!(home.ok(&["stop"]), "the daemon is stopped; 1 session goes on\n");
    processes::thaw(shim);
}

#[tokio::test]
async fn starts_at_once_are_spaced_as_the_settings_say() {
    let home = super::home("staggerMs = 1000\n");
    home.ok(&["ls"]);
    let (daemon, _events) = Daemon::connect(&home.places(), false).await.unwrap();
    let begin = Instant::now();
    let mut starts = JoinSet::new();
    for _ in 0..4 {
        let (daemon, folder) = (daemon.clone(), home.work());
        starts.spawn(async move { create(&daemon, &folder).await });
    }
    assert_eq!(starts.join_all().await.len(), 4);
    let took = begin.elapsed();
    // The first waits for nobody, and each of the others for the one before it.
    assert!(took >= Duration::from_secs(3), "four after {took:?}");
}

#[test]
fn what_a_prompt_looks_like_is_taken_from_the_settings() {
    let pooled = pooled("dash", "[pool]\ninitialSize = 1\npromptPattern = '^what now.$'\n");
    pooled.write_startup("PS1='what now?'");
    // Read by its name alone: one that is like POSIX has no integration.
    let mut command = pooled.home.command(&["pool"]);
    let env = pooled.home.work().join("env");
    fs::write(&env, "PS1='what now?'\n").unwrap();
    command.env("SHELL", "/usr/bin/bash").env("POSIXLY_CORRECT", "1").env("ENV", env);
    assert!(command.output().unwrap().status.success());
    pooled.wait_idle(1);
    let session = pooled.claim(&[]);
    pooled.home.send(session, "echo $((6*7))");
    pooled.home.wait_screen(session, "42");
}
