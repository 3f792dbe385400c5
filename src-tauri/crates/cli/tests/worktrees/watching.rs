//! What happens in a repository is told to whoever listens.

use std::{fs, path::PathBuf, process::Command};
use synk_client::Daemon;
use synk_protocol::{Event, GitEvent, GitEventKind, ListActivity, Overlap};
use synk_testkit::find_event;
use tokio::sync::mpsc;

use super::world::{git, home, on_branch, overlaps, project};

/// The next thing that happens in a repository and is of that kind.
async fn next(events: &mut mpsc::Receiver<Event>, kind: GitEventKind) -> GitEvent {
    find_event(events, |event| match event {
        Event::GitEvent(event) if event.kind == kind => Some(event.clone()),
        _ => None,
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_in_a_repository_is_told() {
    let home = home();
    let project = project(&home, "app");
    let one = on_branch(&home, &project, "one");
    let (daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    let place = PathBuf::from(one.worktree.unwrap());
    let two = on_branch(&home, &project, "two");
    let other = PathBuf::from(two.worktree.unwrap());
    // A file that both change: once that is told, both are watched.
    for place in [&place, &other] {
        fs::write(place.join("same"), "1\n").unwrap();
    }
    let found = overlaps(&mut events, |found| !found.is_empty()).await;
    assert_eq!(found[0].sessions, [one.session_id, two.session_id]);
    assert_eq!((found[0].files[0].path.as_str(), found[0].files[0].conflicts), ("same", false));
    fs::remove_file(other.join("same")).unwrap();
    overlaps(&mut events, <[Overlap]>::is_empty).await;

    fs::write(place.join("README"), "one\n").unwrap();
    git(&place, &["commit", "--quiet", "--all", "--message", "the first of one"]);
    let commit = next(&mut events, GitEventKind::Commit).await;
    assert_eq!((commit.branch.as_str(), commit.session_id), ("one", one.session_id));
    assert_eq!(commit.details, "the first of one");
    let listed = daemon.call(ListActivity::default()).await.unwrap();
    assert!(listed.iter().any(|event| event.details == "the first of one"), "{listed:?}");

    git(&project, &["branch", "topic/short", "main"]);
    assert_eq!(next(&mut events, GitEventKind::BranchCreated).await.branch, "topic/short");
    git(&project, &["branch", "--quiet", "-D", "topic/short"]);
    assert_eq!(next(&mut events, GitEventKind::BranchDeleted).await.branch, "topic/short");

    // A file that both change, in no commit of the other.
    fs::write(other.join("README"), "two\n").unwrap();
    let found = overlaps(&mut events, |found| !found.is_empty()).await;
    assert_eq!(found[0].sessions, [one.session_id, two.session_id]);
    assert_eq!((found[0].files[0].path.as_str(), found[0].files[0].conflicts), ("README", true));
    // In a folder that is new, and not in each other's way.
    fs::write(other.join("README"), "first\n").unwrap();
    overlaps(&mut events, <[Overlap]>::is_empty).await;
    for (place, line) in [(&place, "0\n1\n"), (&other, "1\n2\n")] {
        fs::create_dir_all(place.join("web/deep")).unwrap();
        fs::write(place.join("web/deep/new"), line).unwrap();
    }
    let found = overlaps(&mut events, |found| !found.is_empty()).await;
    assert_eq!(found[0].files[0].path, "web/deep/new");

    git(&other, &["commit", "--quiet", "--allow-empty", "--message", "two"]);
    fs::write(other.join("README"), "two\n").unwrap();
    git(&other, &["commit", "--quiet", "--all", "--message", "two"]);
    let merge = Command::new("git").args(["merge", "one"]).current_dir(&other).output().unwrap();
    assert!(!merge.status.success());
    let conflict = next(&mut events, GitEventKind::Conflict).await;
    assert_eq!((conflict.session_id, conflict.details.as_str()), (two.session_id, "README"));
    git(&other, &["checkout", "--quiet", "--theirs", "README"]);
    git(&other, &["add", "README"]);
    git(&other, &["commit", "--quiet", "--message", "both"]);
    assert_eq!(next(&mut events, GitEventKind::Merge).await.branch, "two");

    // Who comes later is told what is so.
    let (_daemon, mut late) = Daemon::connect(&home.places(), true).await.unwrap();
    overlaps(&mut late, |found| found.len() == 1).await;
}
