//! Worktrees that go, by Synk's hand or somebody else's, and what comes back of them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};
use synk_client::Daemon;
use synk_protocol::{DiscardChanges, TrashEntry};
use synk_testkit::{Home, wait_for};

use super::world::{git, home, on_branch, project, trash, worktrees};

/// A worktree with a branch that no session works in.
fn left_alone(home: &Home, project: &Path, branch: &str) -> PathBuf {
    let session = on_branch(home, project, branch);
    home.ok(&["kill", &session.session_id.to_string()]);
    PathBuf::from(session.worktree.unwrap())
}

#[test]
fn who_begins_there_while_it_is_tidied_up_keeps_a_worktree() {
    let home = home();
    let project = project(&home, "app");
    let tidy = "touch $SYNK_PROJECT/begun; until test -e $SYNK_PROJECT/go; do sleep 0.05; done";
    let scripts = format!("[worktree]\nsetup = 'true'\nteardown = '{tidy}'\n");
    fs::write(project.join("synk.toml"), scripts).unwrap();
    git(&project, &["add", "--all"]);
    git(&project, &["commit", "--quiet", "--message", "scripts"]);
    let in_project = ["--project", project.to_str().unwrap(), "--branch", "one"];
    let session = home.create(&[&in_project[..], &["--set-up", "yes"]].concat());
    home.ok(&["kill", &session.session_id.to_string()]);
    let worktree = session.worktree.unwrap();

    let mut removal = home.command(&["worktree", "rm", "one"]);
    let removal = removal.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for("the tidying up", || project.join("begun").exists().then_some(()));
    let new = home.synk(&[&["new"][..], &in_project].concat());
    assert_eq!(new.code, 5, "{}", new.stderr);
    assert!(new.stderr.contains("is being removed"), "{}", new.stderr);
    let twice = home.synk(&["worktree", "rm", "one"]);
    assert_eq!(twice.code, 5, "{}", twice.stderr);
    // By its folder anybody gets there.
    let there = home.create(&["--cwd", &worktree]).session_id.to_string();
    fs::write(project.join("go"), "").unwrap();
    let ended = removal.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(5), "{said}");
    assert!(said.contains(&format!("session {there} ")), "{said}");
    assert!(Path::new(&worktree).join("README").exists());

    home.ok(&["kill", &there]);
    home.ok(&["worktree", "rm", "one"]);
    assert!(!Path::new(&worktree).exists());
}

#[test]
fn what_is_left_of_a_removal_goes_when_the_daemon_starts() {
    let home = home();
    let project = project(&home, "app");
    let [whole, half] = ["whole", "half"].map(|branch| left_alone(&home, &project, branch));
    home.crash();
    // As a daemon leaves it that is killed while files are deleted, or before git knows of it.
    let first = whole.with_file_name(".removing-1");
    fs::create_dir_all(first.join("folder")).unwrap();
    let second = half.with_file_name(".removing-2");
    fs::rename(&half, &second).unwrap();
    home.ok(&["ls"]);
    wait_for("their end", || (!first.exists() && !second.exists()).then_some(()));
    assert!(whole.join("README").exists());
    let again = on_branch(&home, &project, "half");
    assert_eq!(again.worktree, Some(half.display().to_string()));
    assert!(half.join("README").exists());
}

#[test]
fn what_somebody_else_removed_is_forgotten_for_its_branch_alone() {
    let home = home();
    let project = project(&home, "app");
    let [gone, away] = ["to-go", "away"].map(|branch| left_alone(&home, &project, branch));
    fs::write(away.join("work"), "1").unwrap();
    git(&project, &["worktree", "lock", away.to_str().unwrap()]);
    let elsewhere = home.work().join("elsewhere");
    fs::rename(&away, &elsewhere).unwrap();
    fs::remove_dir_all(&gone).unwrap();
    on_branch(&home, &project, "other");
    let missing = || {
        let all = worktrees(&home).into_iter().filter(|one| one.missing);
        all.filter_map(|one| one.branch).collect::<Vec<_>>()
    };
    assert_eq!(missing(), ["away", "to-go"]);
    // What would be called so is called otherwise.
    let like_it = on_branch(&home, &project, "to/go").worktree.unwrap();
    assert_ne!(like_it, gone.display().to_string());

    let again = on_branch(&home, &project, "to-go");
    assert_eq!(again.worktree, Some(gone.display().to_string()));
    assert_eq!(missing(), ["away"]);
    let held = home.synk(&["new", "--project", project.to_str().unwrap(), "--branch", "away"]);
    assert_eq!(held.code, 5, "{}", held.stderr);
    assert!(held.stderr.contains("git worktree unlock"), "{}", held.stderr);
    fs::rename(&elsewhere, &away).unwrap();
    on_branch(&home, &project, "away");
    assert!(away.join("work").exists());
}

/// A project that keeps a worktree ready, and where that is.
fn with_one_ready(home: &Home) -> (PathBuf, PathBuf) {
    let settings = fs::read_to_string(home.places().settings()).unwrap();
    fs::write(home.places().settings(), settings + "[worktrees]\nprepared = 1\n").unwrap();
    let project = project(home, "app");
    let worktree = PathBuf::from(on_branch(home, &project, "one").worktree.unwrap());
    let known = || git(&project, &["worktree", "list"]);
    wait_for("one that is ready", || known().contains("/.ready-1").then_some(()));
    (project, worktree.with_file_name(".ready-1"))
}

