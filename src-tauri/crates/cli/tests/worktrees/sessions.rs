//! Worktrees of sessions: made, held, compared, merged, removed and brought back.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Stdio},
};
use synk_protocol::FileDiff;
use synk_testkit::wait_for;

use super::world::{git, home, on_branch, project, trash, worktrees};

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
fn what_is_left_of_a_merge_is_removed_when_the_daemon_starts() {
    let home = home();
    let project = project(&home, "app");
    let worktree = PathBuf::from(on_branch(&home, &project, "work").worktree.unwrap());
    home.crash();
    let merging = worktree.ancestors().nth(2).unwrap().join(".merging");
    // As a daemon leaves it that is killed while git works.
    let left = merging.join("synk-merge-1-0");
    git(&project, &["worktree", "add", "--quiet", "--detach", left.to_str().unwrap()]);
    fs::write(left.join("README"), "<<<<<<<\n").unwrap();
    let half_made = merging.join("synk-merge-1-1");
    fs::create_dir(&half_made).unwrap();
    home.ok(&["ls"]);
    wait_for("their end", || (!left.exists() && !half_made.exists()).then_some(()));
    let known = || git(&project, &["worktree", "list", "--porcelain"]);
    wait_for("git to know nothing of it", || (!known().contains("synk-merge")).then_some(()));
    assert!(known().contains("refs/heads/work"), "{}", known());
    assert!(worktree.join("README").exists());
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
fn nothing_is_made_for_a_session_that_cannot_be() {
    let home = home();
    let settings =
        "[pool]\ninitialSize = 0\nmaxActive = 1\n[agents.custom.ghost]\ncommand = 'not-there'\n";
    fs::write(home.places().settings(), settings).unwrap();
    let project = project(&home, "app");
    let in_project = ["new", "--project", project.to_str().unwrap(), "--branch"];
    let ghost = home.synk(&[&in_project[..], &["g", "--agent", "ghost"]].concat());
    assert_eq!(ghost.code, 6, "{}", ghost.stderr);
    home.create(&["--pane"]);
    let full = home.synk(&[&in_project[..], &["full", "--pane"]].concat());
    assert_eq!(full.code, 4, "{}", full.stderr);
    assert_eq!(worktrees(&home), []);
    assert_eq!(git(&project, &["branch", "--format=%(refname:short)"]), "main");
}
