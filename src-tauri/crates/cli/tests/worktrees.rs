//! Sessions on branches of their own, through the real daemon: made, held, compared, merged,
//! removed and brought back.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use synk_client::Daemon;
use synk_protocol::{
    CreateSession, CreateWorktree, Event, FileDiff, GetSettings, GitEvent, GitEventKind,
    ListActivity, Overlap, SessionInfo, SetSettings, TrashEntry, WorktreeInfo,
};
use synk_testkit::{Home, find_event, processes, rounds, wait_for};
use tokio::sync::mpsc;

fn home() -> Home {
    let home = Home::without_pool(env!("CARGO_BIN_EXE_synk"));
    let identity = "[user]\nname = A\nemail = a@example.org\n";
    fs::write(home.work().join(".gitconfig"), identity).unwrap();
    home
}

#[track_caller]
fn git(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
        .envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org")])
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// A project with one commit, in the home's folder.
fn project(home: &Home, name: &str) -> PathBuf {
    let folder = home.work().canonicalize().unwrap().join(name);
    fs::create_dir_all(folder.join("web")).unwrap();
    git(&folder, &["init", "--quiet", "--initial-branch", "main"]);
    fs::write(folder.join("README"), "first\n").unwrap();
    fs::write(folder.join("web/index"), "1\n").unwrap();
    fs::write(folder.join(".gitignore"), ".env\n").unwrap();
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "--message", "first"]);
    fs::write(folder.join(".env"), "SECRET=1").unwrap();
    folder
}

fn on_branch(home: &Home, project: &Path, branch: &str) -> SessionInfo {
    home.create(&["--project", project.to_str().unwrap(), "--branch", branch])
}

fn worktrees(home: &Home) -> Vec<WorktreeInfo> {
    serde_json::from_str(&home.ok(&["worktree", "ls", "--json"])).unwrap()
}

fn trash(home: &Home) -> Vec<TrashEntry> {
    serde_json::from_str(&home.ok(&["trash", "ls", "--json"])).unwrap()
}

#[test]
fn a_session_on_a_branch_works_in_a_worktree_of_its_own() {
    let home = home();
    let project = project(&home, "my app");
    let session = on_branch(&home, &project, "feat/login");
    let worktree = PathBuf::from(session.worktree.clone().unwrap());
    assert_eq!(session.working_dir, worktree.display().to_string());
    assert_eq!(session.project_path, project.display().to_string());
    assert_eq!(session.branch.as_deref(), Some("feat/login"));
    assert_eq!(fs::read_to_string(worktree.join(".env")).unwrap(), "SECRET=1");
    assert_eq!(
        fs::metadata(worktree.parent().unwrap()).unwrap().permissions().mode() & 0o777,
        0o700
    );
    home.send(session.session_id, "pwd");
    home.wait_screen(session.session_id, "feat-login");

    let id = session.session_id.to_string();
    let held =
        home.synk(&["new", "--project", project.to_str().unwrap(), "--branch", "feat/login"]);
    assert_eq!(held.code, 5, "{}", held.stderr);
    assert!(held.stderr.contains(&format!("session {id} ")), "{}", held.stderr);
    let removed = home.synk(&["worktree", "rm", "feat/login"]);
    assert_eq!(removed.code, 5, "{}", removed.stderr);
    assert!(worktree.exists());
    let all = worktrees(&home);
    assert_eq!((all.len(), all[0].sessions.len()), (1, 1));
    assert_eq!(all[0].base_branch.as_deref(), Some("main"));

    // Who comes after finds what was done.
    fs::write(worktree.join("work"), "1").unwrap();
    home.ok(&["kill", &id]);
    let below = project.join("web");
    let again = on_branch(&home, &below, "feat/login");
    assert_eq!(again.working_dir, worktree.join("web").display().to_string());
    assert!(worktree.join("work").exists());

    // What the folder has checked out needs no worktree.
    let main = on_branch(&home, &project, "main");
    assert_eq!((main.worktree, main.working_dir), (None, project.display().to_string()));
    for (branch, says) in [("a..b", "cannot be the name"), ("--force", "cannot be")] {
        let refused = home.synk(&[
            "new",
            "--project",
            project.to_str().unwrap(),
            &format!("--branch={branch}"),
        ]);
        assert_eq!(refused.code, 2, "{}", refused.stderr);
        assert!(refused.stderr.contains(says), "{}", refused.stderr);
    }
    let outside = home.synk(&["new", "--project", "/", "--branch", "x"]);
    assert!(outside.stderr.contains("not in a git repository"), "{}", outside.stderr);
}

