//! Whoever is killed: no process is leaked, and no claim is lost without an error. That
//! nothing is left each home sees to when it is dropped.

use std::collections::HashSet;
use synk_client::Daemon;
use synk_protocol::{CreateSession, SessionState};
use synk_testkit::{Home, processes, rounds, wait_for};

use super::{
    Pooled, SHELLS,
    pooled::{create, shown},
};

#[test]
fn a_waiting_shell_that_is_killed_is_replaced() {
    for shell in SHELLS {
        let pooled = Pooled::new(shell, "");
        for of in [|(shim, _)| shim, |(_, shell)| shell] {
            let before: HashSet<_> = pooled.idle().into_iter().collect();
            let victim: (u32, u32) = *before.iter().next().unwrap();
            processes::kill(of(victim));
            // It may not be known yet that it is gone.
            let session = pooled.home.create(&[]).session_id;
            pooled.home.wait_screen(session, "ready>");
            wait_for("another", || {
                let idle = pooled.idle();
                (idle.len() == 2 && !idle.contains(&victim)).then_some(())
            });
            wait_for("both to be gone", || {
                (!processes::runs(victim.0) && !processes::runs(victim.1)).then_some(())
            });
        }
        assert_eq!(pooled.status().problem, None);
    }
}

#[test]
fn a_daemon_that_ends_or_dies_takes_those_that_wait_along() {
    let pooled = Pooled::new("bash", "");
    for kill in [false, true] {
        pooled.wait_idle(2);
        let session = pooled.claim(&[]);
        pooled.wait_idle(2);
        let waiting = pooled.idle();
        if kill {
            processes::kill(pooled.home.daemon_pid());
        } else {
            pooled.home.ok(&["stop"]);
        }
        wait_for("their end", || {
            let mut pids = waiting.iter().flat_map(|(shim, shell)| [shim, shell]);
            (!pids.any(|pid| processes::runs(*pid))).then_some(())
        });
        wait_for("a daemon", || pooled.start().contains("waiting").then_some(()));
        pooled.home.assert_answers(session);
    }
}

/// Every session that anybody was told of runs, and none runs that nobody knows.
fn assert_none_lost(home: &Home, told: &[synk_protocol::SessionId]) {
    let sessions = home.sessions();
    for id in told {
        let session = sessions.iter().find(|one| one.session_id == *id);
        assert_eq!(session.map(|one| one.state), Some(SessionState::Running), "session {id}");
    }
    wait_for("no other shim", || {
        let known: Vec<_> = home.sessions().iter().map(|session| session.shim_pid).collect();
        let parked = home.ok(&["pool", "--json"]);
        let pool: synk_protocol::PoolStatus = serde_json::from_str(&parked).unwrap();
        let shims = home.processes().into_iter().filter(|(_, name)| name.contains("synk shim"));
        let others: Vec<_> = shims.filter(|(pid, _)| !known.contains(pid)).collect();
        (others.len() == (pool.idle + pool.warming) as usize).then_some(())
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_the_daemon_in_the_middle_of_claims_loses_none_without_an_error() {
    let pooled = Pooled::new("bash", "");
    for round in 0..rounds(6) {
        pooled.wait_full();
        let (daemon, _events) = Daemon::connect(&pooled.home.places(), false).await.unwrap();
        let pid = pooled.home.daemon_pid();
        let args = CreateSession {
            project_path: pooled.home.work().display().to_string(),
            background: Some(true),
            ..CreateSession::default()
        };
        let calls = (0..4).map(|_| {
            let (daemon, args) = (daemon.clone(), args.clone());
            tokio::spawn(async move { daemon.call(args).await })
        });
        let calls: Vec<_> = calls.collect();
        // Another moment each round: a claim takes a few milliseconds.
        tokio::time::sleep(std::time::Duration::from_micros(u64::from(round) * 700 % 9000)).await;
        processes::kill(pid);
        let mut told = Vec::new();
        for call in calls {
            told.extend(call.await.unwrap().ok().map(|created| created.session_id));
        }
        wait_for("a daemon", || pooled.start().contains("waiting").then_some(()));
        assert_none_lost(&pooled.home, &told);
        for session in pooled.home.sessions() {
            // One that nobody was told of may be going by itself.
            let killed = pooled.home.synk(&["kill", "--force", &session.session_id.to_string()]);
            assert!(killed.code == 0 || !told.contains(&session.session_id), "{killed:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shim_that_is_killed_as_it_is_claimed_costs_nothing_but_time() {
    let pooled = Pooled::new("bash", "");
    let (daemon, _events) = Daemon::connect(&pooled.home.places(), false).await.unwrap();
    for round in 0..rounds(6) {
        pooled.wait_full();
        let idle = pooled.idle();
        let (first, _) = *idle.iter().min().unwrap();
        // Killed just before: the claim is on its way to a shim that is gone.
        processes::freeze(first);
        let home = &pooled.home;
        let work = home.work();
        let (session, ()) = tokio::join!(create(&daemon, &work), async {
            tokio::time::sleep(std::time::Duration::from_millis(u64::from(round % 3))).await;
            processes::kill(first);
        });
        shown(&home.places(), session, "ready>").await;
        home.ok(&["kill", "--force", &session.to_string()]);
    }
}
