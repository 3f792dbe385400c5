//! Committing what a session has changed.
#![allow(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

mod common;

use common::{Repo, add_worktree, git, program, write};
use std::{fs, os::unix::fs::PermissionsExt};
use synk_git::{GitError, Trust, commit};

#[test]
fn all_or_some_of_the_changes_are_committed() {
    let repo = Repo::begun();
    let path = repo.beside("worktrees/x");
    add_worktree(&program(), Trust::UserOnly, &repo.top, &path, "x", None).unwrap();
    let run = |message: &str, paths: Option<&[String]>| {
        commit(&program(), Trust::UserOnly, &path, message, paths)
    };
    assert!(matches!(run("none", None), Err(GitError::Refused(_))));
    write(&path, "README", "edited\n");
    write(&path, "a *", "1");
    write(&path, "a b", "1");
    assert!(matches!(run(" ", None), Err(GitError::Refused(_))));
    let made = run("one\n\nwith a body", Some(&["a *".to_owned()])).unwrap();
    assert_eq!(git(&path, &["rev-parse", "HEAD"]).trim(), made);
    assert_eq!(git(&path, &["show", "--format=%B", "--name-only"]), "one\n\nwith a body\n\n\na *");
    assert_eq!(git(&path, &["status", "--porcelain"]), " M README\n?? \"a b\"");
    fs::remove_file(path.join("a *")).unwrap();
    run("two", None).unwrap();
    assert_eq!(git(&path, &["status", "--porcelain"]), "");
    assert_eq!(git(&path, &["ls-files"]), "README\na b");
}

#[test]
fn a_hook_that_the_user_trusts_has_its_say() {
    let repo = Repo::begun();
    let hook = repo.top.join(".git/hooks/pre-commit");
    fs::write(&hook, "#!/bin/sh\necho not on a Friday >&2; exit 1\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    repo.write("a", "1");
    let refused = commit(&program(), Trust::Repository, &repo.top, "a", None).unwrap_err();
    assert_eq!(refused.to_string(), "git commit failed: not on a Friday");
    commit(&program(), Trust::UserOnly, &repo.top, "a", None).unwrap();
}