#[test]
fn what_was_removed_comes_back() {
    let home = home();
    let project = project(&home, "app");
    let session = on_branch(&home, &project, "work");
    let worktree = PathBuf::from(session.worktree.unwrap());
    fs::write(worktree.join("README"), "edited\n").unwrap();
    fs::write(worktree.join("new"), "untracked\n").unwrap();
    fs::write(worktree.join(".env"), "SECRET=2").unwrap();
    home.ok(&["kill", &session.session_id.to_string()]);
    home.ok(&["worktree", "rm", "work", "--branch"]);
    assert!(!worktree.exists());
    assert_eq!(git(&project, &["branch", "--list", "work"]), "");
    assert_eq!(worktrees(&home), []);
    home.ok(&["stop"]);
    let entries = trash(&home);
    assert_eq!((entries.len(), entries[0].files), (1, 2));
    let back = home.ok(&["trash", "restore", &entries[0].id]);
    assert_eq!(back.trim_end(), worktree.display().to_string());
    assert_eq!(fs::read_to_string(worktree.join("README")).unwrap(), "edited\n");
    assert_eq!(fs::read_to_string(worktree.join("new")).unwrap(), "untracked\n");
    assert_eq!(fs::read_to_string(worktree.join(".env")).unwrap(), "SECRET=2");
    assert_eq!(git(&worktree, &["branch", "--show-current"]), "work");
    assert_eq!(home.synk(&["trash", "restore", "nothing"]).code, 3);
    assert_eq!(home.ok(&["trash", "empty", "--older-than", "1h"]), "0 forgotten\n");
    assert_eq!(home.ok(&["trash", "empty"]), "1 forgotten\n");
    assert_eq!(trash(&home), []);
}

#[test]
fn a_program_that_works_there_keeps_a_worktree() {
    let home = home();
    let project = project(&home, "app");
    let session = on_branch(&home, &project, "busy");
    let worktree = session.worktree.unwrap();
    home.ok(&["kill", &session.session_id.to_string()]);
    let mut sleeper = Command::new("sleep").arg("1000").current_dir(&worktree).spawn().unwrap();
    let refused = home.synk(&["worktree", "rm", &worktree]);
    assert_eq!(refused.code, 5, "{}", refused.stderr);
    assert!(refused.stderr.contains(&format!("process {}", sleeper.id())), "{}", refused.stderr);
    sleeper.kill().unwrap();
    sleeper.wait().unwrap();
    home.ok(&["worktree", "rm", &worktree]);
    let own = home.synk(&["worktree", "rm", project.to_str().unwrap()]);
    assert_eq!(own.code, 3, "{}", own.stderr);
    assert!(project.exists());
}

