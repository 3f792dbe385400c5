//! The worktrees that Synk makes.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};
use synk_protocol::TrashEntry;
use synk_testkit::{Home, wait_for};

use super::world::{git, on_branch, project};

fn home(settings: &str) -> Home {
    let home = super::world::home();
    let path = home.places().settings();
    let before = fs::read_to_string(&path).unwrap();
    fs::write(path, before + settings).unwrap();
    home
}

#[test]
fn files_that_git_ignores_come_along_as_the_settings_say() {
    let home = home("[worktrees]\ncopy = ['*.local']\n");
    let project = project(&home, "app");
    fs::write(project.join(".git/info/exclude"), "*.local\n*.log\n").unwrap();
    for name in ["a.local", "b.log"] {
        fs::write(project.join(name), "1").unwrap();
    }
    let session = on_branch(&home, &project, "one");
    let has = |name: &str| Path::new(&session.working_dir).join(name).exists();
    assert_eq!(["a.local", "b.log", ".env"].map(has), [true, false, false]);
}

#[test]
fn so_many_are_kept_ready() {
    let home = home("[worktrees]\nprepared = 2\n");
    let project = project(&home, "app");
    let folder = home.places().worktrees();
    let ready = || {
        let projects = fs::read_dir(&folder).into_iter().flatten().flatten();
        let all = projects.flat_map(|one| fs::read_dir(one.path()).into_iter().flatten().flatten());
        all.filter(|one| one.file_name().to_string_lossy().starts_with(".ready-")).count()
    };
    on_branch(&home, &project, "one");
    wait_for("two that are ready", || (ready() == 2).then_some(()));
    home.ok(&["settings", "set", "worktrees.prepared", "0"]);
    wait_for("none that is ready", || (ready() == 0).then_some(()));
}

#[test]
fn a_project_that_is_trusted_has_its_hooks_run() {
    let home = home("");
    let project = project(&home, "app");
    let mark = home.work().join("mark");
    let hook = project.join(".git/hooks/commit-msg");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, format!("#!/bin/sh\necho ran >>'{}'\n", mark.display())).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let ran = || fs::read_to_string(&mark).unwrap_or_default().lines().count();
    for (branch, expected) in [("one", 0), ("two", 1)] {
        let session = on_branch(&home, &project, branch);
        fs::write(Path::new(&session.working_dir).join(branch), "1").unwrap();
        git(Path::new(&session.working_dir), &["add", "--all"]);
        git(Path::new(&session.working_dir), &["commit", "--no-verify", "-m", branch]);
        let id = session.session_id.to_string();
        home.ok(&["merge", &id, "--strategy", "squash", "-m", branch, "--update-checkout"]);
        assert_eq!(ran(), expected, "{branch}");
        let trusted = format!("[{:?}]", project.display().to_string());
        home.ok(&["settings", "set", "worktrees.trusted", &trusted]);
    }
}

#[test]
fn the_trash_is_kept_for_so_many_days() {
    let home = home("[worktrees]\ntrashDays = 2\n");
    let project = project(&home, "app");
    for branch in ["old", "new"] {
        let session = on_branch(&home, &project, branch);
        fs::write(Path::new(&session.working_dir).join("work"), "1").unwrap();
        home.ok(&["kill", &session.session_id.to_string()]);
        home.ok(&["worktree", "rm", branch]);
    }
    let trash = || -> Vec<TrashEntry> {
        serde_json::from_str(&home.ok(&["trash", "ls", "--json"])).unwrap()
    };
    let old = trash().into_iter().find(|entry| entry.branch.as_deref() == Some("old")).unwrap();
    home.ok(&["stop"]);
    home.wait_for_silence();
    // The same commit, of three days before.
    let name = format!("refs/synk/trash/{}", old.id);
    let commit = git(&project, &["cat-file", "commit", &name]);
    let before = old.at - 3 * 24 * 60 * 60 * 1000;
    let changed = commit.replace(&format!("At: {}", old.at), &format!("At: {before}"));
    assert_ne!(commit, changed);
    let mut hash = Command::new("git")
        .args(["hash-object", "-t", "commit", "-w", "--stdin"])
        .current_dir(&project)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    hash.stdin.take().unwrap().write_all(changed.as_bytes()).unwrap();
    let id = String::from_utf8(hash.wait_with_output().unwrap().stdout).unwrap();
    git(&project, &["update-ref", &name, id.trim()]);
    wait_for("the old one to go", || {
        let left: Vec<_> = trash().into_iter().filter_map(|entry| entry.branch).collect();
        (left == ["new"]).then_some(())
    });
}
