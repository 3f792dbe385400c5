//! What worktrees cost: making one beside `git` in one run, one that is ready, and twelve that
//! are watched while nothing happens. A program of its own, so that it is alone.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

#[path = "worktrees/world.rs"]
mod world;

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};
use synk_client::Daemon;
use synk_protocol::{CreateSession, CreateWorktree, GetSettings, SetSettings};
use synk_testkit::{Home, processes, rounds, wait_for};
use tokio::sync::Mutex;
use world::{git, home, on_branch, overlaps, project, worktrees};

/// Each measures.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A project with so many files, in folders of a hundred.
fn large(home: &Home, files: u32) -> PathBuf {
    let project = project(home, "large");
    for number in 0..files {
        let folder = project.join(format!("src/{}", number / 100));
        fs::create_dir_all(&folder).unwrap();
        let lines = format!("line of file {number}\n").repeat(1 + number as usize % 80);
        fs::write(folder.join(format!("{number}.txt")), lines).unwrap();
    }
    git(&project, &["add", "--all"]);
    git(&project, &["commit", "--quiet", "--message", "large"]);
    project
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worktree_takes_what_git_takes_and_a_ready_one_nothing() {
    let _alone = ALONE.lock().await;
    let home = home();
    let project = large(&home, 5000);
    home.ok(&["pool"]);
    let (daemon, _events) = Daemon::connect(&home.places(), false).await.unwrap();
    let create = async |branch: String| {
        let begin = Instant::now();
        let project_path = Some(project.display().to_string());
        let args = CreateWorktree { project_path, branch, ..CreateWorktree::default() };
        let made = daemon.call(args).await.unwrap();
        assert!(!made.reused && made.problems.is_empty(), "{made:?}");
        begin.elapsed()
    };
    let (mut by_git, mut by_synk) = (Vec::new(), Vec::new());
    for round in 0..9 {
        let path = home.work().join(format!("by-git-{round}"));
        let begin = Instant::now();
        git(
            &project,
            &["worktree", "add", "-q", "-b", &format!("g{round}"), path.to_str().unwrap()],
        );
        by_git.push(begin.elapsed());
        by_synk.push(create(format!("s{round}")).await);
    }
    let begin = Instant::now();
    let twelve: Vec<_> = (0..12)
        .map(|number| {
            let (daemon, project) = (daemon.clone(), project.clone());
            tokio::spawn(async move {
                let args = CreateSession {
                    project_path: project.display().to_string(),
                    branch: Some(format!("twelve/{number}")),
                    ..CreateSession::default()
                };
                daemon.call(args).await.unwrap()
            })
        })
        .collect();
    for one in twelve {
        one.await.unwrap();
    }
    let each = begin.elapsed() / 12;
    let (by_git, by_synk) = (median(by_git), median(by_synk));
    println!("git {by_git:?}, Synk {by_synk:?}, each of twelve sessions in one go {each:?}");
    assert!(by_synk <= by_git.mul_f64(1.3), "{by_synk:?} against {by_git:?}");
    assert!(each <= by_git.mul_f64(1.3), "{each:?} against {by_git:?}");

    let settings = fs::read_to_string(home.places().settings()).unwrap();
    let with_ready = format!("{settings}[worktrees]\nprepared = 4\n");
    fs::write(home.places().settings(), with_ready).unwrap();
    let folder = home.places().worktrees();
    let ready = || {
        let projects = fs::read_dir(&folder).unwrap().flatten();
        let all = projects.flat_map(|one| fs::read_dir(one.path()).into_iter().flatten().flatten());
        all.filter(|one| one.file_name().to_string_lossy().starts_with(".ready-")).count()
    };
    // The settings are read anew when somebody asks for them; the next worktree brings more.
    daemon.call(GetSettings {}).await.unwrap();
    create("first".to_owned()).await;
    let mut times = Vec::new();
    for round in 0..5 {
        wait_for("four that are ready", || (ready() == 4).then_some(()));
        times.push(create(format!("r{round}")).await);
    }
    let ready_ones = median(times);
    println!("ready {ready_ones:?}");
    // On a machine whose disk is slow, git says how slow.
    let limit = Duration::from_millis(100).max(by_git.mul_f64(0.6));
    assert!(ready_ones < limit, "{ready_ones:?} against {limit:?}");
    let listed = worktrees(&home);
    assert!(listed.iter().all(|one| one.branch.is_some()), "{listed:?}");

    fs::write(home.places().settings(), settings).unwrap();
    daemon.call(SetSettings { settings: serde_json::json!({}) }).await.unwrap();
    wait_for("none that is ready", || (ready() == 0).then_some(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_watched_worktrees_cost_nothing_at_rest() {
    let _alone = ALONE.lock().await;
    let home = home();
    let project = project(&home, "app");
    for number in 0..200 {
        let folder = project.join(format!("src/{}", number / 10));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(number.to_string()), "1").unwrap();
    }
    git(&project, &["add", "--all"]);
    git(&project, &["commit", "--quiet", "--message", "more"]);
    let made = (0..12).map(|number| on_branch(&home, &project, &number.to_string()));
    let places: Vec<_> = made.map(|one| PathBuf::from(one.worktree.unwrap())).collect();
    let (_daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    // Seen: so everything is watched by now.
    for place in &places[10..] {
        fs::write(place.join("README"), "the same\n").unwrap();
    }
    overlaps(&mut events, |found| found.len() == 1).await;
    // As many sessions that no repository is watched for: to wake costs what the machine asks.
    let beside = world::home();
    for _ in 0..places.len() {
        beside.create(&[]);
    }
    let daemons = [home.daemon_pid(), beside.daemon_pid()];
    let time = Duration::from_secs(rounds(10).into());
    let before = daemons.map(processes::processor_time);
    tokio::time::sleep(time).await;
    let [watched, other] = daemons.map(processes::processor_time);
    let (watched, other) = (watched.saturating_sub(before[0]), other.saturating_sub(before[1]));
    println!("{watched:?} of a processor in {time:?}, {other:?} without worktrees");
    let used = watched.saturating_sub(other);
    assert!(used * 200 <= time, "0.5 % at the most: {used:?} in {time:?}");
}