#[test]
fn changes_are_shown_and_merged() {
    let home = home();
    let project = project(&home, "app");
    let session = on_branch(&home, &project, "change");
    let id = session.session_id.to_string();
    let worktree = PathBuf::from(session.worktree.unwrap());
    fs::write(worktree.join("README"), "second\n").unwrap();
    fs::write(worktree.join("odd \u{1b}[31mname"), "\u{1b}[2Jno newline").unwrap();
    let files: Vec<FileDiff> = serde_json::from_str(&home.ok(&["diff", &id, "--json"])).unwrap();
    assert_eq!(files.len(), 2);
    let patch = home.ok(&["diff", &id]);
    assert!(
        patch.contains("--- a/README\n+++ b/README\n@@ -1,1 +1,1 @@\n-first\n+second\n"),
        "{patch}"
    );
    assert!(!patch.contains('\u{1b}'), "{patch}");
    assert!(home.ok(&["diff", &id, "--stat", "README"]).contains("+1 -1"));

    let dirty = home.synk(&["merge", &id]);
    assert_eq!(dirty.code, 5, "{}", dirty.stderr);
    git(&worktree, &["add", "--all"]);
    git(&worktree, &["commit", "--quiet", "--message", "second"]);
    let held = home.synk(&["merge", &id, "--strategy", "squash"]);
    assert_eq!(held.code, 5, "{}", held.stderr);
    assert!(held.stderr.contains("--update-checkout"), "{}", held.stderr);
    assert_eq!(fs::read_to_string(project.join("README")).unwrap(), "first\n");
    home.ok(&["merge", &id, "--strategy", "squash", "-m", "as one", "--update-checkout"]);
    assert_eq!(fs::read_to_string(project.join("README")).unwrap(), "second\n");
    assert_eq!(git(&project, &["log", "--format=%s"]), "as one\nfirst");
    assert_eq!(git(&project, &["status", "--porcelain"]), "");

    let other = on_branch(&home, &project, "other");
    let other_id = other.session_id.to_string();
    let place = PathBuf::from(other.worktree.unwrap());
    fs::write(place.join("README"), "third\n").unwrap();
    git(&place, &["commit", "--quiet", "--all", "--message", "third"]);
    fs::write(worktree.join("README"), "fourth\n").unwrap();
    git(&worktree, &["commit", "--quiet", "--all", "--message", "fourth"]);
    let conflict = home.synk(&["merge", &other_id, "--into", "change", "--update-checkout"]);
    assert_eq!(conflict.code, 5, "{}", conflict.stderr);
    assert!(conflict.stderr.contains("\n  README"), "{}", conflict.stderr);
    assert_eq!(git(&worktree, &["status", "--porcelain"]), "");
    assert_eq!(fs::read_to_string(worktree.join("README")).unwrap(), "fourth\n");
    wait_for("sessions that still run", || (home.sessions().len() == 2).then_some(()));
}

