//! A home, a project in it, and sessions on its branches.
#![allow(dead_code, reason = "each program of tests uses its own part")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use synk_protocol::{Event, Overlap, SessionInfo, TrashEntry, WorktreeInfo};
use synk_testkit::{Home, find_event};
use tokio::sync::mpsc;

pub(crate) fn home() -> Home {
    let home = Home::without_pool(env!("CARGO_BIN_EXE_synk"));
    let identity = "[user]\nname = A\nemail = a@example.org\n";
    fs::write(home.work().join(".gitconfig"), identity).unwrap();
    home
}

#[track_caller]
pub(crate) fn git(folder: &Path, args: &[&str]) -> String {
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
pub(crate) fn project(home: &Home, name: &str) -> PathBuf {
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

pub(crate) fn on_branch(home: &Home, project: &Path, branch: &str) -> SessionInfo {
    home.create(&["--project", project.to_str().unwrap(), "--branch", branch])
}

pub(crate) fn worktrees(home: &Home) -> Vec<WorktreeInfo> {
    serde_json::from_str(&home.ok(&["worktree", "ls", "--json"])).unwrap()
}

pub(crate) fn trash(home: &Home) -> Vec<TrashEntry> {
    serde_json::from_str(&home.ok(&["trash", "ls", "--json"])).unwrap()
}

/// The next overlaps that are told and that `wanted` accepts.
pub(crate) async fn overlaps(
    events: &mut mpsc::Receiver<Event>,
    wanted: impl Fn(&[Overlap]) -> bool,
) -> Vec<Overlap> {
    find_event(events, |event| match event {
        Event::GitOverlaps(now) if wanted(&now.overlaps) => Some(now.overlaps.clone()),
        _ => None,
    })
    .await
}