#[test]
fn what_was_changed_in_one_that_was_ready_comes_back() {
    let home = home();
    let (project, ready) = with_one_ready(&home);
    // Which hinders it from becoming this branch.
    git(&project, &["switch", "--quiet", "--create", "other"]);
    fs::write(project.join("README"), "other\n").unwrap();
    git(&project, &["commit", "--quiet", "--all", "--message", "other"]);
    git(&project, &["switch", "--quiet", "main"]);
    fs::write(ready.join("README"), "mine\n").unwrap();
    let other = PathBuf::from(on_branch(&home, &project, "other").worktree.unwrap());
    assert_eq!(fs::read_to_string(other.join("README")).unwrap(), "other\n");
    let entry = trash(&home).pop().unwrap();
    let back = home.ok(&["trash", "restore", &entry.id]);
    assert_eq!(fs::read_to_string(Path::new(back.trim_end()).join("README")).unwrap(), "mine\n");
}

#[test]
fn what_was_committed_in_one_that_was_ready_comes_back() {
    let home = home();
    let (project, ready) = with_one_ready(&home);
    let known = || git(&project, &["worktree", "list"]);
    git(&ready, &["commit", "--quiet", "--allow-empty", "--message", "work"]);
    home.ok(&["settings", "set", "worktrees.prepared", "0"]);
    wait_for("its end", || (!ready.exists() && !known().contains("/.ready-1")).then_some(()));
    let entries = trash(&home);
    assert_eq!((entries.len(), &entries[0].branch), (1, &None));
    let back = home.ok(&["trash", "restore", &entries[0].id]);
    assert_eq!(Path::new(back.trim_end()), ready.with_file_name("restored"));
    assert_eq!(git(Path::new(back.trim_end()), &["log", "-1", "--format=%s"]), "work");
    assert!(worktrees(&home).iter().any(|one| one.path == back.trim_end()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_discard_is_undone_where_no_worktree_ever_was() {
    let home = home();
    let project = project(&home, "app");
    let session = home.create(&["--cwd", project.to_str().unwrap()]);
    fs::write(project.join("README"), "edited\n").unwrap();
    let (daemon, _events) = Daemon::connect(&home.places(), true).await.unwrap();
    let discard = DiscardChanges { session_id: session.session_id, paths: None };
    let discarded = daemon.call(discard).await.unwrap();
    let readme = || fs::read_to_string(project.join("README")).unwrap();
    assert_eq!(readme(), "first\n");
    assert_eq!(worktrees(&home), []);
    assert_eq!(trash(&home).len(), 1);
    home.ok(&["trash", "restore", &discarded.trash_id]);
    assert_eq!(readme(), "edited\n");
    home.ok(&["trash", "empty"]);
    assert_eq!(trash(&home), []);
}

#[test]
fn a_worktree_comes_back_where_synk_makes_them_wherever_it_was() {
    let home = home();
    let project = project(&home, "app");
    let worktree = left_alone(&home, &project, "work");
    home.ok(&["worktree", "rm", "work"]);
    let entry = trash(&home).remove(0);
    let name = format!("refs/synk/trash/{}", entry.id);
    let commit = git(&project, &["cat-file", "commit", &name]);
    let others = home.places().worktrees().canonicalize().unwrap().join("others-0");
    let (elsewhere, removing) = (home.work().join("elsewhere"), ".removing-1");
    // As the repository may have it.
    for place in [
        elsewhere.clone(),
        others.join("work"),
        worktree.join("below"),
        worktree.with_file_name(removing),
        worktree.with_file_name(".."),
    ] {
        let path = format!("\nPath: {}", place.display());
        let changed = commit.replace(&format!("\nPath: {}", entry.path), &path);
        assert_ne!(changed, commit);
        let file = home.work().join("commit");
        fs::write(&file, changed).unwrap();
        let id = git(&project, &["hash-object", "-t", "commit", "-w", file.to_str().unwrap()]);
        git(&project, &["update-ref", "refs/synk/trash/evil", &id]);
        let back = PathBuf::from(home.ok(&["trash", "restore", "evil"]).trim_end());
        assert_eq!(back.parent(), worktree.parent(), "{}", place.display());
        assert!(back.file_name().unwrap().to_str().unwrap().starts_with("work"));
        assert!(back.join("README").exists());
    }
    assert_eq!(worktrees(&home).len(), 5);
    assert!(!elsewhere.exists() && !others.exists() && !worktree.join("below").exists());
    assert!(!worktree.with_file_name(removing).exists());
}

#[test]
fn a_worktree_comes_back_after_its_project_has_moved() {
    let home = home();
    let project = project(&home, "app");
    let worktree = left_alone(&home, &project, "work");
    fs::write(worktree.join("new"), "1").unwrap();
    home.ok(&["worktree", "rm", "work"]);
    let moved = project.with_file_name("moved");
    fs::rename(&project, &moved).unwrap();
    let listed = home.ok(&["trash", "ls", "--project", moved.to_str().unwrap(), "--json"]);
    let entries: Vec<TrashEntry> = serde_json::from_str(&listed).unwrap();
    let back = PathBuf::from(home.ok(&["trash", "restore", &entries[0].id]).trim_end());
    assert_ne!(back.parent(), worktree.parent());
    assert_eq!(fs::read_to_string(back.join("new")).unwrap(), "1");
    assert!(worktrees(&home).iter().any(|one| Path::new(&one.path) == back));
}