#[test]
fn twelve_are_made_in_one_go() {
    let home = home();
    let project = project(&home, "app");
    let children: Vec<_> = (0..12)
        .map(|number| {
            let branch = format!("agent/{number}");
            let args = ["new", "--json", "--pane", "--branch", &branch, "--project"];
            let mut command = home.command(&[&args[..], &[project.to_str().unwrap()]].concat());
            command.stdout(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    let mut places: Vec<_> = home.sessions().into_iter().map(|one| one.worktree.unwrap()).collect();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), 12);
    git(&project, &["fsck", "--strict"]);

    // The same branch for two at once: one gets it, the other is told who has it.
    home.ok(&["kill", &home.sessions()[0].session_id.to_string()]);
    let two: Vec<_> = (0..2)
        .map(|_| {
            let args = ["new", "--branch", "one", "--project", project.to_str().unwrap()];
            home.command(&args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let ended: Vec<_> = two.into_iter().map(|one| one.wait_with_output().unwrap()).collect();
    let mut codes: Vec<_> = ended.iter().map(|one| one.status.code().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 5], "{ended:?}");
}

/// The next thing that happens in a repository and is of that kind.
async fn next(events: &mut mpsc::Receiver<Event>, kind: GitEventKind) -> GitEvent {
    find_event(events, |event| match event {
        Event::GitEvent(event) if event.kind == kind => Some(event.clone()),
        _ => None,
    })
    .await
}

/// The next overlaps that are told and that `wanted` accepts.
async fn overlaps(
    events: &mut mpsc::Receiver<Event>,
    wanted: impl Fn(&[Overlap]) -> bool,
) -> Vec<Overlap> {
    find_event(events, |event| match event {
        Event::GitOverlaps(now) if wanted(&now.overlaps) => Some(now.overlaps.clone()),
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

#[tokio::test]
async fn twelve_watched_worktrees_cost_nothing_at_rest() {
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
    let daemon = home.daemon_pid();
    let seconds = rounds(10);
    let before = processes::ticks(daemon);
    tokio::time::sleep(Duration::from_secs(seconds.into())).await;
    let used = processes::ticks(daemon) - before;
    println!("{used} ticks of 10 ms in {seconds} s");
    assert!(used * 200 <= u64::from(seconds) * 100, "0.5 % at the most");
}

#[test]
fn what_a_project_wants_to_run_is_shown_first_and_runs_when_agreed_to() {
    let home = home();
    let project = project(&home, "app");
    let scripts = |setup: &str| {
        let text = format!(
            "[worktree]\nsetup = {setup:?}\nteardown = 'echo $SYNK_WORKTREE >>$SYNK_PROJECT/gone'\n"
        );
        fs::write(project.join("synk.toml"), text).unwrap();
        git(&project, &["add", "--all"]);
        git(&project, &["commit", "--quiet", "--message", "scripts"]);
    };
    scripts("echo set up in $PWD; touch made; echo ran >>$SYNK_PROJECT/ran");
    let ran = || fs::read_to_string(project.join("ran")).unwrap_or_default().lines().count();
    let new = |branch: &str, more: &[&str]| {
        let args = ["new", "--json", "--project", project.to_str().unwrap(), "--branch", branch];
        home.synk(&[&args[..], more].concat())
    };
    let asked = new("one", &[]);
    assert_eq!(asked.code, 8, "{}", asked.stderr);
    for words in ["echo set up in $PWD", "echo $SYNK_WORKTREE", "--set-up"] {
        assert!(asked.stderr.contains(words), "{}", asked.stderr);
    }
    assert_eq!((ran(), home.sessions().len()), (0, 0));
    let one = new("one", &["--set-up"]);
    let one: SessionInfo = serde_json::from_str(&one.stdout).expect(&one.stderr);
    let place = PathBuf::from(one.worktree.unwrap());
    assert!(place.join("made").exists());
    assert_eq!(ran(), 1);
    // Agreed to: for the next as well, and not twice for the same.
    home.ok(&["kill", &one.session_id.to_string()]);
    for branch in ["one", "two"] {
        assert_eq!(new(branch, &[]).code, 0);
    }
    assert_eq!(ran(), 2);
    assert_eq!(new("three", &["--no-set-up"]).code, 0);
    assert_eq!(ran(), 2);
    // Other words are another question.
    scripts("echo changed; exit 3");
    assert_eq!(new("four", &[]).code, 8);
    assert_eq!(new("four", &["--set-up"]).code, 0, "it is usable all the same");
    for session in home.sessions() {
        home.ok(&["kill", &session.session_id.to_string()]);
    }
    fs::remove_file(project.join("gone")).ok();
    for branch in ["one", "three"] {
        home.ok(&["worktree", "rm", branch]);
    }
    // The words of the one are agreed to no more, and the other was never set up.
    assert!(!project.join("gone").exists());
    git(&project, &["revert", "--no-edit", "HEAD"]);
    assert_eq!(new("five", &["--set-up"]).code, 0);
    home.ok(&["kill", &home.sessions()[0].session_id.to_string()]);
    home.ok(&["worktree", "rm", "five"]);
    let gone = fs::read_to_string(project.join("gone")).unwrap();
    assert!(gone.trim_end().ends_with("/five"), "{gone}");
}

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
        wait_for("git to be done", || {
            let index = project.join(".git/worktrees");
            let busy = fs::read_dir(index).unwrap().flatten();
            let mut busy = busy.filter(|one| one.path().join("index.lock").exists());
            busy.next().is_none().then_some(())
        });
        times.push(create(format!("r{round}")).await);
    }
    let ready_ones = median(times);
    println!("ready {ready_ones:?}");
    assert!(ready_ones < Duration::from_millis(100), "{ready_ones:?}");
    let listed = worktrees(&home);
    assert!(listed.iter().all(|one| one.branch.is_some()), "{listed:?}");

    fs::write(home.places().settings(), settings).unwrap();
    daemon.call(SetSettings { settings: serde_json::json!({}) }).await.unwrap();
    wait_for("none that is ready", || (ready() == 0).then_some(()));
}
