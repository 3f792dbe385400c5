//! The daemon is killed while it saves, at any moment: each file is the old layout or the new one;
//! and while it loads: the next load brings back what is missing and starts nothing twice.

use serde_json::Value;
use std::{
    fs,
    time::{Duration, Instant},
};
use synk_client::Daemon;
use synk_protocol::{ChangeWorkspace, SaveSession, WorkspaceId};
use synk_testkit::{Home, processes, rounds, wait_for};

use super::{connect, home, load, panes, save, sessions};

/// The longest that is waited before the daemon is killed: several saves, on a slow disk.
const LONGEST: Duration = Duration::from_millis(60);

/// Names the workspace and saves, again and again, until the daemon is gone. Answers how often
/// that was done.
async fn save_until_killed(daemon: &Daemon, round: u32) -> u32 {
    for count in 0.. {
        let name = Some(format!("{round}.{count}"));
        let workspace_id = WorkspaceId(1);
        let change = ChangeWorkspace { workspace_id, name, ..ChangeWorkspace::default() };
        let save = SaveSession {
            name: Some("kept".to_owned()),
            replace: Some(true),
            ..SaveSession::default()
        };
        if daemon.call(change).await.is_err() || daemon.call(save).await.is_err() {
            return count;
        }
    }
    unreachable!("it is killed")
}

/// The files in the folder: layouts, and what was not finished.
fn files(home: &Home) -> (Vec<(String, Value)>, usize) {
    let (mut layouts, mut unfinished) = (Vec::new(), 0);
    for entry in fs::read_dir(home.places().layouts()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().extension().is_some_and(|end| end == "json") {
            let layout = serde_json::from_slice(&fs::read(entry.path()).unwrap());
            layouts.push((name, layout.unwrap()));
        } else {
            unfinished += 1;
        }
    }
    (layouts, unfinished)
}

fn name(layout: &Value) -> String {
    layout["workspaces"][0]["name"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_the_daemon_while_it_saves_leaves_the_old_layout_or_the_new_one() {
    let home = home();
    for _ in 0..3 {
        home.create(&["--pane", "--", "cat"]);
    }
    home.ok(&["layout", "save", "kept"]);
    let mut last = name(&files(&home).0[0].1);
    let (mut old, mut new, mut saves, mut left) = (0, 0, 0, 0);
    for round in 0..rounds(20) {
        let daemon = connect(&home).await;
        assert_eq!(files(&home).1, 0, "round {round}: what was not finished is cleared away");
        let pid = home.daemon_pid();
        let moment = LONGEST.mul_f64(f64::from((round * 7919 + 13) % 1000) / 1000.0);
        let killing = std::thread::spawn(move || {
            let begin = Instant::now();
            while begin.elapsed() < moment {
                std::hint::spin_loop();
            }
            processes::kill(pid);
        });
        let done = save_until_killed(&daemon, round).await;
        killing.join().unwrap();
        let (layouts, unfinished) = files(&home);
        assert_eq!(layouts.len(), 1, "round {round}");
        assert_eq!(layouts[0].0, "kept.json");
        let layout = &layouts[0].1;
        assert_eq!((&layout["schemaVersion"], &layout["name"]), (&1.into(), &"kept".into()));
        assert_eq!(layout["workspaces"][0]["panes"].as_array().unwrap().len(), 3, "round {round}");
        // The last that was answered, or the one after it.
        let now = name(layout);
        let before = if done == 0 { last.clone() } else { format!("{round}.{}", done - 1) };
        if now == before {
            old += 1;
        } else {
            assert_eq!(now, format!("{round}.{done}"), "round {round}: it is not {before} either");
            new += 1;
        }
        let workspaces = fs::read(home.places().workspaces()).unwrap();
        serde_json::from_slice::<Value>(&workspaces).unwrap();
        (last, saves, left) = (now, saves + done, left + unfinished);
    }
    println!(
        "{old} times the old layout, {new} times the new one, {saves} saves were answered, {left} unfinished files were cleared away"
    );
    let daemon = connect(&home).await;
    assert_eq!(files(&home).1, 0);
    let path = home.places().layouts().join("kept.json");
    assert_eq!(load(&daemon, path).await.unwrap().session_count, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_was_broken_off_is_made_whole_by_the_next() {
    const PANES: u32 = 6;
    let home = home();
    for _ in 0..PANES {
        home.create(&["--pane", "--", "cat"]);
    }
    let daemon = connect(&home).await;
    let before = panes(&daemon).await;
    let path = save(&daemon, "kept").await.unwrap();
    let mut started = Vec::new();
    for round in 0..rounds(6) {
        home.ok(&["stop", "--all"]);
        let daemon = connect(&home).await;
        let loading = {
            let path = path.clone();
            tokio::spawn(async move { load(&daemon, path).await })
        };
        let is_shim = |(_, command): &(u32, String)| command.contains("synk shim");
        let shims = || home.processes().iter().filter(|one| is_shim(one)).count();
        wait_for("a part of the sessions", || (shims() > (round % PANES) as usize).then_some(()));
        processes::kill(home.daemon_pid());
        // Its answer may have come before.
        loading.await.unwrap().ok();
        let daemon = connect(&home).await;
        let loaded = load(&daemon, &path).await.unwrap();
        assert!(loaded.failed.is_empty(), "round {round}: {loaded:?}");
        assert_eq!(panes(&daemon).await, before, "round {round}: {loaded:?}");
        assert_eq!(sessions(&daemon).await.len(), before.len(), "round {round}: {loaded:?}");
        started.push(loaded.started);
    }
    println!("started by the second load, of {PANES}: {started:?}");
}
