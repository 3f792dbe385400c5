//! Which folders are watched for what two sessions both change, as Linux counts them.

use std::{fs, path::PathBuf};
use synk_client::Daemon;
use synk_protocol::Event;
use synk_testkit::{Home, wait_for};
use tokio::sync::mpsc;

use super::world::{git, home, on_branch, overlaps, project};

/// How many folders the daemon watches.
fn watched(home: &Home) -> usize {
    let files = fs::read_dir(format!("/proc/{}/fdinfo", home.daemon_pid())).unwrap();
    // A file that was closed meanwhile is none that watches.
    let files = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap_or_default());
    files.map(|file| file.lines().filter(|line| line.starts_with("inotify wd:")).count()).sum()
}

/// Writes a file in both, and waits until it is told that both have changed it.
async fn told_of_both(events: &mut mpsc::Receiver<Event>, places: &[PathBuf; 2], name: &str) {
    for place in places {
        fs::write(place.join(name), "1\n").unwrap();
    }
    overlaps(events, |found| {
        found.iter().any(|overlap| overlap.files.iter().any(|file| file.path == name))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folders_are_watched_as_they_come_and_go_but_for_those_that_git_ignores() {
    let home = home();
    let project = project(&home, "app");
    fs::write(project.join(".gitignore"), ".env\nout/\n").unwrap();
    git(&project, &["commit", "--quiet", "--all", "--message", "ignored"]);
    let sessions = ["one", "two"].map(|branch| on_branch(&home, &project, branch));
    let places = sessions.map(|session| PathBuf::from(session.worktree.unwrap()));
    let (_daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    told_of_both(&mut events, &places, "first").await;
    let before = watched(&home);
    let waits_for = |count: usize| {
        wait_for("the folders to be watched", || (watched(&home) == count).then_some(()));
    };

    // Nothing of the one that is ignored, however deep.
    fs::create_dir_all(places[0].join("out/a/b")).unwrap();
    // One that is there at once with all that is in it.
    let new = home.work().join("new");
    fs::create_dir_all(new.join("a")).unwrap();
    fs::rename(new, places[0].join("new")).unwrap();
    waits_for(before + 2);
    told_of_both(&mut events, &places, "second").await;
    waits_for(before + 2);
    fs::remove_dir_all(places[0].join("new")).unwrap();
    waits_for(before);

    // One that was there is watched again when it comes back, at its place or in another's.
    fs::remove_dir_all(places[0].join("web")).unwrap();
    waits_for(before - 1);
    fs::create_dir(places[0].join("web")).unwrap();
    waits_for(before);
    fs::rename(places[0].join("web"), places[0].join("away")).unwrap();
    fs::create_dir(places[0].join("web")).unwrap();
    waits_for(before + 1);
    told_of_both(&mut events, &places, "web/third").await;
}
